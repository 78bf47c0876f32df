// Evaluates a user's program in this process, as if it had been started by itself.

import type { ProgramFiles } from "./program-files.ts";

/**
 * Imports a program. Its stack traces show the user's sources, and `process.argv[1]` is the program.
 *
 * What it submits goes to the installed host (`installHost` of @sage/graph): install it before.
 *
 * @param argv - the program's own arguments.
 * @returns the module's exports, once its evaluation has ended.
 */
export async function importProgram(program: ProgramFiles, argv: readonly string[] = []): Promise<Readonly<Record<string, unknown>>> {
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, program.path, ...argv];
  return (await import(/* @vite-ignore */ program.url)) as Record<string, unknown>;
}
