// Puts a bundle where Node can import it, for the time that it runs.
//
// Invariants:
//   P1. The folder is named after this host and process: what a killed run has left is removed by the next one of the
//       same user, what a living one uses never is.

import { projectDirVariable } from "@sage/core";
import type { ProgramBundle } from "@sage/jobmanager-client/bundle";
import { writeProgram } from "@sage/runtime/program-files";
import { lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

export interface PlacedProgram extends AsyncDisposable {
  readonly path: string;
}

/** The map beside it names the sources where they lie, so that Node's stack traces do. */
export async function placeProgram(bundle: ProgramBundle): Promise<PlacedProgram> {
  const swept = sweepRunFolders();
  const dir = await mkdtemp(join(tmpdir(), `${prefixHere()}${process.pid}-`));
  const { path } = await writeProgram({ bundle: bundle.code, sourceMap: bundle.sourceMap }, dir, {
    sourceRoot: `${pathToFileURL(bundle.projectDir).href}/`,
    ...(bundle.externals.length > 0 ? { modulesNear: dirname(bundle.entry) } : {}),
  });
  await swept;
  const formerProject = process.env[projectDirVariable];
  process.env[projectDirVariable] = bundle.projectDir;
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      if (formerProject === undefined) delete process.env[projectDirVariable];
      else process.env[projectDirVariable] = formerProject;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Several hosts or containers may share a directory for temporary files, but not their processes' numbers. */
const prefixHere = (): string => `sage-run-${hostname().replace(/[^\w.-]/g, "_")}-`;

/** Removes this user's folders of processes that have ended on this host; what cannot be removed stays. */
async function sweepRunFolders(): Promise<void> {
  const prefix = prefixHere();
  const names = await readdir(tmpdir()).catch(() => []);
  await Promise.all(names.filter((name) => name.startsWith(prefix)).map(async (name) => {
    const pid = /^(\d+)-\w+$/.exec(name.slice(prefix.length))?.[1];
    if (pid === undefined || isAlive(Number(pid))) return;
    const path = join(tmpdir(), name);
    const facts = await lstat(path).catch(() => undefined);
    if (facts?.isDirectory() && facts.uid === process.getuid?.()) await rm(path, { recursive: true, force: true }).catch(() => {});
  }));
}

/** A process of another user counts as alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
