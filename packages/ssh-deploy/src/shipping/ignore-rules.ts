// .gitignore and .sageignore (gitignore(5)): which paths of a tree stay at home.
//
// Invariants:
//   G1. The last rule that matches decides; rules of a deeper folder come after those above it.
//   G2. What lies in a folder that is left out cannot be taken back in: the folder is never opened.
import { globToRegExp } from "./glob.ts";

export interface IgnoreRule {
  readonly pattern: RegExp;
  readonly negated: boolean;
  readonly foldersOnly: boolean;
}

/** @param folder - where the file lies, relative to the tree, without slashes at its ends; "" at the top. */
export function parseIgnoreFile(text: string, folder: string): IgnoreRule[] {
  return text.split("\n").flatMap((raw) => {
    let line = raw.replace(/\r$/, "").replace(/(?<!\\)[ \t]+$/, "").replace(/\\([ \t])$/, "$1");
    if (line === "" || line.startsWith("#")) return [];
    const negated = line.startsWith("!");
    if (negated) line = line.slice(1);
    const foldersOnly = line.endsWith("/");
    if (foldersOnly) line = line.slice(0, -1);
    const anchored = line.includes("/");
    line = line.replace(/^\//, "");
    if (line === "") return [];
    const inFolder = folder === "" ? "" : `${folder.replace(/[\\*?[\]]/g, "\\$&")}/`;
    // Unlike in other globs, `x/**` does not match x itself.
    const ending = line.endsWith("/**") ? `${line.slice(0, -2)}**/*` : line;
    return [{ pattern: globToRegExp(`${inFolder}${anchored ? "" : "**/"}${ending}`), negated, foldersOnly }];
  });
}

/** @param path - relative to the tree, without slashes at its ends. */
export function isIgnored(rules: readonly IgnoreRule[], path: string, isFolder: boolean): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i]!;
    if ((isFolder || !rule.foldersOnly) && rule.pattern.test(path)) return !rule.negated;
  }
  return false;
}
