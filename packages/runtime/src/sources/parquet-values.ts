// What a column's stored values become in JavaScript.
//
// Values that could be changed in place (Date, bytes, JSON) are kept as numbers, texts and shared bytes in the column
// and made anew for each record: dictionaries would otherwise put one object into many records.

import type { ParquetParsers, SchemaElement } from "hyparquet";
import { convert, DEFAULT_PARSERS, parseDecimal } from "hyparquet/src/convert.js";
import type { readPage } from "hyparquet/src/column.js";
import { UnsafeIntegerError } from "./source-errors.ts";

export type ColumnDecoder = Parameters<typeof readPage>[2];
type Stored = Parameters<typeof convert>[0];

/** How the value of a record is made from the column's; named in generated code. */
export type ValueKind = "plain" | "instant" | "json" | "bytes" | "nested";

export interface Int64Options {
  readonly path: string;
  readonly column: string;
  readonly int64: "number" | "bigint";
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");

/** Instants as milliseconds since the epoch, JSON as its text. */
export const columnParsers: ParquetParsers = {
  ...DEFAULT_PARSERS,
  timestampFromNanoseconds: (nanos) => Number(nanos / 1_000_000n),
  stringFromBytes: textOf,
  jsonFromBytes: textOf,
  geometryFromBytes: (bytes) => bytes,
  geographyFromBytes: (bytes) => bytes,
};

/** The element with the older type name filled in, which is the one that hyparquet looks at. */
export function withConvertedType(element: SchemaElement): SchemaElement {
  const logical = element.logical_type;
  if (element.converted_type || !logical) return element;
  if (logical.type === "DATE" || logical.type === "JSON") return { ...element, converted_type: logical.type };
  return logical.type === "DECIMAL" ? { ...element, converted_type: "DECIMAL", scale: logical.scale } : element;
}

export function kindOf(element: SchemaElement, utf8: boolean): ValueKind {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === "DATE" || converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS") return "instant";
  if (logical?.type === "TIMESTAMP" || (type === "INT96" && !converted)) return "instant";
  if (converted === "JSON") return "json";
  if (type === "FIXED_LEN_BYTE_ARRAY") return converted || logical?.type === "UUID" || logical?.type === "FLOAT16" ? "plain" : "bytes";
  const isText = utf8 || converted === "UTF8" || converted === "ENUM" || converted === "DECIMAL";
  return type === "BYTE_ARRAY" && !isText && logical?.type !== "STRING" && logical?.type !== "ENUM" ? "bytes" : "plain";
}

/** The values of a page or dictionary that are there, nulls aside, one for one. */
export function toValues(stored: Stored, decoder: ColumnDecoder, options: Int64Options): ArrayLike<unknown> {
  const { type, converted_type: converted, logical_type: logical, scale = 0 } = decoder.element;
  if (converted === "DECIMAL") {
    const factor = 10 ** scale; // to divide by it rounds once, to multiply by 10 ** -scale twice
    return Array.from(stored, (value) => (value instanceof Uint8Array ? parseDecimal(value) : Number(value)) / factor);
  }
  if (converted === "DATE") return Array.from(stored, (days) => Number(days) * 86_400_000);
  if (type === "BYTE_ARRAY" && (converted === "ENUM" || logical?.type === "ENUM")) return Array.from(stored as Uint8Array[], textOf);
  if (type !== "INT64") return convert(stored, decoder);
  const integers = stored instanceof BigInt64Array ? stored : BigInt64Array.from(stored as bigint[]);
  const perMs = ticksPerMs(decoder.element);
  if (perMs !== null) return int64ToMs(integers, perMs);
  const isUnsigned = converted === "UINT_64" || (logical?.type === "INTEGER" && !logical.isSigned);
  if (options.int64 === "bigint") {
    return isUnsigned ? new BigUint64Array(integers.buffer, integers.byteOffset, integers.length) : integers;
  }
  return int64ToNumbers(integers, isUnsigned, options);
}

function ticksPerMs({ converted_type: converted, logical_type: logical }: SchemaElement): number | null {
  if (converted === "TIMESTAMP_MILLIS") return 1;
  if (converted === "TIMESTAMP_MICROS") return 1_000;
  if (logical?.type !== "TIMESTAMP") return null;
  return { MILLIS: 1, MICROS: 1_000, NANOS: 1_000_000 }[logical.unit];
}

/** Whole numbers without a bigint for each; an array and not doubles, so that V8 keeps small ones unboxed. */
function int64ToNumbers(integers: BigInt64Array, isUnsigned: boolean, { path, column }: Int64Options): number[] {
  const words = new Int32Array(integers.buffer, integers.byteOffset, integers.length * 2);
  const numbers = new Array<number>(integers.length); // oxlint-disable-line unicorn/no-new-array
  for (let i = 0; i < integers.length; i++) {
    const low = words[2 * i]!;
    const high = words[2 * i + 1]!;
    if (high === low >> 31 && !(isUnsigned && high < 0)) {
      numbers[i] = low;
      continue;
    }
    const value = (isUnsigned ? high >>> 0 : high) * 2 ** 32 + (low >>> 0);
    if (!Number.isSafeInteger(value)) {
      throw new UnsafeIntegerError(path, column, isUnsigned ? BigInt.asUintN(64, integers[i]!) : integers[i]!);
    }
    numbers[i] = value;
  }
  return numbers;
}

/** Milliseconds, rounded down. The high word is divided apart, so that every step is exact. */
function int64ToMs(integers: BigInt64Array, ticksPerMillisecond: number): number[] {
  const words = new Int32Array(integers.buffer, integers.byteOffset, integers.length * 2);
  const wholeMs = Math.floor(2 ** 32 / ticksPerMillisecond);
  const restTicks = 2 ** 32 - wholeMs * ticksPerMillisecond;
  const times = new Array<number>(integers.length); // oxlint-disable-line unicorn/no-new-array
  for (let i = 0; i < integers.length; i++) {
    const high = words[2 * i + 1]!;
    times[i] = high * wholeMs + Math.floor((high * restTicks + (words[2 * i]! >>> 0)) / ticksPerMillisecond);
  }
  return times;
}
