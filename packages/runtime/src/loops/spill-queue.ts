// The queue at the head of a loop: takes whatever comes, so that a loop never blocks itself; beyond a limit in memory
// it goes on in a file.
//
// Invariants:
//   Q1. Batches come out in the order they went in, as they were.
//   Q2. `push` never waits. Records that a file would change (class instances, functions) stay in memory.
//   Q3. The file is gone when the queue is closed.
//   Q4. What a snapshot has pinned can be read until it is unpinned, though it may have been taken meanwhile.

import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { types } from "node:util";
import { deserialize, serialize } from "node:v8";
import { Fifo } from "../exchange/fifo.ts";

type Item = { readonly records: unknown[] } | { readonly position: number; readonly bytes: number; readonly count: number };

export interface SpillOptions {
  /** A directory for the file. */
  readonly dir: string;
  readonly name: string;
  /** So many records stay in memory. */
  readonly memoryRecords: number;
}

export class SpillQueue implements Disposable {
  readonly #options: SpillOptions;
  readonly #path: string;
  readonly #items = new Fifo<Item>();
  #inMemory = 0;
  #onDisk = 0;
  #file: number | undefined;
  #end = 0;
  #pins = 0;
  /** Records that have been written to the file so far. */
  spilled = 0;

  constructor(options: SpillOptions) {
    this.#options = options;
    this.#path = join(options.dir, `loop-${process.pid}-${options.name.replaceAll(/[^\w-]/g, "_")}.spill`);
  }

  get length(): number {
    return this.#items.length;
  }

  push(records: unknown[]): void {
    if (this.#inMemory + records.length > this.#options.memoryRecords && records.every((record) => isPlain(record, 0))) this.#write(records);
    else {
      this.#inMemory += records.length;
      this.#items.push({ records });
    }
  }

  shift(): unknown[] | undefined {
    const item = this.#items.shift();
    if (item === undefined) return undefined;
    if ("records" in item) {
      this.#inMemory -= item.records.length;
      return item.records;
    }
    return this.#read(item);
  }

  #write(records: unknown[]): void {
    this.#file ??= openSync(this.#path, "wx+", 0o600);
    const bytes = serialize(records);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done, bytes.length - done, this.#end + done);
    this.#items.push({ position: this.#end, bytes: bytes.length, count: records.length });
    this.#end += bytes.length;
    this.#onDisk++;
    this.spilled += records.length;
  }

  /** How to read each batch that waits now, in order. Ends with `unpin`. */
  pin(): (() => readonly unknown[])[] {
    this.#pins++;
    return [...this.#items].map((item) => ("records" in item ? () => item.records : () => this.#bytesAt(item)));
  }

  unpin(): void {
    this.#pins--;
  }

  #read(item: { position: number; bytes: number }): unknown[] {
    const records = this.#bytesAt(item);
    if (--this.#onDisk === 0 && this.#pins === 0) this.#rewind();
    return records;
  }

  #bytesAt({ position, bytes }: { position: number; bytes: number }): unknown[] {
    const buffer = Buffer.allocUnsafe(bytes);
    for (let done = 0; done < bytes; ) {
      const read = readSync(this.#file!, buffer, done, bytes - done, position + done);
      if (read === 0) throw new Error(`${this.#path} is shorter than it was written`);
      done += read;
    }
    return deserialize(buffer) as unknown[];
  }

  /** Everything was read: the file starts again. */
  #rewind(): void {
    ftruncateSync(this.#file!, 0);
    this.#end = 0;
  }

  [Symbol.dispose](): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    unlinkSync(this.#path);
    this.#file = undefined;
  }
}

const deepest = 32;

/** Whether `serialize` gives back the same: primitives, and arrays, plain objects, Dates and bytes of them. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false;
  if (typeof value !== "object" || value === null) return true;
  if (depth > deepest) return false;
  if (Array.isArray(value)) return value.every((element) => isPlain(element, depth + 1));
  if (types.isDate(value) || types.isUint8Array(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype && Object.values(value).every((field) => isPlain(field, depth + 1));
}
