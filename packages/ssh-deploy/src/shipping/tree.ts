// Reads a project's files into a manifest: what is included, minus what is excluded or ignored.
import { createHash, hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync, type Dirent } from "node:fs";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { globToRegExp } from "./glob.ts";
import { HashCache } from "./hash-cache.ts";
import { isIgnored, parseIgnoreFile, type IgnoreRule } from "./ignore-rules.ts";
import { makeManifest, type FileEntry, type Manifest, type ManifestLimits } from "./manifest.ts";

export interface Tree {
  readonly manifest: Manifest;
  /** Where the content of each path of the manifest is: a file of this machine, or the bytes. */
  readonly sources: ReadonlyMap<string, string | Uint8Array>;
  /** What was left behind though nobody asked for it: links out of the tree, sockets, devices. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
}

export interface ReadTreeOptions extends ManifestLimits {
  /** Globs relative to the root; default `**`. */
  readonly include?: readonly string[];
  /** Globs relative to the root; they beat everything. Default {@link defaultExcludes}. */
  readonly exclude?: readonly string[];
  /** Names of files with more rules, in every folder; later ones beat earlier ones. Default .gitignore, .sageignore. */
  readonly ignoreFiles?: readonly string[];
  /** File of remembered hashes (see hash-cache.ts); unset: every file is read. */
  readonly cachePath?: string;
  readonly signal?: AbortSignal;
}

/** Left out whatever is configured: repositories, installed packages, caches, and files that hold secrets. */
export const defaultExcludes: readonly string[] = [
  "**/.git/**", "**/node_modules/**", "**/__pycache__/**", "**/.venv/**", "**/.env*", "**/.sage/**", "**/.ssh/**", "**/.DS_Store", "**/*.pyc", "**/id_rsa", "**/id_ed25519",
];

const readAtOnceBytes = 4 * 1024 * 1024;
/** Contents of small trees are kept from the first reading: they go to many hosts. */
const keptBytes = 32 * 1024 * 1024;

/** @throws TreeRefusedError; an error of the file system for what cannot be read. */
export async function readTree(root: string, options: ReadTreeOptions = {}): Promise<Tree> {
  const include = anyOf(options.include ?? ["**"]);
  const exclude = anyOf([...new Set([...defaultExcludes, ...(options.exclude ?? [])])]);
  const takesAll = (options.include ?? ["**"]).includes("**");
  const ignoreFiles = options.ignoreFiles ?? [".gitignore", ".sageignore"];
  const realRoot = realpathSync(root);
  const cache = options.cachePath === undefined ? undefined : HashCache.open(options.cachePath);
  const entries: FileEntry[] = [];
  const sources = new Map<string, string | Uint8Array>();
  let kept = 0;
  const skipped: { path: string; why: string }[] = [];
  const skip = (path: string, why: string) => void skipped.push({ path, why });
  let untilPause = 200;

  const walk = async (folder: string, above: readonly IgnoreRule[]): Promise<void> => {
    const items = readdirSync(join(realRoot, folder), { withFileTypes: true });
    const names = new Set(items.map((item) => item.name));
    const rules = [...above, ...ignoreFiles.filter((name) => names.has(name)).flatMap((name) => parseIgnoreFile(readFileSync(join(realRoot, folder, name), "utf8"), folder))];
    for (const item of items) {
      const path = folder === "" ? item.name : `${folder}/${item.name}`;
      if (exclude.test(path)) continue;
      if (isIgnored(rules, path, item.isDirectory())) continue;
      if (item.isDirectory()) {
        await walk(path, rules);
        continue;
      }
      if (!takesAll && !include.test(path)) continue;
      const file = join(realRoot, path);
      if (!isPlainFile(item, file, realRoot, (why) => skip(path, why))) continue;
      const { entry, content } = readEntry(file, path, cache);
      entries.push(entry);
      const keeps = content !== undefined && kept + content.byteLength <= keptBytes;
      if (keeps) kept += content.byteLength;
      sources.set(path, keeps ? content : file);
      if (--untilPause === 0) {
        await setImmediate(); // other work, and the signal, get their turn
        options.signal?.throwIfAborted();
        untilPause = 200;
      }
    }
  };
  await walk("", []);
  cache?.save();
  return { manifest: makeManifest(entries, options), sources, skipped };
}

/** A tree of things that were made here: bundles, modules, notes. */
export function treeOf(files: readonly { readonly path: string; readonly content: Uint8Array; readonly executable?: boolean }[]): Tree {
  return {
    manifest: makeManifest(files.map(({ path, content, executable = false }) => ({ path, sha256: hash("sha256", content, "hex"), bytes: content.byteLength, executable }))),
    sources: new Map(files.map(({ path, content }) => [path, content])),
    skipped: [],
  };
}

const anyOf = (globs: readonly string[]) => new RegExp(globs.map((glob) => globToRegExp(glob, { braces: true }).source).join("|") || "(?!)", "s");

/** Links are followed to files inside of the tree; nothing else but files is shipped. */
function isPlainFile(item: Dirent, file: string, realRoot: string, skip: (why: string) => void): boolean {
  if (item.isFile()) return true;
  if (!item.isSymbolicLink()) return skip("is neither a file nor a folder"), false;
  try {
    const target = realpathSync(file);
    if (!target.startsWith(realRoot + sep)) return skip("is a link out of the tree"), false;
    if (!statSync(target).isFile()) return skip("is a link to something else than a file"), false;
    return true;
  } catch {
    return skip("is a link to nothing"), false;
  }
}

function readEntry(file: string, path: string, cache: HashCache | undefined): { readonly entry: FileEntry; readonly content: Uint8Array | undefined } {
  const before = cache && statSync(file);
  const known = before && cache.find(path, before);
  if (known !== undefined) return { entry: { path, sha256: known, bytes: before!.size, executable: (before!.mode & 0o100) !== 0 }, content: undefined };
  const read = readWhole(file, path);
  if (before?.size === read.entry.bytes) cache?.add(path, before, read.entry.sha256);
  return read;
}

function readWhole(file: string, path: string): { readonly entry: FileEntry; readonly content: Uint8Array | undefined } {
  const fd = openSync(file, "r");
  try {
    const { size, mode } = fstatSync(fd);
    const executable = (mode & 0o100) !== 0;
    if (size > readAtOnceBytes) return { entry: { path, ...hashFile(file), executable }, content: undefined };
    const content = Buffer.allocUnsafeSlow(size);
    let bytes = 0;
    for (let read = -1; read !== 0 && bytes < size; bytes += read) read = readSync(fd, content, bytes, size - bytes, null);
    const whole = bytes === size ? content : content.subarray(0, bytes);
    return { entry: { path, sha256: hash("sha256", whole, "hex"), bytes, executable }, content: whole };
  } finally {
    closeSync(fd);
  }
}

/** The hash of a file of any size. */
export function hashFile(file: string): { readonly sha256: string; readonly bytes: number } {
  const digest = createHash("sha256");
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  const fd = openSync(file, "r");
  try {
    let bytes = 0;
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      digest.update(buffer.subarray(0, read));
      bytes += read;
    }
    return { sha256: digest.digest("hex"), bytes };
  } finally {
    closeSync(fd);
  }
}
