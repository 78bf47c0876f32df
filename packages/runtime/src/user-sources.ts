// Knows the user's source files by the places that stack traces name.
//
// Rule: names of sources are relative to the user's project; no directory of this machine leaves here.

import { SourceMap, type SourceMapPayload } from "node:module";
import { homedir } from "node:os";
import { isAbsolute, relative, resolve, sep } from "node:path";

export interface SourcePosition {
  /** Path relative to the project's root, with `/`. */
  readonly source: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface UserSources {
  /** Where a stack frame lies in the user's sources; undefined if it is not the user's code. */
  locate(file: string, line: number, column: number): SourcePosition | undefined;
  /** The text of a source, if it is known. */
  textOf(source: string): string | undefined;
  /** The text without directories of this machine. */
  withoutPaths(text: string): string;
}

/**
 * The sources of a bundled program.
 *
 * @param programPath - the bundle; sources lie, as Node shows them, relative to its directory.
 * @param mapJson - its source map, or nothing: then the bundle itself is the only source.
 */
export function programSources(programPath: string, mapJson?: string): UserSources {
  const dir = resolve(programPath, "..");
  const payload = mapJson === undefined ? undefined : (JSON.parse(mapJson) as SourceMapPayload);
  const nameOf = (source: string) => nameWithin(dir, resolve(dir, source.replace(/^file:\/\//, "")), source);
  const byPath = new Map(payload?.sources.map((source) => [resolve(dir, source.replace(/^file:\/\//, "")), nameOf(source)]));
  const texts = new Map(payload?.sources.map((source, index) => [nameOf(source), payload.sourcesContent?.[index]]));
  let map: SourceMap | undefined;
  const locateInBundle = (line: number, column: number): SourcePosition | undefined => {
    if (!payload) return { source: nameWithin(dir, programPath), line, column };
    map ??= new SourceMap(payload);
    const entry = map.findEntry(line - 1, column - 1);
    if (!("originalSource" in entry)) return undefined;
    return { source: nameOf(entry.originalSource), line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
  return {
    locate(file, line, column) {
      if (file === programPath) return locateInBundle(line, column);
      const source = byPath.get(file);
      return source === undefined ? undefined : { source, line, column };
    },
    textOf: (source) => texts.get(source),
    withoutPaths: (text) => withoutDirectories(text, dir),
  };
}

/** The sources of a program that runs as it lies in its project: everything below `rootDir` that is not Node's own. */
export function projectSources(rootDir: string): UserSources {
  return {
    locate(file, line, column) {
      return isAbsolute(file) ? { source: nameWithin(rootDir, file), line, column } : undefined;
    },
    textOf: () => undefined,
    withoutPaths: (text) => withoutDirectories(text, rootDir),
  };
}

/** A path below the root as such; a package's file from its `node_modules` on; `fallback` for others. */
function nameWithin(root: string, path: string, fallback?: string): string {
  const name = relative(root, path).split(sep).join("/");
  if (!name.startsWith("../")) return name;
  const modules = path.split(sep).join("/").lastIndexOf("/node_modules/");
  if (modules >= 0) return path.slice(modules + 1).split(sep).join("/");
  return fallback !== undefined && !isAbsolute(fallback) ? fallback : withoutDirectories(path, root);
}

function withoutDirectories(text: string, root: string): string {
  const short = root.length > 1 ? text.replaceAll(`file://${root}/`, "").replaceAll(`${root}/`, "") : text;
  const home = homedir();
  return home.length > 1 ? short.replaceAll(`file://${home}/`, "~/").replaceAll(`${home}/`, "~/") : short;
}
