// Records from files: one parallel instance's share of the splits, read in order, with a position to go on from.
//
// Invariants:
//   F1. Over all instances every record is read once, whatever the parallelism and the size of the splits.
//   F2. A reader opened at the position of another goes on with the next record that the other had not returned.
//   F3. Memory is bounded by the options (batch, record, page), not by the size of the files.

import { checkCsv, openCsv, type CsvOptions } from "./csv.ts";
import { planKeyOf, splitOf, tasksLeft, type FilePosition, type SplitTask } from "./file-position.ts";
import { bytesOf, planSplits, type SourceSplit } from "./file-splits.ts";
import { jsonlParser } from "./jsonl.ts";
import { LineSplitReader, openLines } from "./line-split.ts";
import { openParquetFile, type ParquetFile } from "./parquet-file.ts";
import { RowGroupReader, type ParquetOptions } from "./parquet.ts";
import { FilesChangedError, InvalidFileSourceError } from "./source-errors.ts";
import type { SplitOffset, SplitReader } from "./split-reader.ts";
import { textParser } from "./text.ts";

export interface FileSourceSpec {
  /** Files or patterns (`*`, `**`, `?`, `[…]`, `{a,b}`), absolute or from `baseDir`. Text formats may be packed, `.gz`. */
  readonly paths: readonly string[];
  readonly baseDir: string;
  readonly format: "jsonl" | "csv" | "text" | "parquet";
  /** Columns of CSV and Parquet to read, in this order; all unless told. */
  readonly columns?: readonly string[];
  readonly csv?: CsvOptions;
  readonly parquet?: ParquetOptions;
  /** Most records in a batch; 1024 unless told. */
  readonly batchSize?: number;
  /** Size of the byte ranges that text formats are cut into; 64 MiB unless told. */
  readonly splitBytes?: number;
  /** Longest record of the text formats; 16 MiB unless told. */
  readonly maxRecordBytes?: number;
}

export interface FileReaderOptions {
  /** Of `parallelism` instances this is the one with number `index`, from 0. */
  readonly index: number;
  readonly parallelism: number;
  readonly signal: AbortSignal;
  /** Where to go on; then `index` and `parallelism` are those of the position. */
  readonly position?: FilePosition;
  /** The plan, where it was made before; made by {@link planSplits} unless told. */
  readonly splits?: readonly SourceSplit[];
}

export interface FileReader extends AsyncDisposable {
  /**
   * The next records, at least one, or null at the end. One call at a time. After `SAGE_BAD_RECORD` it may be called
   * again and goes on behind the bad record; after any other error the reader is done.
   */
  next(): Promise<unknown[] | null>;
  /** Where the first record is that no call of `next` has returned. Plain JSON; not to be taken during a call. */
  position(): FilePosition;
  readonly progress: { readonly bytesRead: number; readonly bytesTotal: number };
}

const mebibyte = 1024 * 1024;

/**
 * A reader of one instance's share: the splits j with j % parallelism === index, in order. Opens files when it is
 * first asked for records.
 *
 * @throws SAGE_INVALID_FILE_SOURCE at once; SAGE_NO_FILES, SAGE_FILE_NOT_FOUND, SAGE_FILES_CHANGED,
 * SAGE_BAD_RECORD, SAGE_RECORD_TOO_LONG, SAGE_COLUMN_NOT_FOUND, SAGE_BAD_PARQUET, SAGE_UNSAFE_INTEGER by `next`.
 */
export function openFileReader(spec: FileSourceSpec, options: FileReaderOptions): FileReader {
  checkSpec(spec);
  return new ShareReader(spec, options);
}

class ShareReader implements FileReader {
  readonly #spec: FileSourceSpec;
  readonly #options: FileReaderOptions;
  #position: FilePosition;
  #splits: readonly SourceSplit[] = [];
  #tasks: SplitTask[] | null = null;
  #current: SplitReader | null = null;
  /** Stays open over the row groups of one file. */
  #parquetFile: ParquetFile | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #bytesDone = 0;
  #bytesTotal = 0;

  constructor(spec: FileSourceSpec, options: FileReaderOptions) {
    this.#spec = spec;
    this.#options = options;
    const { index, parallelism } = options;
    this.#position = options.position ?? { share: { index, parallelism }, done: 0 };
  }

  next(): Promise<unknown[] | null> {
    if (this.#isClosed) return Promise.reject(new Error("the file reader is closed"));
    const call = this.#next();
    this.#running = call;
    return call;
  }

  async #next(): Promise<unknown[] | null> {
    this.#options.signal.throwIfAborted();
    this.#tasks ??= await this.#plan();
    for (;;) {
      const [task] = this.#tasks;
      if (task === undefined) return null;
      this.#current ??= await this.#open(task);
      const records = await this.#current.next();
      if (records) return records;
      await this.#finish(task);
    }
  }

  position(): FilePosition {
    return this.#current ? { ...this.#position, from: this.#current.position() } : this.#position;
  }

  get progress() {
    return { bytesRead: this.#bytesDone + (this.#current?.bytesRead ?? 0), bytesTotal: this.#bytesTotal };
  }

  async #plan(): Promise<SplitTask[]> {
    this.#splits = this.#options.splits ?? (await planSplits(this.#spec, this.#options.signal));
    const plan = planKeyOf(this.#splits);
    const tasks = tasksLeft(this.#position, this.#splits, plan);
    this.#position = { ...this.#position, plan };
    this.#bytesTotal = tasks.reduce<number>((sum, task) => sum + bytesOf(this.#splits[splitOf(task)]!), 0);
    return tasks;
  }

  async #open(task: SplitTask): Promise<SplitReader> {
    const split = this.#splits[splitOf(task)]!;
    const from = typeof task === "number" ? undefined : task[1];
    return split.kind === "row-group" ? this.#openRowGroup(split, from) : this.#openLines(split, from);
  }

  async #openLines(split: SourceSplit, from: SplitOffset | undefined): Promise<SplitReader> {
    const { format, batchSize = 1024, maxRecordBytes = 16 * mebibyte } = this.#spec;
    const options = { from, batchSize, maxRecordBytes, signal: this.#options.signal };
    if (format === "csv") return openCsv(split, this.#spec, options);
    const parser = format === "jsonl" ? jsonlParser : textParser;
    return new LineSplitReader(await openLines(split, options), parser, options);
  }

  async #openRowGroup(split: SourceSplit & { kind: "row-group" }, from: SplitOffset | undefined): Promise<SplitReader> {
    const { columns, batchSize = 1024, parquet = {} } = this.#spec;
    const { int64 = "number", binaryAsText = false, maxPageBytes = 128 * mebibyte } = parquet;
    if (this.#parquetFile?.path !== split.path) {
      await this.#parquetFile?.[Symbol.asyncDispose]();
      this.#parquetFile = await openParquetFile(split.path);
    }
    const file = this.#parquetFile;
    if (file.byteLength !== split.fileBytes) throw new FilesChangedError(`${split.path} is not as it was planned`);
    const options = { columns, batchSize, int64, binaryAsText, maxPageBytes, signal: this.#options.signal };
    return new RowGroupReader(file, split.rowGroup, split.bytes, from, options);
  }

  async #finish(task: SplitTask): Promise<void> {
    const { from: _, ...position } = this.#position;
    this.#position = { ...position, done: position.done + 1 };
    this.#bytesDone += bytesOf(this.#splits[splitOf(task)]!);
    this.#tasks!.shift();
    const finished = this.#current;
    this.#current = null;
    await finished?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#running.catch(() => {}); // the caller of `next` hears of it
    try {
      await this.#current?.[Symbol.asyncDispose]();
    } finally {
      await this.#parquetFile?.[Symbol.asyncDispose]();
    }
  }
}

/** @throws InvalidFileSourceError for options that contradict each other. */
function checkSpec(spec: FileSourceSpec): void {
  if (!["jsonl", "csv", "text", "parquet"].includes(spec.format)) {
    throw new InvalidFileSourceError(`no file format ${JSON.stringify(spec.format)}`, "Read jsonl, csv, text or parquet.");
  }
  if (spec.csv) checkCsv(spec.csv);
  if (spec.columns && (spec.format === "jsonl" || spec.format === "text")) {
    throw new InvalidFileSourceError(`columns cannot be chosen in ${spec.format}`, "Leave `columns` out and map the records.");
  }
  for (const name of ["batchSize", "splitBytes", "maxRecordBytes"] as const) {
    const value = spec[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new InvalidFileSourceError(`${name} is ${value}`, "It must be a whole number above 0.");
    }
  }
}
