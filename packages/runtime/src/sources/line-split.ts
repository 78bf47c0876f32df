// Reads one split of a file made of lines: opens the bytes, cuts lines, hands each to the format's parser.

import { openBytes, openGunzipped } from "./byte-source.ts";
import type { SourceSplit } from "./file-splits.ts";
import { LineReader, type LineRange } from "./lines.ts";
import { BadRecordError } from "./source-errors.ts";
import type { SplitOffset, SplitReader } from "./split-reader.ts";

/** What a parser returns for a line that holds no record. */
export const noRecord: unique symbol = Symbol("no record");

export interface LineParser {
  /** The record of a line, or {@link noRecord}. What it throws becomes a `SAGE_BAD_RECORD` with the line's place. */
  parse(text: string): unknown;
  /** Whether the text given so far, in pieces, ends inside a quoted field; for records over several lines. */
  readonly isOpen?: (block: Buffer, start: number, end: number, wasOpen: boolean) => boolean;
}

export interface LineSplitOptions {
  readonly from: SplitOffset | undefined;
  readonly batchSize: number;
  readonly maxRecordBytes: number;
  readonly signal: AbortSignal;
}

/** A batch ends early when its text reaches this size, so that few long records do not fill the memory. */
const maxBatchBytes = 4 * 1024 * 1024;

export async function openLines(split: SourceSplit, options: LineSplitOptions): Promise<LineReader> {
  const { path, fileBytes } = split;
  const startByte = split.kind === "bytes" ? split.startByte : 0;
  const endByte = split.kind === "bytes" ? split.endByte : Infinity;
  const from = options.from && "byte" in options.from ? options.from : undefined;
  const sourceByte = from?.byte ?? Math.max(0, startByte - 1);
  const line = from ? from.line : startByte === 0 ? 1 : null;
  const range: LineRange = {
    path, startByte: from ? from.byte : startByte, endByte, sourceByte, line, maxLineBytes: options.maxRecordBytes,
  };
  const bytes = path.endsWith(".gz")
    ? await openGunzipped(path, sourceByte, options.signal)
    : await openBytes(path, sourceByte, fileBytes);
  const lines = new LineReader(bytes, range);
  try {
    await lines.open();
    return lines;
  } catch (error) {
    await lines[Symbol.asyncDispose]();
    throw error;
  }
}

export class LineSplitReader implements SplitReader {
  readonly #lines: LineReader;
  readonly #parser: LineParser;
  readonly #options: LineSplitOptions;

  constructor(lines: LineReader, parser: LineParser, options: LineSplitOptions) {
    this.#lines = lines;
    this.#parser = parser;
    this.#options = options;
  }

  async next(): Promise<unknown[] | null> {
    const lines = this.#lines;
    const records: unknown[] = [];
    const endByte = lines.next().byte + maxBatchBytes;
    while (records.length < this.#options.batchSize && lines.next().byte < endByte) {
      if (!lines.advance() && !(await this.#fillFor(() => lines.advance()))) break;
      if (this.#parser.isOpen && !(await this.#closeQuotes(this.#parser.isOpen))) {
        throw new BadRecordError(lines.place(), "a quoted field is not closed", lines.text());
      }
      try {
        const record = this.#parser.parse(lines.text());
        if (record !== noRecord) records.push(record);
      } catch (error) {
        if (records.length === 0) throw this.#badRecord(error);
        lines.unread(); // the next call meets it first
        break;
      }
    }
    if (records.length > 0) return records;
    return lines.next().byte < endByte ? null : this.next(); // only blank lines so far
  }

  /** Reads until `found` holds. False at the end. */
  async #fillFor(found: () => boolean): Promise<boolean> {
    do {
      this.#options.signal.throwIfAborted();
      if (!(await this.#lines.fill())) return false;
    } while (!found());
    return true;
  }

  async #closeQuotes(isOpen: NonNullable<LineParser["isOpen"]>): Promise<boolean> {
    const lines = this.#lines;
    let isStillOpen = isOpen(lines.block, lines.start, lines.end, false);
    while (isStillOpen) {
      const searchedBytes = lines.end - lines.start;
      if (!lines.extend() && !(await this.#fillFor(() => lines.extend()))) return false;
      isStillOpen = isOpen(lines.block, lines.start + searchedBytes, lines.end, true);
    }
    return true;
  }

  #badRecord(error: unknown): BadRecordError {
    const problem = error instanceof Error ? error.message : String(error);
    const hint = error instanceof UnreadableText ? error.hint : undefined;
    return new BadRecordError(this.#lines.place(), problem, this.#lines.text(), hint);
  }

  position(): SplitOffset {
    return this.#lines.next();
  }

  get bytesRead(): number {
    return this.#lines.bytesRead;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lines[Symbol.asyncDispose]();
  }
}

/** Thrown by a parser that can say what to do about a line. */
export class UnreadableText extends Error {
  readonly hint: string;

  constructor(problem: string, hint: string) {
    super(problem);
    this.hint = hint;
  }
}
