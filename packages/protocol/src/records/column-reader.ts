// Reads what `column-writer.ts` wrote. The bytes may be hostile: see invariant W1 in `kinds.ts`.

import type { ByteReader } from "./byte-reader.ts";
import { BadFrameError, UnknownTypeError } from "./errors.ts";
import { readGeneral } from "./general-column.ts";
import { Kind } from "./kinds.ts";
import { paidSum, readBigInts, readCounts, readDoubles, readSmallInts } from "./number-column.ts";
import { readShape, type DecodedColumn } from "./object-builders.ts";
import { registeredTypeNamed } from "./registered-types.ts";
import { doubles, integers } from "./scratch.ts";
import { sizedArray } from "./sized-array.ts";
import { readStrings } from "./string-column.ts";

const maxDepth = 40;

/** Reads `count` values as an array of their own. */
export function readValues(reader: ByteReader, count: number, depth = 0): unknown[] {
  const doublesMark = doubles.top;
  const integersMark = integers.top;
  const column = readColumn(reader, count, depth);
  const values = Array.isArray(column) ? column : toArray(column, count);
  doubles.top = doublesMark;
  integers.top = integersMark;
  return values;
}

function toArray(column: Int32Array | Float64Array, count: number): number[] {
  const values = sizedArray<number>(count);
  for (let i = 0; i < count; i++) values[i] = column[i]!;
  return values;
}

/** Reads `count` values; typed arrays are scratch, and may be longer. */
function readColumn(reader: ByteReader, count: number, depth: number): DecodedColumn {
  if (depth > maxDepth) throw new BadFrameError("columns nested too deep");
  const kind = reader.u8();
  if (count > reader.remaining) throw new BadFrameError("it ends too early"); // W1
  switch (kind) {
    case Kind.smallInts: return readSmallInts(reader, count);
    case Kind.bigInts: return readBigInts(reader, count);
    case Kind.doubles: return readDoubles(reader, count);
    case Kind.booleans: return readBooleans(reader, count);
    case Kind.latin1: case Kind.utf16: case Kind.dictionary: return readStrings(reader, kind, count);
    case Kind.int64s: return readInt64s(reader, count);
    case Kind.bigintTexts: return readBigintTexts(reader, count, depth);
    case Kind.dates: return readDates(reader, count, depth);
    case Kind.buffers: case Kind.byteArrays: return readBytes(reader, count, kind);
    case Kind.objects: return readObjects(reader, count, depth);
    case Kind.arrays: return readArrays(reader, count, depth);
    case Kind.groups: return readGroups(reader, count, depth);
    case Kind.registered: return readRegistered(reader, count, depth);
    case Kind.general: return readGeneral(reader, count);
    default: throw new BadFrameError(`a column of kind ${kind}`);
  }
}

function readBooleans(reader: ByteReader, count: number): boolean[] {
  const at = reader.skip(count);
  const values = sizedArray<boolean>(count);
  for (let i = 0; i < count; i++) values[i] = reader.bytes[at + i] !== 0;
  return values;
}

function readInt64s(reader: ByteReader, count: number): bigint[] {
  const at = reader.skip(count * 8);
  const values = sizedArray<bigint>(count);
  for (let i = 0; i < count; i++) values[i] = reader.view.getBigInt64(at + i * 8, true);
  return values;
}

function readBigintTexts(reader: ByteReader, count: number, depth: number): bigint[] {
  return readValues(reader, count, depth + 1).map(parseBigint);
}

/** The inverse of `toString(36)`; halves, since digit by digit would take quadratic time. */
function parseBigint(text: unknown): bigint {
  if (typeof text !== "string" || !/^-?[0-9a-z]+$/.test(text)) throw new BadFrameError("a bigint without digits");
  return text.startsWith("-") ? -parseDigits(text.slice(1)) : parseDigits(text);
}

function parseDigits(digits: string): bigint {
  if (digits.length <= 10) return BigInt(Number.parseInt(digits, 36)); // 36^10 < 2^53
  const low = digits.length >> 1;
  return parseDigits(digits.slice(0, -low)) * 36n ** BigInt(low) + parseDigits(digits.slice(-low));
}

function readDates(reader: ByteReader, count: number, depth: number): Date[] {
  const times = readValues(reader, count, depth + 1);
  return times.map((time) => {
    if (typeof time !== "number") throw new BadFrameError("a date without a time");
    return new Date(time);
  });
}

function readBytes(reader: ByteReader, count: number, kind: number): Uint8Array[] {
  const mark = doubles.top;
  const lengths = readCounts(reader, count);
  let at = reader.skip(paidSum(reader, lengths, count, 1));
  const values = sizedArray<Uint8Array>(count);
  for (let i = 0; i < count; i++) {
    const end = at + lengths[i]!;
    // Copies, so that one kept value does not keep the frame.
    const copy = Uint8Array.prototype.slice.call(reader.bytes, at, end);
    values[i] = kind === Kind.buffers ? Buffer.from(copy.buffer, copy.byteOffset, copy.length) : new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
    at = end;
  }
  doubles.top = mark;
  return values;
}

function readObjects(reader: ByteReader, count: number, depth: number): object[] {
  const doublesMark = doubles.top;
  const integersMark = integers.top;
  const shape = readShape(reader);
  const columns: DecodedColumn[] = [];
  for (let j = 0; j < shape.keys.length; j++) columns.push(readColumn(reader, count, depth + 1));
  const objects = shape.build(columns, count);
  doubles.top = doublesMark;
  integers.top = integersMark;
  return objects;
}

function readArrays(reader: ByteReader, count: number, depth: number): unknown[][] {
  const mark = doubles.top;
  const lengths = readCounts(reader, count);
  const sum = paidSum(reader, lengths, count, 1);
  if (reader.u32() !== sum) throw new BadFrameError("arrays whose lengths do not add up");
  const items = sum === 0 ? [] : readValues(reader, sum, depth + 1);
  const values = sizedArray<unknown[]>(count);
  for (let i = 0, at = 0; i < count; i++) {
    const end = at + lengths[i]!;
    values[i] = items.slice(at, end);
    at = end;
  }
  doubles.top = mark;
  return values;
}

function readGroups(reader: ByteReader, count: number, depth: number): unknown[] {
  const groupCount = reader.u8();
  const tagsAt = reader.skip(count);
  const tags = reader.bytes;
  const sizes = sizedArray<number>(groupCount).fill(0);
  for (let i = 0; i < count; i++) {
    const tag = tags[tagsAt + i]!;
    if (tag >= groupCount) throw new BadFrameError(`group ${tag} of ${groupCount}`);
    sizes[tag]!++;
  }
  const groups = sizes.map((size) => readGroup(reader, size, depth + 1));
  const next = sizes.fill(0);
  const values = sizedArray<unknown>(count);
  for (let i = 0; i < count; i++) {
    const tag = tags[tagsAt + i]!;
    values[i] = groups[tag]![next[tag]!++];
  }
  return values;
}

function readGroup(reader: ByteReader, size: number, depth: number): unknown[] {
  if (size === 0) throw new BadFrameError("an empty group");
  const kind = reader.bytes[reader.position];
  if (kind !== Kind.nulls && kind !== Kind.undefineds) return readValues(reader, size, depth);
  reader.u8();
  return sizedArray<unknown>(size).fill(kind === Kind.nulls ? null : undefined);
}

function readRegistered(reader: ByteReader, count: number, depth: number): object[] {
  const length = reader.u32();
  const at = reader.skip(length);
  const name = reader.bytes.toString("utf8", at, at + length);
  const type = registeredTypeNamed(name);
  if (type === undefined) throw new UnknownTypeError(name.slice(0, 200));
  return readValues(reader, count, depth + 1).map((plain) => type.fromPlain(plain));
}
