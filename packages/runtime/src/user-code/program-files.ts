// Puts a user's bundle where Node can import it, after checking that it is the one that was submitted.
//
// Invariants:
//   F1. The bundle is `program.mjs`, its source map `program.mjs.map`: the bundle's last line names the map so.
//   F2. Existing files are never overwritten: a directory holds one program.

import { createHash } from "node:crypto";
import { access, mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { programSources, type UserSources } from "../user-sources.ts";
import { ProgramDamagedError } from "./errors.ts";

export interface ProgramText {
  /** One ES module. */
  readonly bundle: Uint8Array;
  /** Its sha256 in hex; checked if given. */
  readonly bundleHash?: string;
  /** Its sources are relative to the user's project. */
  readonly sourceMap?: Uint8Array;
  readonly sourceMapHash?: string;
}

export interface ProgramFiles {
  /** The bundle's path, without symbolic links. */
  readonly path: string;
  readonly url: string;
  /** The module that was bundled, relative to the project; unknown without a source map. */
  readonly entry: string | undefined;
  readonly sources: UserSources;
}

export interface ProgramPlace {
  /** A directory in the user's project, if that is on this host: packages that cannot be bundled are taken from the `node_modules` nearest to it. */
  readonly modulesNear?: string;
  /** A URL which the map beside the program names as the place of its sources, so that Node's own stack traces do. */
  readonly sourceRoot?: string;
}

/**
 * Writes a program.
 *
 * @param dir - a directory of this program alone; made with mode 0700 if it is missing.
 * @throws ProgramDamagedError if a hash differs; an `EEXIST` if the directory holds a program already.
 */
export async function writeProgram(text: ProgramText, dir: string, { modulesNear, sourceRoot }: ProgramPlace = {}): Promise<ProgramFiles> {
  check("bundle", text.bundle, text.bundleHash);
  if (text.sourceMap) check("source map", text.sourceMap, text.sourceMapHash);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(await realpath(dir), "program.mjs");
  await writeFile(path, text.bundle, { flag: "wx", mode: 0o600 });
  const map = text.sourceMap && Buffer.from(text.sourceMap).toString("utf8");
  if (map !== undefined) await writeFile(`${path}.map`, sourceRoot === undefined ? map : rooted(map, sourceRoot), { flag: "wx", mode: 0o600 });
  if (modulesNear !== undefined) await linkModules(modulesNear, join(dirname(path), "node_modules"));
  return { path, url: pathToFileURL(path).href, entry: entryOf(map), sources: programSources(path, map) };
}

const rooted = (map: string, sourceRoot: string): string => JSON.stringify({ ...(JSON.parse(map) as object), sourceRoot });

/** A bundler puts the entry behind all that it imports. */
function entryOf(map: string | undefined): string | undefined {
  return map === undefined ? undefined : (JSON.parse(map) as { readonly sources: readonly string[] }).sources.at(-1);
}

function check(what: "bundle" | "source map", bytes: Uint8Array, expected: string | undefined): void {
  if (expected === undefined || expected === "") return;
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual !== expected) throw new ProgramDamagedError(what, expected, actual);
}

/** Node looks for packages upwards from the program: shows it the nearest `node_modules` of the project. */
async function linkModules(start: string, link: string): Promise<void> {
  for (let dir = start; ; dir = dirname(dir)) {
    const modules = join(dir, "node_modules");
    if (await access(modules).then(() => true, () => false)) return symlink(modules, link, "dir");
    if (dir === dirname(dir)) return undefined;
  }
}
