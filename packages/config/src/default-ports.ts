// Ports that are tried where nobody has named one.

/** The daemon's door for browsers. */
export const defaultHttpPort = 19_002;
