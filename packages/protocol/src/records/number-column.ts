// Columns of numbers. Integers are packed as distances from the smallest one, so that ids, prices and timestamps take
// one, two or four bytes; everything else (also -0, NaN and the infinities) is written as it is in memory.

import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { BadFrameError } from "./errors.ts";
import { Kind } from "./kinds.ts";
import { doubles, integers } from "./scratch.ts";

/** Writes the first `count` numbers of `values` with their kind in front. */
export function writeNumbers(writer: ByteWriter, values: Float64Array, count: number): void {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value !== Math.floor(value) || Object.is(value, -0)) return writeDoubles(writer, values, count);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const range = max - min;
  if (!(range <= 0xffffffff) || min < Number.MIN_SAFE_INTEGER || max > Number.MAX_SAFE_INTEGER) {
    return writeDoubles(writer, values, count);
  }
  writer.u8(min >= -0x80000000 && max <= 0x7fffffff ? Kind.smallInts : Kind.bigInts);
  writer.f64(min);
  writeDistances(writer, values, count, min, range);
}

function writeDoubles(writer: ByteWriter, values: Float64Array, count: number): void {
  writer.u8(Kind.doubles);
  let at = writer.reserve(count * 8);
  const view = writer.view;
  for (let i = 0; i < count; i++, at += 8) view.setFloat64(at, values[i]!, true);
}

function writeDistances(writer: ByteWriter, values: Float64Array, count: number, min: number, range: number): void {
  const width = range <= 0xff ? 1 : range <= 0xffff ? 2 : 4;
  writer.u8(width);
  let at = writer.reserve(count * width);
  const { bytes, view } = writer;
  if (width === 1) for (let i = 0; i < count; i++, at++) bytes[at] = values[i]! - min;
  else if (width === 2) for (let i = 0; i < count; i++, at += 2) view.setUint16(at, values[i]! - min, true);
  else for (let i = 0; i < count; i++, at += 4) view.setUint32(at, values[i]! - min, true);
}

/** Reads a column of {@link Kind.smallInts} into scratch. */
export function readSmallInts(reader: ByteReader, count: number): Int32Array {
  const base = reader.f64() | 0;
  const width = reader.u8();
  let at = reader.skip(count * widthOf(width));
  const { bytes, view } = reader;
  const values = integers.take(count);
  if (width === 1) for (let i = 0; i < count; i++, at++) values[i] = (base + bytes[at]!) | 0;
  else if (width === 2) for (let i = 0; i < count; i++, at += 2) values[i] = (base + view.getUint16(at, true)) | 0;
  else for (let i = 0; i < count; i++, at += 4) values[i] = (base + view.getInt32(at, true)) | 0;
  return values;
}

/** Reads a column of {@link Kind.bigInts} into scratch. */
export function readBigInts(reader: ByteReader, count: number): Float64Array {
  const base = reader.f64();
  const width = reader.u8();
  let at = reader.skip(count * widthOf(width));
  const { bytes, view } = reader;
  const values = doubles.take(count);
  if (width === 1) for (let i = 0; i < count; i++, at++) values[i] = base + bytes[at]!;
  else if (width === 2) for (let i = 0; i < count; i++, at += 2) values[i] = base + view.getUint16(at, true);
  else for (let i = 0; i < count; i++, at += 4) values[i] = base + view.getUint32(at, true);
  return values;
}

/** Reads a column of {@link Kind.doubles} into scratch. */
export function readDoubles(reader: ByteReader, count: number): Float64Array {
  let at = reader.skip(count * 8);
  const view = reader.view;
  const values = doubles.take(count);
  for (let i = 0; i < count; i++, at += 8) values[i] = view.getFloat64(at, true);
  return values;
}

function widthOf(width: number): number {
  if (width !== 1 && width !== 2 && width !== 4) throw new BadFrameError(`a width of ${width} bytes`);
  return width;
}

/** Writes non-negative integers up to 2^32-1 in the fewest bytes: width u8, then the numbers. */
export function writeCounts(writer: ByteWriter, counts: ArrayLike<number>, count: number, max: number): void {
  const width = max <= 0xff ? 1 : max <= 0xffff ? 2 : 4;
  writer.u8(width);
  let at = writer.reserve(count * width);
  const { bytes, view } = writer;
  for (let i = 0; i < count; i++, at += width) {
    const value = counts[i]!;
    if (width === 1) bytes[at] = value;
    else if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
}

/** Reads what {@link writeCounts} wrote, into scratch. */
export function readCounts(reader: ByteReader, count: number): Float64Array {
  const width = widthOf(reader.u8());
  let at = reader.skip(count * width);
  const { bytes, view } = reader;
  const counts = doubles.take(count);
  for (let i = 0; i < count; i++, at += width) {
    counts[i] = width === 1 ? bytes[at]! : width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  }
  return counts;
}

/** The sum of counts that the rest of the frame must pay for, `unitBytes` each. */
export function paidSum(reader: ByteReader, counts: Float64Array, count: number, unitBytes: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += counts[i]!;
  if (sum * unitBytes > reader.remaining) throw new BadFrameError("it ends too early");
  return sum;
}
