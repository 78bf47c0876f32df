// Writes a column: values of one class in the form that suits the class, a mixture as groups, anything else by msgpackr.
//
// Columns nest (fields of objects, items of arrays). Data that contains itself would nest for ever: when objects of a
// deeper level turn up again, or at `maxDepth`, the whole batch goes to msgpackr, which knows references.

import type { ByteWriter } from "./byte-writer.ts";
import { writeGeneral } from "./general-column.ts";
import { Kind } from "./kinds.ts";
import { writeCounts, writeNumbers } from "./number-column.ts";
import { shapeOf, type ObjectShape } from "./object-shapes.ts";
import { registeredTypeOf, type RegisteredType } from "./registered-types.ts";
import { doubles } from "./scratch.ts";
import { sizedArray } from "./sized-array.ts";
import { writeStrings } from "./string-column.ts";
import { unboxed } from "./value-kinds.ts";
import { classOf, ValueClass } from "./value-class.ts";

const maxDepth = 12;
/** From this depth on, objects are compared with those of the levels above. */
const watchedDepth = 3;

/** Thrown when data is nested too deep for columns, or contains itself. */
export class TooDeep extends Error {}

type Values = readonly unknown[];
/** The objects of the levels above; undefined while nesting is shallow. */
type Above = readonly Values[];

/** Writes all of `values`, at least one, with their kind in front. @throws {@link TooDeep}, {@link Unsendable} */
export function writeColumn(writer: ByteWriter, values: Values, above: Above = []): void {
  if (above.length > maxDepth) throw new TooDeep();
  const valueClass = classOf(values[0]);
  if (valueClass === ValueClass.number && writeIfNumbers(writer, values)) return;
  if (valueClass === ValueClass.object && writeIfUniform(writer, values, above)) return;
  if (valueClass === ValueClass.string && areStrings(values)) return writeStrings(writer, values, values.length);
  if (valueClass === ValueClass.boolean && areBooleans(values)) return writeBooleans(writer, values);
  if (valueClass === ValueClass.array && areArrays(values)) return writeArrays(writer, values as unknown[][], above);
  writeClassified(writer, values, above);
}

// Each with its type written out: compared with a variable, `typeof` becomes a call for every value.

function areStrings(values: Values): boolean {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "string") return false;
  return true;
}

function areBooleans(values: Values): boolean {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "boolean") return false;
  return true;
}

function areArrays(values: Values): boolean {
  for (let i = 0; i < values.length; i++) if (!Array.isArray(values[i])) return false;
  return true;
}

function writeIfNumbers(writer: ByteWriter, values: Values): boolean {
  const mark = doubles.top;
  const numbers = doubles.take(values.length);
  let i = 0;
  for (; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number") break;
    numbers[i] = value;
  }
  if (i === values.length) writeNumbers(writer, numbers, i);
  doubles.top = mark;
  return i === values.length;
}

const objectPrototype = Object.prototype;

/** Writes plain objects that all have one shape; false, with nothing written, if they are something else. */
function writeIfUniform(writer: ByteWriter, values: Values, above: Above): boolean {
  const shape = shapeOf(values[0] as object);
  if (shape === undefined) return false;
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "object" || value === null) return false;
    if (Object.getPrototypeOf(value) !== objectPrototype || shapeOf(value) !== shape) return false;
  }
  writeObjects(writer, shape, values, above);
  return true;
}

function writeObjects(writer: ByteWriter, shape: ObjectShape, values: Values, above: Above): void {
  if (above.length >= watchedDepth) refuseCycles(values, above);
  writer.u8(Kind.objects);
  writer.raw(shape.header);
  const mark = doubles.top;
  const deeper = [...above, values];
  for (const column of shape.gather(values, values.length)) {
    if (column instanceof Float64Array) writeNumbers(writer, column, values.length);
    else writeColumn(writer, column, deeper);
  }
  doubles.top = mark;
}

function refuseCycles(values: Values, above: Above): void {
  const known = new Set<unknown>();
  for (const level of above) for (const value of level) known.add(value);
  for (const value of values) if (known.has(value)) throw new TooDeep();
}

/** Rows of one group, and how to write them. */
interface Group {
  readonly valueClass: number;
  readonly rows: unknown[];
  readonly shape: ObjectShape | undefined;
  readonly type: RegisteredType | undefined;
}

const maxGroups = 255;

function writeClassified(writer: ByteWriter, values: Values, above: Above): void {
  const tags = new Uint8Array(values.length);
  const groups = grouped(values, tags, true) ?? grouped(values, tags, false)!;
  const only = groups.length === 1 ? groups[0]! : undefined;
  if (only !== undefined && only.valueClass !== ValueClass.null && only.valueClass !== ValueClass.undefined) {
    return writeGroup(writer, only, above);
  }
  writer.u8(Kind.groups);
  writer.u8(groups.length);
  writer.raw(tags);
  for (const group of groups) writeGroup(writer, group, above);
}

/** A class instance as an object of its own enumerable fields, a boxed primitive as the primitive. */
function toPlain(instance: object): unknown {
  const inner = unboxed(instance);
  return inner === instance ? { ...instance } : inner;
}

/** Sorts rows into groups and fills `tags`; undefined if `byShape` would make too many small ones. */
function grouped(values: Values, tags: Uint8Array, byShape: boolean): Group[] | undefined {
  const groups: Group[] = [];
  const indexOf = new Map<unknown, number>();
  const most = byShape ? Math.min(maxGroups, 8 + (values.length >> 3)) : maxGroups;
  let lastKey: unknown;
  let index = -1;
  for (let i = 0; i < values.length; i++) {
    let value = values[i];
    let valueClass = classOf(value);
    if (valueClass === ValueClass.instance) {
      value = toPlain(value as object);
      valueClass = classOf(value);
    }
    let shape: ObjectShape | undefined;
    let type: RegisteredType | undefined;
    if (valueClass === ValueClass.object) {
      shape = byShape ? shapeOf(value as object) : undefined;
      if (shape === undefined) valueClass = ValueClass.general;
    } else if (valueClass === ValueClass.registered) {
      type = byShape ? registeredTypeOf(Object.getPrototypeOf(value) as object) : undefined;
      if (type === undefined) valueClass = ValueClass.general;
    }
    const key = shape ?? type ?? valueClass;
    if (key !== lastKey) {
      lastKey = key;
      index = indexOf.get(key) ?? groups.length;
      if (index === most) return undefined;
      if (index === groups.length) {
        indexOf.set(key, index);
        groups.push({ valueClass, rows: [], shape, type });
      }
    }
    groups[index]!.rows.push(value);
    tags[i] = index;
  }
  return groups;
}

function writeGroup(writer: ByteWriter, { valueClass, rows, shape, type }: Group, above: Above): void {
  switch (valueClass) {
    case ValueClass.number: return void writeIfNumbers(writer, rows);
    case ValueClass.string: return writeStrings(writer, rows, rows.length);
    case ValueClass.boolean: return writeBooleans(writer, rows);
    case ValueClass.bigint: return writeBigints(writer, rows as bigint[]);
    case ValueClass.null: return writer.u8(Kind.nulls);
    case ValueClass.undefined: return writer.u8(Kind.undefineds);
    case ValueClass.date: return writeDates(writer, rows as Date[]);
    case ValueClass.buffer: return writeBytes(writer, Kind.buffers, rows as Uint8Array[]);
    case ValueClass.bytes: return writeBytes(writer, Kind.byteArrays, rows as Uint8Array[]);
    case ValueClass.array: return writeArrays(writer, rows as unknown[][], above);
    case ValueClass.object: return writeObjects(writer, shape!, rows, above);
    case ValueClass.registered: return writeRegistered(writer, type!, rows as object[], above);
    default: return writeGeneral(writer, rows);
  }
}

function writeBooleans(writer: ByteWriter, rows: Values): void {
  writer.u8(Kind.booleans);
  const at = writer.reserve(rows.length);
  for (let i = 0; i < rows.length; i++) writer.bytes[at + i] = rows[i] ? 1 : 0;
}

function writeBigints(writer: ByteWriter, rows: readonly bigint[]): void {
  if (rows.some((row) => BigInt.asIntN(64, row) !== row)) {
    writer.u8(Kind.bigintTexts);
    return writeStrings(writer, rows.map((row) => row.toString(36)), rows.length);
  }
  writer.u8(Kind.int64s);
  const at = writer.reserve(rows.length * 8);
  for (let i = 0; i < rows.length; i++) writer.view.setBigInt64(at + i * 8, rows[i]!, true);
}

function writeDates(writer: ByteWriter, rows: readonly Date[]): void {
  writer.u8(Kind.dates);
  const mark = doubles.top;
  const times = doubles.take(rows.length);
  for (let i = 0; i < rows.length; i++) times[i] = Date.prototype.getTime.call(rows[i]);
  writeNumbers(writer, times, rows.length);
  doubles.top = mark;
}

function writeBytes(writer: ByteWriter, kind: number, rows: readonly Uint8Array[]): void {
  writer.u8(kind);
  writeLengths(writer, rows);
  for (const row of rows) writer.raw(row);
}

function writeArrays(writer: ByteWriter, rows: readonly unknown[][], above: Above): void {
  writer.u8(Kind.arrays);
  const total = writeLengths(writer, rows);
  writer.u32(total);
  if (total === 0) return;
  const items = sizedArray<unknown>(total);
  let at = 0;
  for (const row of rows) for (let i = 0; i < row.length; i++) items[at++] = row[i];
  writeColumn(writer, items, [...above, rows]);
}

/** Returns their sum. */
function writeLengths(writer: ByteWriter, rows: readonly { readonly length: number }[]): number {
  const mark = doubles.top;
  const lengths = doubles.take(rows.length);
  let max = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const length = rows[i]!.length;
    lengths[i] = length;
    total += length;
    if (length > max) max = length;
  }
  writeCounts(writer, lengths, rows.length, max);
  doubles.top = mark;
  return total;
}

function writeRegistered(writer: ByteWriter, type: RegisteredType, rows: readonly object[], above: Above): void {
  writer.u8(Kind.registered);
  const name = Buffer.from(type.name);
  writer.u32(name.length);
  writer.raw(name);
  writeColumn(writer, rows.map((row) => type.toPlain(row)), [...above, rows]);
}
