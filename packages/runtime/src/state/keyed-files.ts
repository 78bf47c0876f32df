// Files of keyed state. A file: a frame with what it holds, then frames of rows (each a length u32 and a batch).
//
// Format, version 2. A file of kind "keyed" holds all that its key groups have; one of kind "keyed-changes" what has
// changed in them since the files before it in the list of its instance, keys that are gone first. Version 1 had none of these.

import { isSageError } from "@sage/core";
import { decodeBatch, encodeBatch, keyGroupOf, stableHash } from "@sage/protocol/records";
import { StateDamagedError } from "../checkpoint/errors.ts";
import type { SavedState, StateFileWriter } from "../checkpoint/state-part.ts";
import type { KeyEntry } from "./keyed-state.ts";

export const version = 2;
/** Rows in a frame. */
const frameRows = 1024;

export interface Header {
  readonly version: number;
  readonly slots: readonly string[];
  readonly maxParallelism: number;
}

/** An entry on disk: its key, and a field per value that is there; or `gone`, a key that is no more. */
export type Row = Record<string, unknown>;

export const goneField = "gone";

/** Spreads rows over files by their key groups. */
export class KeyedFiles {
  readonly #files: readonly StateFileWriter[];
  readonly #maxParallelism: number;
  readonly #rows: Row[][];
  readonly #entries: KeyEntry[][];
  readonly #onFramed: (entry: KeyEntry) => void;
  readonly #fileOf: Uint16Array;
  #added = 0;

  constructor(files: readonly StateFileWriter[], bounds: readonly number[], maxParallelism: number, header: Header, onFramed: (entry: KeyEntry) => void) {
    this.#entries = files.map(() => []);
    this.#onFramed = onFramed;
    this.#files = files;
    this.#maxParallelism = maxParallelism;
    this.#rows = files.map(() => []);
    this.#fileOf = Uint16Array.from({ length: maxParallelism }, (_, group) => Math.max(0, Math.min(files.length - 1, bounds.findLastIndex((bound) => bound <= group))));
    for (const file of files) void file.append(framed([header]));
  }

  /** @param entry - hears, by `onFramed`, when the row is encoded. */
  add(row: Row, entry?: KeyEntry): Promise<void> | undefined {
    this.#added++;
    const at = this.#files.length === 1 ? 0 : this.#fileOf[keyGroupOf(stableHash(row["k"]), this.#maxParallelism)]!;
    const rows = this.#rows[at]!;
    if (entry !== undefined) this.#entries[at]!.push(entry);
    if (rows.push(row) < frameRows) return undefined;
    return this.#files[at]!.append(this.#framed(at));
  }

  /** Encodes what waits. */
  async settle(): Promise<void> {
    const full = this.#files.map((file, at) => (this.#rows[at]!.length > 0 ? file.append(this.#framed(at)) : undefined));
    await Promise.all(full.filter((wait) => wait !== undefined));
  }

  #framed(at: number): Uint8Array {
    const bytes = framed(this.#rows[at]!);
    this.#rows[at] = [];
    for (const entry of this.#entries[at]!) this.#onFramed(entry);
    this.#entries[at] = [];
    return bytes;
  }

  /** That were added. */
  get rows(): number {
    return this.#added;
  }

  async finish(): Promise<SavedState[]> {
    const saved: SavedState[] = [];
    for (const [at, file] of this.#files.entries()) {
      if (this.#rows[at]!.length > 0) await file.append(this.#framed(at));
      saved.push(await file.finish());
    }
    return saved;
  }
}

const names = Array.from({ length: 16 }, (_, slot) => `v${slot}`);
export const fieldOf = (slot: number): string => names[slot] ?? `v${slot}`;
export const timeFieldOf = (slot: number): string => `t${slot}`;

export const copyOf = (row: Row): Row => (sharesObjects(row) ? (decodeBatch(encodeBatch([row]))[0] as Row) : row);

export function sharesObjects(row: Row): boolean {
  for (const field in row) {
    const value = row[field];
    if (typeof value === "object" && value !== null) return true;
  }
  return false;
}

const lengthBytes = 4;

/** One frame of a state file. */
export function framed(records: readonly unknown[]): Uint8Array {
  const bytes = encodeBatch(records, lengthBytes);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, bytes.byteLength - lengthBytes, true);
  return bytes;
}

const sizeAt = (bytes: Uint8Array, at: number): number => lengthBytes + new DataView(bytes.buffer, bytes.byteOffset + at, lengthBytes).getUint32(0, true);
const nothing = new Uint8Array(0);

/** The frames of a state file, decoded one by one. @param what - for the error. @throws StateDamagedError */
export async function* framesIn(chunks: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<unknown[], void, undefined> {
  let begun: Uint8Array = nothing; // a frame that goes on in the next chunk
  for await (const chunk of chunks) {
    let at = 0;
    while (begun.length > 0 && at < chunk.length) {
      const wanted = begun.length < lengthBytes ? lengthBytes : sizeAt(begun, 0);
      const end = Math.min(chunk.length, at + wanted - begun.length);
      begun = Buffer.concat([begun, chunk.subarray(at, end)]);
      at = end;
      if (begun.length < lengthBytes || begun.length < sizeAt(begun, 0)) continue;
      yield decoded(begun, what);
      begun = nothing;
    }
    for (let end; at + lengthBytes <= chunk.length && (end = at + sizeAt(chunk, at)) <= chunk.length; at = end) yield decoded(chunk.subarray(at, end), what);
    if (at < chunk.length) begun = Uint8Array.from(chunk.subarray(at)); // the chunk's bytes change
  }
  if (begun.length > 0) throw new StateDamagedError(what, "it ends inside a frame");
}

function decoded(frame: Uint8Array, what: string): unknown[] {
  try {
    return decodeBatch(frame.subarray(lengthBytes));
  } catch (error) {
    if (isSageError(error) && error.code === "SAGE_BAD_FRAME") throw new StateDamagedError(what, error.message, error);
    throw error;
  }
}
