// CSV: the header gives the names, each further record becomes an object. Blank lines hold no record.

import { isSageError } from "@sage/core";
import { endsInQuotes, fieldsOf } from "./csv-fields.ts";
import { csvValues, type CsvType } from "./csv-values.ts";
import type { FileSourceSpec } from "./file-source.ts";
import type { SourceSplit } from "./file-splits.ts";
import { LineSplitReader, noRecord, openLines, type LineParser, type LineSplitOptions } from "./line-split.ts";
import { compileFunction, objectLiteral } from "./record-maker.ts";
import { ColumnNotFoundError, InvalidFileSourceError } from "./source-errors.ts";
import type { SplitOffset, SplitReader } from "./split-reader.ts";

export interface CsvOptions {
  /** One character; "," unless told. */
  readonly delimiter?: string;
  /** `true`, the default: the first record of each file names the columns. Else the names; every record is data. */
  readonly header?: true | readonly string[];
  /** Types of columns; a column without one is text. Empty fields of the other types become null. */
  readonly types?: Readonly<Record<string, CsvType>>;
  /** Whether quoted fields may hold line ends. A file is then read by one instance; false unless told. */
  readonly multiline?: boolean;
}

export async function openCsv(split: SourceSplit, spec: FileSourceSpec, options: LineSplitOptions): Promise<SplitReader> {
  const csv = spec.csv ?? {};
  const header = csv.header === undefined || csv.header === true ? await readHeader(split, csv, options) : null;
  const parser = recordParser(split.path, header?.names ?? (csv.header as readonly string[]), spec);
  const startByte = options.from && "byte" in options.from ? options.from.byte : split.kind === "bytes" ? split.startByte : 0;
  const isInHeader = header !== null && startByte < header.end.byte;
  const from = isInHeader ? header.end : options.from;
  return new LineSplitReader(await openLines(split, { ...options, from }), parser, options);
}

interface Header {
  readonly names: readonly string[];
  readonly end: SplitOffset & { readonly byte: number };
}

async function readHeader(split: SourceSplit, csv: CsvOptions, options: LineSplitOptions): Promise<Header> {
  const whole: SourceSplit = { kind: "file", path: split.path, fileBytes: split.fileBytes };
  const first = { ...options, from: undefined, batchSize: 1 };
  const parser: LineParser = {
    parse: (text) => (text === "" ? noRecord : fieldsOf(text, csv.delimiter ?? ",")),
    ...openQuotes(csv),
  };
  await using reader = new LineSplitReader(await openLines(whole, first), parser, first);
  try {
    const [names] = ((await reader.next()) ?? [[]]) as string[][];
    return { names: names!, end: reader.position() as Header["end"] };
  } catch (error) {
    // Not a record that could be skipped: without names there are no records.
    throw isSageError(error) ? new InvalidFileSourceError(`header of ${error.message}`, error.hint ?? "Mend the header.") : error;
  }
}

function recordParser(path: string, names: readonly string[], spec: FileSourceSpec): LineParser {
  const { delimiter = ",", types = {} } = spec.csv ?? {};
  checkNames(path, names, [...(spec.columns ?? []), ...Object.keys(types)]);
  const fields = (spec.columns ?? names).map((name) => {
    const field = `fields[${names.indexOf(name)}]`;
    const type = Object.hasOwn(types, name) ? types[name]! : "string";
    return { name, expression: type === "string" ? field : `${type}(${field}, ${JSON.stringify(name)})` };
  });
  const toRecord = compileFunction<(f: string[]) => unknown>(["fields"], `return ${objectLiteral(fields)};`, csvValues);
  return {
    parse(text) {
      if (text === "") return noRecord;
      const found = fieldsOf(text, delimiter);
      if (found.length !== names.length) throw new Error(`${found.length} fields where ${names.length} are named`);
      return toRecord(found);
    },
    ...openQuotes(spec.csv ?? {}),
  };
}

const openQuotes = (csv: CsvOptions) => (csv.multiline ? { isOpen: endsInQuotes } : {});

function checkNames(path: string, names: readonly string[], wanted: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    const hint = "Give the names with csv: { header: [...] }; the file's own header is then a record.";
    throw new InvalidFileSourceError(`${path}: two columns are named ${JSON.stringify(twice)}`, hint);
  }
  if (names.length === 0) return; // an empty file
  for (const name of wanted) if (!names.includes(name)) throw new ColumnNotFoundError(path, name, names);
}

/** @throws InvalidFileSourceError for a delimiter or a type that there is not. */
export function checkCsv({ delimiter = ",", types = {} }: CsvOptions): void {
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) {
    const problem = `csv.delimiter is ${JSON.stringify(delimiter)}`;
    throw new InvalidFileSourceError(problem, "It must be one character other than a quote and a line end.");
  }
  for (const [column, type] of Object.entries(types)) {
    if (type === "string" || Object.hasOwn(csvValues, type)) continue;
    const problem = `csv.types gives column ${JSON.stringify(column)} the type ${JSON.stringify(type)}`;
    throw new InvalidFileSourceError(problem, "It must be string, number, boolean or date.");
  }
}
