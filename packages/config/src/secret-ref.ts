// Where a secret comes from. What is loaded carries the reference; the text is fetched when it is used.
import { readFile, stat } from "node:fs/promises";
import { Secret, SageError } from "@sage/core";
import { pathFrom } from "./places.ts";

/** How a secret is written in a file. */
export type SecretSetting = string | { readonly env?: string; readonly file?: string };

export type SecretRef =
  | { readonly from: "value"; readonly secret: Secret }
  | { readonly from: "env"; readonly variable: string }
  | { readonly from: "file"; readonly path: string };

/** A secret that the configuration promises is not there, or is open to others. */
export class SecretUnavailableError extends SageError {
  constructor(what: string, hint: string, cause?: unknown) {
    super(what, { code: "SAGE_SECRET_UNAVAILABLE", fault: "user", hint, cause });
  }
}

/** @param baseDir - the folder that a relative `file` is relative to. */
export function secretRefOf(setting: SecretSetting, baseDir: string, env: NodeJS.ProcessEnv): SecretRef {
  if (typeof setting === "string") return { from: "value", secret: new Secret(setting) };
  if (setting.env !== undefined) return { from: "env", variable: setting.env };
  return { from: "file", path: pathFrom(baseDir, setting.file ?? "", env) };
}

/**
 * The secret itself. A file's last newline does not belong to it.
 *
 * @throws {@link SecretUnavailableError} if the variable is unset, or the file cannot be read or is open to others.
 */
export async function readSecret(ref: SecretRef, env: NodeJS.ProcessEnv): Promise<Secret> {
  if (ref.from === "value") return ref.secret;
  if (ref.from === "env") {
    const text = env[ref.variable];
    if (text) return new Secret(text);
    throw new SecretUnavailableError(`the environment variable ${ref.variable} is not set`, `Set ${ref.variable}, or change the key that names it.`);
  }
  try {
    if (((await stat(ref.path)).mode & 0o077) !== 0) {
      throw new SecretUnavailableError(`${ref.path} can be read by others`, `Run: chmod 600 ${ref.path}`);
    }
    return new Secret((await readFile(ref.path, "utf8")).replace(/\r?\n$/, ""));
  } catch (error) {
    if (error instanceof SecretUnavailableError) throw error;
    throw new SecretUnavailableError(`${ref.path} cannot be read`, "Create the file with mode 0600, or change the key that names it.", error);
  }
}
