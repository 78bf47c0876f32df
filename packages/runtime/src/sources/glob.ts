// Files by pattern, for Node 20, which has no glob of its own.
//
// `*` and `?` match within a name, `**` any number of directories, `[a-z]` and `[!a-z]` one character, `{a,b}` either
// text. Names that start with a dot match only a pattern that writes the dot. `**` does not follow linked directories.

import { readdir, stat } from "node:fs/promises";
import { join, parse, resolve, sep } from "node:path";
import { FileNotFoundError, NoFilesError } from "./source-errors.ts";

/**
 * All files that any of `paths` names, absolute: in the order of the paths, those of one pattern sorted by code unit,
 * each file once. The same in every process that sees the same files.
 *
 * @param paths - files or patterns; relative ones start at `baseDir`. A file whose name looks like a pattern is itself.
 * @throws {@link NoFilesError} if a pattern matches nothing, {@link FileNotFoundError} if a plain path is no file.
 */
export async function findFiles(paths: readonly string[], baseDir: string, signal: AbortSignal): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    for (const file of await filesOf(path, baseDir, signal)) found.add(file);
  }
  return [...found];
}

async function filesOf(path: string, baseDir: string, signal: AbortSignal): Promise<string[]> {
  const whole = resolve(baseDir, path);
  const kind = await kindOf(whole);
  if (kind === "file") return [whole];
  if (!/[*?[{]/.test(path)) throw new FileNotFoundError(whole, kind === "directory" ? "a directory" : "nothing");
  const files = new Set<string>();
  for (const pattern of alternativesOf(path)) {
    const full = resolve(baseDir, pattern);
    const { root } = parse(full);
    const parts = full.slice(root.length).split(sep).filter(Boolean);
    for await (const file of walk(root, parts, signal)) files.add(file);
  }
  if (files.size === 0) throw new NoFilesError(path, resolve(baseDir));
  return [...files].sort();
}

async function* walk(directory: string, parts: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  signal.throwIfAborted();
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === "**") {
    yield* walk(directory, rest.length > 0 ? rest : ["*"], signal); // `a/**` means every file below
    for (const entry of await entriesOf(directory)) {
      if (entry.isDirectory() && !entry.name.startsWith(".")) yield* walk(join(directory, entry.name), parts, signal);
    }
    return;
  }
  const names = /[*?[]/.test(part) ? await namesLike(part, directory) : [part];
  for (const name of names) {
    const path = join(directory, name);
    if (rest.length > 0) yield* walk(path, rest, signal);
    else if ((await kindOf(path)) === "file") yield path;
  }
}

async function namesLike(part: string, directory: string): Promise<string[]> {
  const pattern = nameMatcher(part);
  return (await entriesOf(directory)).map((entry) => entry.name).filter((name) => pattern.test(name));
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (isNothingThere(error)) return [];
    throw error;
  }
}

async function kindOf(path: string): Promise<"file" | "directory" | "nothing"> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch (error) {
    if (isNothingThere(error)) return "nothing";
    throw error;
  }
}

function isNothingThere(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENAMETOOLONG";
}

/** The patterns that `{a,b}` stands for, also nested; a brace without partner or comma is a character. */
export function alternativesOf(pattern: string): string[] {
  for (let open = pattern.indexOf("{"); open >= 0; open = pattern.indexOf("{", open + 1)) {
    const choices = choicesAt(pattern, open);
    if (!choices) continue;
    const [before, after] = [pattern.slice(0, open), pattern.slice(choices.end)];
    return choices.texts.flatMap((text) => alternativesOf(`${before}${text}${after}`));
  }
  return [pattern];
}

function choicesAt(pattern: string, open: number): { texts: string[]; end: number } | null {
  const texts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === "{") depth++;
    if (character === "}") depth--;
    if (depth === 0 || (depth === 1 && character === ",")) {
      texts.push(pattern.slice(from, i));
      from = i + 1;
    }
    if (depth === 0) return texts.length > 1 ? { texts, end: i + 1 } : null;
  }
  return null;
}

/** The expression that a whole file name has to match for one part of a pattern. */
export function nameMatcher(part: string): RegExp {
  let source = part.startsWith(".") ? "" : "(?!\\.)";
  for (let i = 0; i < part.length; i++) {
    const set = /^\[([!^]?)(\]?[^\]]*)\]/.exec(part.slice(i));
    if (set) {
      source += `[${set[1] ? "^" : ""}${set[2]!.replace(/[\\\]^[]/g, "\\$&")}]`;
      i += set[0].length - 1;
    } else if (part[i] === "*") {
      if (part[i + 1] !== "*") source += ".*";
    } else {
      source += part[i] === "?" ? "." : part[i]!.replace(/[\\^$.|+(){}[\]]/g, "\\$&");
    }
  }
  return new RegExp(`^${source}$`, "su");
}
