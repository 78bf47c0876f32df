// One column of one row group: the values of a page at a time.

import { parquetReadObjects, type ColumnMetaData, type SchemaTree } from "hyparquet";
import { decompressPage, readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
import { readPlain } from "hyparquet/src/plain.js";
import type { ParquetFile } from "./parquet-file.ts";
import { compressors, PageReader, type Page } from "./parquet-pages.ts";
import { columnParsers, kindOf, toValues, withConvertedType, type ColumnDecoder, type ValueKind } from "./parquet-values.ts";
import { BadParquetError } from "./source-errors.ts";

export interface ColumnOptions {
  readonly int64: "number" | "bigint";
  readonly binaryAsText: boolean;
  readonly maxPageBytes: number;
}

export interface ParquetColumn {
  readonly name: string;
  readonly kind: ValueKind;
  /** The values of the current page; null where there is none. */
  values: ArrayLike<unknown>;
  /** Index in `values` of the next value to hand out. */
  at: number;
  /** Makes the next page the current one, having dropped `skip` rows first. False at the end. */
  load(skip: number): Promise<boolean>;
}

/** A column without nesting. */
export class FlatColumn implements ParquetColumn {
  readonly name: string;
  readonly kind: ValueKind;
  values: ArrayLike<unknown> = [];
  at = 0;
  readonly #pages: PageReader;
  readonly #decoder: ColumnDecoder;
  readonly #decode: (stored: Parameters<typeof toValues>[0]) => ArrayLike<unknown>;
  readonly #isNullable: boolean;
  #dictionary: ArrayLike<unknown> | null = null;

  constructor(file: ParquetFile, tree: SchemaTree, chunk: ColumnMetaData, options: ColumnOptions) {
    const element = withConvertedType(tree.element);
    this.name = element.name;
    this.kind = kindOf(element, options.binaryAsText);
    this.#pages = new PageReader(file, chunk, options.maxPageBytes);
    this.#isNullable = element.repetition_type !== "REQUIRED";
    const decoder: ColumnDecoder = {
      pathInSchema: chunk.path_in_schema, type: chunk.type, element, schemaPath: [file.schema, { ...tree, element }],
      codec: chunk.codec, compressors, parsers: columnParsers, utf8: options.binaryAsText,
    };
    this.#decoder = decoder;
    this.#decode = (stored) => toValues(stored, decoder, { path: file.path, column: element.name, int64: options.int64 });
  }

  async load(skip: number): Promise<boolean> {
    for (let left = skip; ; ) {
      const page = await this.#pages.next();
      if (!page) return false;
      const rows = (page.header.data_page_header ?? page.header.data_page_header_v2)?.num_values;
      if (rows === undefined) {
        if (page.header.type === "DICTIONARY_PAGE") this.#dictionary = this.#readDictionary(page);
      } else if (rows > 0 && left < rows) {
        this.values = this.#readValues(page, rows);
        this.at = left;
        return true;
      } else {
        left -= rows;
      }
    }
  }

  #unpack({ header, bytes }: Page): Uint8Array {
    return decompressPage(bytes, header.uncompressed_page_size, this.#decoder.codec, compressors);
  }

  #readDictionary(page: Page): ArrayLike<unknown> {
    const { buffer, byteOffset, byteLength } = this.#unpack(page);
    const reader = { view: new DataView(buffer, byteOffset, byteLength), offset: 0 };
    const { type, element } = this.#decoder;
    return this.#decode(readPlain(reader, type, page.header.dictionary_page_header!.num_values, element.type_length));
  }

  #readValues(page: Page, rows: number): ArrayLike<unknown> {
    const { data_page_header: v1, data_page_header_v2: v2 } = page.header;
    const { dataPage, definitionLevels } = v1
      ? readDataPage(this.#unpack(page), v1, this.#decoder)
      : readDataPageV2(page.bytes, page.header, this.#decoder);
    const isIndexed = (v1 ?? v2)!.encoding.endsWith("_DICTIONARY");
    if (isIndexed && !this.#dictionary) throw new Error("its dictionary is missing");
    const present = isIndexed ? lookUp(dataPage as ArrayLike<number>, this.#dictionary!) : this.#decode(dataPage);
    return this.#isNullable && present.length < rows ? withNulls(present, definitionLevels ?? [], rows) : present;
  }
}

function lookUp(indices: ArrayLike<number>, dictionary: ArrayLike<unknown>): unknown[] {
  const values = new Array<unknown>(indices.length); // oxlint-disable-line unicorn/no-new-array
  for (let i = 0; i < indices.length; i++) {
    const value = dictionary[indices[i]!];
    if (value === undefined) throw new Error(`index ${indices[i]} lies outside its dictionary`);
    values[i] = value;
  }
  return values;
}

function withNulls(present: ArrayLike<unknown>, definitionLevels: ArrayLike<number>, rows: number): unknown[] {
  const values = new Array<unknown>(rows); // oxlint-disable-line unicorn/no-new-array
  for (let i = 0, next = 0; i < rows; i++) values[i] = definitionLevels[i] === 1 ? present[next++] : null;
  return values;
}

/** A column of lists, maps or structs: read whole, since its pages do not end at rows. */
export class NestedColumn implements ParquetColumn {
  readonly name: string;
  readonly kind = "nested";
  values: ArrayLike<unknown> = [];
  at = 0;
  readonly #read: () => Promise<Record<string, unknown>[]>;
  #isRead = false;

  constructor(file: ParquetFile, name: string, rowGroup: number, options: ColumnOptions) {
    this.name = name;
    const groups = file.metadata.row_groups;
    const chunks = groups[rowGroup]!.columns.filter((column) => column.meta_data?.path_in_schema[0] === name);
    const bytes = chunks.reduce((sum, chunk) => sum + Number(chunk.meta_data!.total_uncompressed_size), 0);
    if (bytes > options.maxPageBytes) {
      throw new BadParquetError(file.path, `nested column ${JSON.stringify(name)} has ${bytes} bytes in one row group`, {
        hint: `The limit is ${options.maxPageBytes}; raise parquet.maxPageBytes, or write smaller row groups.`,
      });
    }
    const rowStart = groups.slice(0, rowGroup).reduce((sum, group) => sum + Number(group.num_rows), 0);
    const rowEnd = rowStart + Number(groups[rowGroup]!.num_rows);
    const { buffer, metadata } = file;
    this.#read = () =>
      parquetReadObjects({ file: buffer, metadata, columns: [name], rowStart, rowEnd, compressors, utf8: options.binaryAsText });
  }

  async load(skip: number): Promise<boolean> {
    if (this.#isRead) return false;
    this.#isRead = true;
    this.values = (await this.#read()).map((row) => row[this.name]);
    this.at = skip;
    return this.values.length > skip;
  }
}
