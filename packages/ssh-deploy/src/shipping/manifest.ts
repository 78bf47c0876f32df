// What a tree consists of, as data: names, contents by hash, and what of it a host lacks.
//
// Invariants:
//   M1. Every name stays below its tree: relative, no `..`, no control character; checked before anything is sent.
//   M2. Equal trees have equal ids, on whatever machine they were read.
//   M3. Of a file's mode only the executable bit is shipped: no setuid, no sticky bit, nothing that others may write.
import { createHash } from "node:crypto";
import { SageError } from "@sage/core";

export interface FileEntry {
  /** Relative to the tree, with `/`. */
  readonly path: string;
  /** Of the content, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly executable: boolean;
}

export interface Manifest {
  /** Names the tree by all of its content: 24 hex digits. */
  readonly id: string;
  /** Sorted by path. */
  readonly entries: readonly FileEntry[];
  readonly bytes: number;
}

export interface ManifestLimits {
  /** Default 100,000. */
  readonly maxFiles?: number;
  /** Default 8 GiB. */
  readonly maxBytes?: number;
}

/** A tree that is not shipped, with every reason. */
export class TreeRefusedError extends SageError {
  readonly reasons: readonly string[];
  constructor(reasons: readonly string[]) {
    super(`the files cannot be shipped: ${reasons.slice(0, 5).join("; ")}${reasons.length > 5 ? `; and ${reasons.length - 5} more` : ""}`, {
      code: "SAGE_TREE_REFUSED", fault: "user", hint: "Rename the files, or leave them out with .sageignore or project.exclude.",
    });
    this.reasons = reasons;
  }
}

/** @throws {@link TreeRefusedError} for names that would leave the tree or clash, and for too much of everything. */
export function makeManifest(entries: readonly FileEntry[], limits: ManifestLimits = {}): Manifest {
  const { maxFiles = 100_000, maxBytes = 8 * 1024 ** 3 } = limits;
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const reasons: string[] = [];
  if (entries.length > maxFiles) reasons.push(`${entries.length} files are more than ${maxFiles}`);
  if (bytes > maxBytes) reasons.push(`${bytes} bytes are more than ${maxBytes}`);
  if (reasons.length === 0) reasons.push(...nameProblems(entries));
  if (reasons.length > 0) throw new TreeRefusedError(reasons);
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash("sha256");
  for (const entry of sorted) hash.update(`${blobName(entry)}\0${entry.path}\0`);
  return { id: hash.digest("hex").slice(0, 24), entries: sorted, bytes };
}

/** The name of a file's content in a host's store; what is executable is stored apart, since files share their modes. */
export function blobName(entry: FileEntry): string {
  return entry.executable ? `${entry.sha256}x` : entry.sha256;
}

/** One entry for each content that is not among `stored`. */
export function missingBlobs(manifest: Manifest, stored: ReadonlySet<string>): FileEntry[] {
  const missing = new Map<string, FileEntry>();
  for (const entry of manifest.entries) if (!stored.has(blobName(entry))) missing.set(blobName(entry), entry);
  return [...missing.values()];
}

/** The folders of a tree, each after the one that it lies in. */
export function foldersOf(manifest: Manifest): string[] {
  const folders = new Set<string>();
  for (const { path } of manifest.entries) for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders.add(path.slice(0, at));
  return [...folders].sort();
}

/** As `sha256sum --check` reads it. */
export function checksumLines(manifest: Manifest): string {
  return manifest.entries.map(({ sha256, path }) => (path.includes("\\") ? `\\${sha256}  ${path.replaceAll("\\", "\\\\")}\n` : `${sha256}  ${path}\n`)).join("");
}

function nameProblems(entries: readonly FileEntry[]): string[] {
  const problems: string[] = [];
  const seen = new Map<string, string>();
  const folders = new Set<string>();
  for (const { path, sha256, bytes } of entries) {
    const problem = nameProblem(path);
    if (problem !== undefined) problems.push(`${JSON.stringify(path.slice(0, 120))} ${problem}`);
    if (!/^[0-9a-f]{64}$/.test(sha256) || !Number.isSafeInteger(bytes) || bytes < 0) problems.push(`${JSON.stringify(path.slice(0, 120))} has no proper hash or size`);
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) problems.push(`${JSON.stringify(path)} and ${JSON.stringify(other)} are one file where case does not count`);
    seen.set(folded, path);
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders.add(path.slice(0, at));
  }
  for (const { path } of entries) if (folders.has(path)) problems.push(`${JSON.stringify(path)} is both a file and a folder`);
  return problems;
}

function nameProblem(path: string): string | undefined {
  if (path === "" || path.startsWith("/")) return "is not a relative path";
  if (/[\0-\x1f\x7f]/.test(path)) return "holds a control character";
  if (path.includes("\ufffd") || Buffer.from(path).toString() !== path) return "is not UTF-8";
  if (Buffer.byteLength(path) > 1024) return "is longer than 1,024 bytes";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "does not stay below its folder";
  if (parts.some((part) => Buffer.byteLength(part) > 255)) return "has a name longer than 255 bytes";
  return undefined;
}
