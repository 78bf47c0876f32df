// Evaluates a user's program in this process, as if it had been started by itself.

import { projectDirVariable } from "@sage/core";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProgramFiles } from "./program-files.ts";

/**
 * Imports a program. Its stack traces show the user's sources, and `process.argv[1]` is what its main module's
 * `import.meta.url` says, so that "am I the main module?" is answered with yes: the source, where the project that the
 * job's environment names (`PIPELINE_PROJECT_DIR`) is on this host, else the bundle.
 *
 * What it submits goes to the installed host (`installHost` of @sage/graph): install it before.
 *
 * @param argv - the program's own arguments.
 * @returns the module's exports, once its evaluation has ended.
 */
export async function importProgram(program: ProgramFiles, argv: readonly string[] = []): Promise<Readonly<Record<string, unknown>>> {
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, mainPath(program), ...argv];
  return (await import(/* @vite-ignore */ program.url)) as Record<string, unknown>;
}

function mainPath({ entry, path }: ProgramFiles): string {
  const projectDir = process.env[projectDirVariable];
  const main = projectDir === undefined || entry === undefined ? "" : join(projectDir, entry);
  return main !== "" && existsSync(main) ? main : path;
}
