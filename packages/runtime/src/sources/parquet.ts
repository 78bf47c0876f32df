// Parquet: one row group, decoded column by column and page by page, made into records a batch at a time.

import { isSageError } from "@sage/core";
import type { SchemaTree } from "hyparquet";
import { FlatColumn, NestedColumn, type ColumnOptions, type ParquetColumn } from "./parquet-column.ts";
import type { ParquetFile } from "./parquet-file.ts";
import { compileFunction, objectLiteral } from "./record-maker.ts";
import { BadParquetError, ColumnNotFoundError, UnsafeIntegerError } from "./source-errors.ts";
import type { SplitOffset, SplitReader } from "./split-reader.ts";

export interface ParquetOptions {
  /** What 64-bit integers become: "number", the default, fails on those that are not exact; or "bigint". */
  readonly int64?: "number" | "bigint";
  /** Whether bytes that are not marked as text are text; false unless told. */
  readonly binaryAsText?: boolean;
  /** Memory that a page (of a nested column, a row group) may take; 128 MiB unless told. */
  readonly maxPageBytes?: number;
}

export interface RowGroupOptions extends ColumnOptions {
  /** Columns to read, in this order; undefined for all. */
  readonly columns: readonly string[] | undefined;
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

type MakeRecords = (columns: readonly ParquetColumn[], count: number, origin: Origin) => unknown[];

export class RowGroupReader implements SplitReader {
  readonly #file: ParquetFile;
  readonly #rowGroup: number;
  readonly #rows: number;
  readonly #bytes: number;
  readonly #options: RowGroupOptions;
  readonly #columns: readonly ParquetColumn[];
  readonly #makeRecords: MakeRecords;
  #row: number;
  #toSkip: number;

  /** @param bytes - of the row group in the file; for progress. The file stays the caller's to close. */
  constructor(file: ParquetFile, rowGroup: number, bytes: number, from: SplitOffset | undefined, options: RowGroupOptions) {
    this.#file = file;
    this.#rowGroup = rowGroup;
    this.#rows = Number(file.metadata.row_groups[rowGroup]!.num_rows);
    this.#bytes = bytes;
    this.#options = options;
    this.#columns = treesOf(file, options.columns).map((tree) => openColumn(file, tree, rowGroup, options));
    this.#makeRecords = recordMaker(this.#columns);
    this.#row = this.#toSkip = from && "row" in from ? from.row : 0;
  }

  async next(): Promise<unknown[] | null> {
    const left = this.#rows - this.#row;
    if (left <= 0) return null;
    let count = Math.min(this.#options.batchSize, left);
    for (const column of this.#columns) {
      if (column.at >= column.values.length) await this.#load(column);
      count = Math.min(count, column.values.length - column.at);
    }
    this.#toSkip = 0;
    const records = this.#make(count);
    for (const column of this.#columns) column.at += count;
    this.#row += count;
    return records;
  }

  async #load(column: ParquetColumn): Promise<void> {
    this.#options.signal.throwIfAborted();
    const what = `column ${JSON.stringify(column.name)} of row group ${this.#rowGroup}`;
    try {
      if (!(await column.load(this.#toSkip))) throw new Error(`it ends before row ${this.#row} of ${this.#rows}`);
    } catch (error) {
      if (isSageError(error)) throw error;
      throw new BadParquetError(this.#file.path, `${what} cannot be read`, { cause: error });
    }
  }

  #make(count: number): unknown[] {
    const { path } = this.#file;
    try {
      return this.#makeRecords(this.#columns, count, { path, int64: this.#options.int64 });
    } catch (error) {
      if (isSageError(error)) throw error;
      const rows = `rows ${this.#row} to ${this.#row + count - 1} of row group ${this.#rowGroup}`;
      throw new BadParquetError(path, `${rows} cannot be read`, { cause: error });
    }
  }

  position(): SplitOffset {
    return { row: this.#row };
  }

  get bytesRead(): number {
    return Math.round((this.#bytes * this.#row) / Math.max(1, this.#rows));
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function treesOf(file: ParquetFile, columns: readonly string[] | undefined): SchemaTree[] {
  const trees = file.schema.children;
  return (columns ?? trees.map((tree) => tree.element.name)).map((name) => {
    const tree = trees.find((each) => each.element.name === name);
    if (!tree) throw new ColumnNotFoundError(file.path, name, trees.map((each) => each.element.name));
    return tree;
  });
}

function openColumn(file: ParquetFile, tree: SchemaTree, rowGroup: number, options: RowGroupOptions): ParquetColumn {
  const { name, repetition_type: repetition } = tree.element;
  if (tree.children.length > 0 || repetition === "REPEATED") return new NestedColumn(file, name, rowGroup, options);
  const columns = file.metadata.row_groups[rowGroup]!.columns;
  const chunk = columns.find((column) => column.meta_data?.path_in_schema[0] === name)?.meta_data;
  if (!chunk) throw new BadParquetError(file.path, `row group ${rowGroup} lacks column ${JSON.stringify(name)}`);
  return new FlatColumn(file, tree, chunk, options);
}

function recordMaker(columns: readonly ParquetColumn[]): MakeRecords {
  const fields = columns.map(({ name, kind }, c) => {
    const value = `v${c}[a${c} + i]`;
    return { name, expression: kind === "plain" ? value : `${kind}(${value}, ${JSON.stringify(name)}, origin)` };
  });
  const locals = columns.map((_, c) => `const v${c} = columns[${c}].values, a${c} = columns[${c}].at;`).join(" ");
  const loop = `for (let i = 0; i < count; i++) records[i] = ${objectLiteral(fields)};`;
  const body = `${locals} const records = new Array(count); ${loop} return records;`;
  return compileFunction<MakeRecords>(["columns", "count", "origin"], body, toRecordValue);
}

interface Origin {
  readonly path: string;
  readonly int64: "number" | "bigint";
}

/** Makes what a record owns from what the column shares. */
const toRecordValue = {
  instant: (atMs: number | null) => (atMs === null ? null : new Date(atMs)),
  json: (text: string | null) => (text === null ? null : (JSON.parse(text) as unknown)),
  bytes: (bytes: Uint8Array | null) => (bytes === null ? null : Uint8Array.from(bytes)),
  nested: toOwn,
};

/** A copy with null for undefined, and numbers for bigints unless they are wanted. */
function toOwn(value: unknown, column: string, origin: Origin): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "bigint" && origin.int64 === "number") {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new UnsafeIntegerError(origin.path, column, value);
    return number;
  }
  if (typeof value !== "object") return value;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as ArrayLike<unknown>, (item) => toOwn(item, column, origin));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toOwn(item, column, origin)]));
}
