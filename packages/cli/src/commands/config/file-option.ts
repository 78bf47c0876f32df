import type { OptionTable } from "../../options.ts";

/** Which file a command works on. */
export const fileOption = { config: { type: "string", short: "c", value: "FILE", help: "the file; default: SAGE_CONFIG, else config.yaml in Sage's home" } } as const satisfies OptionTable;

/** `{ path }` if one was named. */
export const fileOf = (options: { readonly config: string | undefined }): { readonly path?: string } => (options.config === undefined ? {} : { path: options.config });
