// Puts a bundle where Node can import it, for the time that it runs.

import { access, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectDirVariable, type ProgramBundle } from "@sage/jobmanager-client/bundle";

export interface PlacedProgram extends AsyncDisposable {
  readonly path: string;
}

/** The map beside it names the sources where they lie, so that Node's stack traces do. */
export async function placeProgram(bundle: ProgramBundle): Promise<PlacedProgram> {
  const dir = await mkdtemp(join(tmpdir(), "sage-run-"));
  const path = join(dir, "program.mjs");
  const map = JSON.parse(Buffer.from(bundle.sourceMap).toString("utf8")) as object;
  const sourceRoot = `${pathToFileURL(bundle.projectDir).href}/`;
  await Promise.all([
    writeFile(path, bundle.code),
    writeFile(`${path}.map`, JSON.stringify({ ...map, sourceRoot })),
    bundle.externals.length > 0 ? linkModules(bundle.entry, join(dir, "node_modules")) : undefined,
  ]);
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

/** Packages that are not part of the bundle are looked for beside it: shows Node those nearest to the program's source. */
async function linkModules(entry: string, link: string): Promise<void> {
  for (let dir = dirname(entry); ; dir = dirname(dir)) {
    const modules = join(dir, "node_modules");
    if (await access(modules).then(() => true, () => false)) return symlink(modules, link, "dir");
    if (dir === dirname(dir)) return undefined;
  }
}
