// Hashes of files that were read before. A file is taken as the same while its size, times and inode are the same, as
// git and rsync take it.
//
// Invariants:
//   H1. What was changed just before it was read is not remembered: a change in the same tick of the clock would not show.
//   H2. A cache that is missing, damaged, or of another version is an empty one; one that cannot be written is no error.
import { readFileSync, renameSync, mkdirSync, writeFileSync, type Stats } from "node:fs";
import { dirname } from "node:path";

type Row = readonly [bytes: number, mtimeMs: number, ctimeMs: number, inode: number, sha256: string];

const version = 1;
/** Coarser than any file system's clock. */
const settledMs = 2_000;

export class HashCache {
  readonly #path: string;
  readonly #rows: Map<string, Row>;
  readonly #next = new Map<string, Row>();
  #isChanged = false;

  private constructor(path: string, rows: Map<string, Row>) {
    this.#path = path;
    this.#rows = rows;
  }

  static open(path: string): HashCache {
    try {
      const { version: of, rows } = JSON.parse(readFileSync(path, "utf8")) as { version?: unknown; rows?: unknown };
      if (of === version && Array.isArray(rows)) return new HashCache(path, new Map((rows as readonly [string, Row][]).filter(isRow)));
    } catch {
      // H2
    }
    return new HashCache(path, new Map());
  }

  /** The hash of a file's content, in hex; undefined: it has to be read. */
  find(path: string, stat: Stats): string | undefined {
    const row = this.#rows.get(path);
    if (!row || row[0] !== stat.size || row[1] !== stat.mtimeMs || row[2] !== stat.ctimeMs || row[3] !== stat.ino) return undefined;
    this.#next.set(path, row);
    return row[4];
  }

  /** @param stat - taken before the content was read. */
  add(path: string, stat: Stats, sha256: string): void {
    if (Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs) < settledMs) return; // H1
    this.#next.set(path, [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino, sha256]);
    this.#isChanged = true;
  }

  /** Keeps what was found or added since it was opened. */
  save(): void {
    if (!this.#isChanged && this.#next.size === this.#rows.size) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#path}.${process.pid}`, JSON.stringify({ version, rows: [...this.#next] }), { mode: 0o600 });
      renameSync(`${this.#path}.${process.pid}`, this.#path);
    } catch {
      // H2
    }
  }
}

function isRow(entry: unknown): entry is [string, Row] {
  if (!Array.isArray(entry) || typeof entry[0] !== "string" || !Array.isArray(entry[1])) return false;
  const [bytes, , , , sha256] = entry[1] as unknown[];
  return Number.isSafeInteger(bytes) && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
}
