/** Sage's version; all packages share one. */
export const version = "0.1.0";
