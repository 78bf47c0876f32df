// What was committed since the store's own file had everything, a second time, in a file beside it. SQLite drops without a
// word what lies behind a damaged place of its write-ahead log, and takes an empty file for a new one; this file knows how
// many commits there were, and has the last of them.
//
// Invariants:
//   J1. A commit is noted only when it is on disk: of what this file knows, the store lacks nothing that no fault took.
//   J2. Notes stand in order without a gap: behind one that could not be written there is none until the file is begun anew.
//   J3. The file is begun anew only when the store's own file has everything.
// A note is written, not synced: it outlives the process, and behind a power cut the store may be ahead of it.
//
// Format: lines, each with its CRC-32 in front. The first says how many commits the store's own file has, each other is one.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { checksumOf } from "./sealed-text.ts";

/** A row as a commit left it. */
export interface CommittedRow {
  readonly number: number;
  readonly jobId: string;
  /** Sealed, as in the store. */
  readonly record: string;
  /** Absent: as it was. */
  readonly submission?: string;
}

interface Note {
  readonly commit: number;
  readonly rows: readonly CommittedRow[];
}

export const journalPathOf = (storePath: string): string => `${storePath}.commits`;

/** Notes that were found. */
export class FoundJournal {
  /** Commits up to this one are in the store's own file. */
  readonly #from: number;
  readonly #notes: ReadonlyMap<number, readonly CommittedRow[]>;
  /** The last commit that it knows of. */
  readonly last: number;

  private constructor(from: number, notes: ReadonlyMap<number, readonly CommittedRow[]>) {
    this.#from = from;
    this.#notes = notes;
    this.last = Math.max(from, ...notes.keys());
  }

  /** Undefined: there is none, or not one line of it is whole. Damaged notes are left out, as is a last one that was cut. */
  static read(storePath: string): FoundJournal | undefined {
    const whole = textOf(journalPathOf(storePath)).split("\n").flatMap((line) => {
      const text = line.slice(9);
      return line !== "" && sealedLine(text) === `${line}\n` ? [JSON.parse(text) as Note | { readonly from: number }] : [];
    });
    if (whole.length === 0) return undefined;
    const notes = whole.flatMap((each) => ("commit" in each ? [[each.commit, each.rows] as const] : []));
    const first = whole[0]!;
    return new FoundJournal("from" in first ? first.from : first.commit, new Map(notes));
  }

  /** The rows of the commits behind `commit`, in their order; undefined if it does not have them all. */
  rowsBehind(commit: number): readonly CommittedRow[] | undefined {
    if (commit < this.#from) return undefined;
    const found = Array.from({ length: Math.max(0, this.last - commit) }, (_, i) => this.#notes.get(commit + 1 + i));
    return found.every((rows) => rows !== undefined) ? found.flat() : undefined;
  }
}

export class CommitJournal implements Disposable {
  readonly #path: string;
  #file: number | undefined;
  #bytes = 0;
  #dueBytes = longestBytes;

  constructor(storePath: string) {
    this.#path = journalPathOf(storePath);
  }

  /** Whether it is to be begun anew before the next note: it has become long, or could not be written. */
  get isDue(): boolean {
    return this.#file === undefined || this.#bytes > this.#dueBytes;
  }

  /** The store's log cannot be taken in yet: somebody reads it. */
  postpone(): void {
    this.#dueBytes = this.#bytes + longestBytes;
  }

  /** @param from - commits up to this one are in the store's own file (J3). */
  begin(from: number): void {
    this[Symbol.dispose]();
    const file = openSync(`${this.#path}.new`, "w", 0o600);
    try {
      this.#bytes = writeSync(file, sealedLine(JSON.stringify({ from })));
      fsyncSync(file);
      renameSync(`${this.#path}.new`, this.#path);
      this.#file = file;
      this.#dueBytes = longestBytes;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  note(commit: number, rows: readonly CommittedRow[]): void {
    if (this.#file === undefined) return;
    const line = Buffer.from(sealedLine(JSON.stringify({ commit, rows } satisfies Note)));
    try {
      if (writeSync(this.#file, line) === line.length) {
        this.#bytes += line.length;
        return;
      }
    } catch {
      // the disk is full, say: the store has the commit
    }
    this[Symbol.dispose](); // J2
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Behind so much the store's log is taken into its file. */
const longestBytes = 4 * 2 ** 20;

const sealedLine = (text: string): string => `${checksumOf(text)} ${text}\n`;

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** 0: it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
