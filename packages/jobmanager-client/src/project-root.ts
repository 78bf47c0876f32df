// Where a program's project begins: what its source files are named relative to.

import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The nearest folder above `entry` that is a workspace (`pnpm-workspace.yaml`, or `workspaces` in its package.json);
 * else the nearest with a package.json; else the entry's own.
 *
 * @returns an absolute path without symbolic links, as the bundler names files.
 */
export async function projectRootOf(entry: string): Promise<string> {
  const start = dirname(await realpath(entry));
  let nearest: string | undefined;
  for (let dir = start; ; dir = dirname(dir)) {
    const manifest = await readFile(join(dir, "package.json"), "utf8").catch(() => undefined);
    if (manifest !== undefined) nearest ??= dir;
    if (isWorkspace(manifest) || (await exists(join(dir, "pnpm-workspace.yaml")))) return dir;
    if (dir === dirname(dir)) return nearest ?? start;
  }
}

function isWorkspace(manifest: string | undefined): boolean {
  if (!manifest?.includes('"workspaces"')) return false;
  try {
    return (JSON.parse(manifest) as { workspaces?: unknown }).workspaces !== undefined;
  } catch {
    return false;
  }
}

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);
