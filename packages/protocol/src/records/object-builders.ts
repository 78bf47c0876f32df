// Makes objects of one shape from columns: per shape, and per storage of its columns, one compiled loop with one object
// literal, so that all objects of a shape share a hidden class.
//
// Field names come from the wire: they enter the code only as JSON string literals, `__proto__` as a computed name, which
// makes a field of it like of any other.

import type { ByteReader } from "./byte-reader.ts";
import { BadFrameError } from "./errors.ts";
import { sizedArray } from "./sized-array.ts";

export type DecodedColumn = Int32Array | Float64Array | unknown[];
type Build = (columns: readonly DecodedColumn[], count: number) => object[];

const maxShapes = 1_024;
const maxBuilders = 16;
/** Objects of a shape are worth compiling for once there were so many. */
const compileAfter = 16;

export class DecodedShape {
  readonly keys: readonly string[];
  readonly #builders = new Map<string, Build>();
  #rows = 0;

  constructor(keys: readonly string[]) {
    this.keys = keys;
  }

  build(columns: readonly DecodedColumn[], count: number): object[] {
    this.#rows += count;
    if (this.#rows < compileAfter) return interpretBuild(this.keys, columns, count);
    const storage = storageOf(columns);
    let builder = this.#builders.get(storage);
    if (builder === undefined) {
      if (this.#builders.size >= maxBuilders) this.#builders.clear();
      builder = compileBuild(this.keys) ?? ((cols, n) => interpretBuild(this.keys, cols, n));
      this.#builders.set(storage, builder);
    }
    return builder(columns, count);
  }
}

/** One letter a column: a builder whose columns are always stored alike reads them at full speed. */
function storageOf(columns: readonly DecodedColumn[]): string {
  let storage = "";
  for (const column of columns) storage += column instanceof Int32Array ? "i" : column instanceof Float64Array ? "d" : "a";
  return storage;
}

function compileBuild(keys: readonly string[]): Build | undefined {
  const names = keys.map((_, j) => `const c${j} = columns[${j}];`).join("");
  const fields = keys.map((key, j) => `${key === "__proto__" ? '["__proto__"]' : JSON.stringify(key)}: c${j}[i]`);
  const body = `"use strict"; ${names} const out = new Array(count);
    for (let i = 0; i < count; i++) out[i] = { ${fields.join(", ")} };
    return out;`;
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- of wire data it holds only JSON string literals
    return new Function("columns", "count", body) as Build;
  } catch {
    return undefined; // code generation is switched off in this process
  }
}

function interpretBuild(keys: readonly string[], columns: readonly DecodedColumn[], count: number): object[] {
  const out = sizedArray<object>(count);
  for (let i = 0; i < count; i++) {
    const record: Record<string, unknown> = {};
    for (let j = 0; j < keys.length; j++) {
      const key = keys[j]!;
      const value = columns[j]![i];
      if (key === "__proto__") Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
      else record[key] = value;
    }
    out[i] = record;
  }
  return out;
}

const shapes = new Map<string, DecodedShape>();

/** Reads the header of a shape, see `ObjectShape.header`. */
export function readShape(reader: ByteReader): DecodedShape {
  const start = reader.position;
  const keyCount = reader.u8();
  for (let j = 0; j < keyCount; j++) reader.skip(reader.u16() * 2);
  const header = reader.bytes.toString("latin1", start, reader.position);
  let shape = shapes.get(header);
  if (shape === undefined) {
    shape = new DecodedShape(parseKeys(reader, start));
    if (shapes.size >= maxShapes) shapes.clear();
    shapes.set(header, shape);
  }
  return shape;
}

function parseKeys(reader: ByteReader, start: number): string[] {
  const keys: string[] = [];
  let at = start + 1;
  for (let j = reader.bytes[start]!; j > 0; j--) {
    const end = at + 2 + reader.bytes.readUInt16LE(at) * 2;
    keys.push(reader.bytes.toString("utf16le", at + 2, end));
    at = end;
  }
  if (keys.length === 0 || new Set(keys).size < keys.length) throw new BadFrameError("a record without or with double fields");
  return keys;
}
