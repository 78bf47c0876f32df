// Finds the npm packages of a bundle that load native code: they cannot travel as one file of JavaScript.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Packages whose job is to load a binary for the package that uses them. */
const loaders: ReadonlySet<string> = new Set(["bindings", "node-gyp-build", "node-gyp-build-optional-packages", "node-pre-gyp", "@mapbox/node-pre-gyp", "prebuild-install", "node-addon-api"]);

/** How packages name the variants of their binary that npm chooses from. */
const platformVariant = /(?:^|[-/@])(?:linux|darwin|win32)-(?:x64|arm64)\b/;

const packageFolder = /^(.*(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/** Name and folder of the npm package that holds a file; undefined outside of `node_modules`. */
export function packageOf(file: string): { readonly name: string; readonly dir: string } | undefined {
  const [, dir, name] = packageFolder.exec(file.replaceAll("\\", "/")) ?? [];
  return dir !== undefined && name !== undefined ? { name, dir } : undefined;
}

/**
 * Of these files' packages those that load native code, by their package.json; sorted.
 *
 * @param files - relative to `root`.
 */
export async function nativePackagesOf(files: readonly string[], root: string): Promise<string[]> {
  const dirs = new Map(files.flatMap((file) => packageOf(file) ?? []).map(({ name, dir }) => [dir, name]));
  const native = await Promise.all([...dirs].map(async ([dir, name]) => ((await isNative(join(root, dir))) ? [name] : [])));
  return [...new Set(native.flat())].sort();
}

async function isNative(dir: string): Promise<boolean> {
  const text = await readFile(join(dir, "package.json"), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  try {
    const manifest = JSON.parse(text) as { gypfile?: unknown; dependencies?: object; optionalDependencies?: object };
    return manifest.gypfile === true
      || Object.keys(manifest.dependencies ?? {}).some((name) => loaders.has(name))
      || Object.keys(manifest.optionalDependencies ?? {}).some((name) => platformVariant.test(name));
  } catch {
    return false;
  }
}
