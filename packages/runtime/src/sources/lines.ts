// Cuts bytes into lines without ever holding more than one block and one line.
//
// Invariants:
//   L1. A line belongs to the byte range in which its first byte lies, so ranges that tile a file read each line once.
//   L2. Lines end at \n only, which never occurs inside a UTF-8 character; a \r before it belongs to the line end.
//   L3. A failed `advance` or `extend` changes nothing: after `fill` the same call is made again.

import type { ByteSource } from "./byte-source.ts";
import { InvalidFileSourceError, RecordTooLongError } from "./source-errors.ts";

const newline = 0x0a;
const carriageReturn = 0x0d;
const blockBytes = 256 * 1024;

export interface LineRange {
  readonly path: string;
  /** The first byte of the range; the line before it is finished by the reader of the range before. */
  readonly startByte: number;
  /** The first byte behind the range; Infinity for all. */
  readonly endByte: number;
  /** Where the source stands: `startByte` less one, or at the start of a line. */
  readonly sourceByte: number;
  /** Number of the first line that the source holds, from 1, where it is known. */
  readonly line: number | null;
  readonly maxLineBytes: number;
}

export class LineReader implements AsyncDisposable {
  /** What is read of the file; only `[start, end)` of it means anything. */
  block: Buffer = Buffer.alloc(0);
  /** The current line in `block`, without its line end. */
  start = 0;
  end = 0;
  #after = 0;
  #searchFrom = 0;
  #lineAfter: number | null;
  #line: number | null;
  /** Position in the file of the first byte of `block`. */
  #baseByte: number;
  #endByte: number;
  #atEof = false;
  #memory = Buffer.allocUnsafeSlow(blockBytes);
  readonly #range: LineRange;
  readonly #source: ByteSource;

  constructor(source: ByteSource, range: LineRange) {
    this.#source = source;
    this.#range = range;
    this.#baseByte = range.sourceByte;
    this.#endByte = range.endByte;
    this.#line = this.#lineAfter = range.line;
  }

  /** Reads the first block and finds the first line that starts in the range. */
  async open(): Promise<void> {
    if (this.#baseByte < this.#range.startByte) return this.#skipLine();
    if (this.#baseByte > 0) return;
    while (this.block.length < 3 && (await this.fill()));
    this.#skipByteOrderMark();
  }

  /** Moves to the next line. False: call {@link fill} and try again. */
  advance(): boolean {
    this.start = this.#after;
    this.#line = this.#lineAfter;
    if (this.#baseByte + this.start >= this.#endByte) return false; // L1
    return this.#findEnd();
  }

  /** Makes the current line reach to the end of the next one. False: call {@link fill} and try again. */
  extend(): boolean {
    return this.#findEnd();
  }

  /** Puts the current line back, so that the next `advance` finds it again. */
  unread(): void {
    this.#after = this.#searchFrom = this.start;
    this.#lineAfter = this.#line;
  }

  /** Reads on. False at the end of the range or the file. */
  async fill(): Promise<boolean> {
    if (this.#atEof || this.#baseByte + this.start >= this.#endByte) return false;
    const kept = this.block.length - this.start;
    if (kept > this.#range.maxLineBytes) throw this.#tooLong();
    const memory = kept * 2 > this.#memory.length ? Buffer.allocUnsafeSlow(this.#memory.length * 2) : this.#memory;
    this.#memory.copy(memory, 0, this.start, this.block.length);
    const bytes = await this.#source.read(memory.subarray(kept));
    this.#memory = memory;
    this.block = memory.subarray(0, kept + bytes);
    this.#baseByte += this.start;
    this.#after -= this.start;
    this.#searchFrom -= this.start;
    this.end -= this.start;
    this.start = 0;
    this.#atEof = bytes === 0;
    return !this.#atEof || kept > 0;
  }

  text(): string {
    return this.block.toString("utf8", this.start, this.end);
  }

  /** Where the current line starts. */
  place(): { path: string; line: number | null; byte: number } {
    return { path: this.#range.path, line: this.#line, byte: this.#baseByte + this.start };
  }

  /** Where the next line starts. */
  next(): { byte: number; line: number | null } {
    return { byte: this.#baseByte + this.#after, line: this.#lineAfter };
  }

  get bytesRead(): number {
    return this.#source.bytesRead;
  }

  #findEnd(): boolean {
    const found = this.block.indexOf(newline, this.#searchFrom);
    if (found < 0 && !(this.#atEof && this.block.length > this.#after)) {
      this.#searchFrom = this.block.length;
      return false;
    }
    const lineEnd = found < 0 ? this.block.length : found;
    if (lineEnd - this.start > this.#range.maxLineBytes) throw this.#tooLong();
    this.#after = this.#searchFrom = found < 0 ? lineEnd : lineEnd + 1;
    if (this.#lineAfter !== null) this.#lineAfter++;
    const hasReturn = found > this.start && this.block[found - 1] === carriageReturn;
    this.end = hasReturn ? lineEnd - 1 : lineEnd; // L2
    return true;
  }

  async #skipLine(): Promise<void> {
    for (;;) {
      const found = this.block.indexOf(newline, this.#searchFrom);
      this.start = this.#after = this.#searchFrom = found < 0 ? this.block.length : found + 1;
      if (found >= 0 || !(await this.fill())) return;
    }
  }

  #skipByteOrderMark(): void {
    const [first, second, third] = this.block;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
      throw new InvalidFileSourceError(`${this.#range.path}: the text is UTF-16`, "Convert the file to UTF-8.");
    }
    if (first !== 0xef || second !== 0xbb || third !== 0xbf) return;
    this.#after = this.#searchFrom = 3;
    this.#endByte = Math.max(this.#endByte, 4); // the first line starts at byte 0 for L1
  }

  #tooLong(): RecordTooLongError {
    return new RecordTooLongError(this.place(), this.#range.maxLineBytes);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#source[Symbol.asyncDispose]());
  }
}
