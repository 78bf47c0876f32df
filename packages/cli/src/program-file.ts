// The file that a user names as a program.

import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { ProgramNotFoundError, UsageError } from "./errors.ts";

/** Its absolute path. @throws ProgramNotFoundError, UsageError if it is no file */
export async function programFile(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ProgramNotFoundError(file);
  if (!found.isFile()) throw new UsageError(`${file} is not a file`, "Name the TypeScript file that builds the pipeline.");
  return path;
}

/** What to call a program in its progress: its file, or the folder of a `main.ts` or `index.ts`. */
export function programLabel(file: string): string {
  const name = basename(file).replace(/\.[cm]?[jt]sx?$/, "");
  return name === "main" || name === "index" ? basename(dirname(resolve(file))) : name;
}

/** `--param n=5` is the number 5; `true` and `false` are booleans; everything else is text. */
export function paramValues(pairs: Readonly<Record<string, string>>): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(pairs).map(([key, text]) => [key, paramValue(text)]));
}

function paramValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  // Only what a number prints as: an id such as 007, or 1e400, stays text.
  return text !== "" && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}
