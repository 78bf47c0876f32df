// Finds the shape (field names in order) of a record in one walk, and compiles for each shape a function that gathers
// its fields into columns.

import { doubles } from "./scratch.ts";
import { sizedArray } from "./sized-array.ts";

/** Objects with more fields are dictionaries rather than records; they go the general way. */
export const maxFields = 128;
/** All shapes are forgotten beyond this, so that objects used as maps cannot fill the memory. */
const maxNodes = 8_192;
/** A shape is worth compiling once so many records had it. */
const compileAfter = 64;

export type GatheredColumn = Float64Array | unknown[];

/** Field names in order, with what the codec learned about them. */
export class ObjectShape {
  readonly id: number;
  readonly keys: readonly string[];
  /** As on the wire: count u8, then per key its length u16 in UTF-16 units and the text as UTF-16LE. */
  readonly header: Buffer;
  /** Whether a field has held only numbers so far; such columns skip the boxes. */
  readonly #numeric: boolean[];
  #rows = 0;
  #gather: Gather | undefined;

  constructor(id: number, keys: readonly string[], sample: Record<string, unknown>) {
    this.id = id;
    this.keys = keys;
    this.header = headerOf(keys);
    this.#numeric = keys.map((key) => typeof sample[key] === "number");
  }

  /** The fields of the first `count` records, one column each; columns of numbers are scratch. */
  gather(records: readonly unknown[], count: number): GatheredColumn[] {
    this.#rows += count;
    for (;;) {
      const mark = doubles.top;
      const columns = this.#numeric.map((numeric) => (numeric ? doubles.take(count) : sizedArray<unknown>(count)));
      const failed = this.#run(records, columns, count);
      if (failed < 0) return columns;
      doubles.top = mark;
      this.#numeric[failed] = false;
      this.#gather = undefined;
    }
  }

  #run(records: readonly unknown[], columns: GatheredColumn[], count: number): number {
    if (this.#gather === undefined && this.#rows >= compileAfter) this.#gather = compileGather(this.#numeric);
    if (this.#gather !== undefined) return this.#gather(records as Fields[], columns, count, this.keys);
    return interpretGather(this.#numeric, records as Fields[], columns, count, this.keys);
  }
}

type Fields = Record<string, unknown>;
/** Fills the columns; returns -1, or the index of a numeric column that met something else. */
type Gather = (records: readonly Fields[], columns: readonly GatheredColumn[], count: number, keys: readonly string[]) => number;

/**
 * One loop for a shape. Names come in as variables, not as literals: records that are made by spreading have a hidden class
 * each, and for many of those V8 looks a literal name up at run time, which takes four times as long as all the rest.
 */
function compileGather(numeric: readonly boolean[]): Gather | undefined {
  const names = numeric.map((_, j) => `const c${j} = columns[${j}], k${j} = keys[${j}];`).join("");
  const moves = numeric.map((isNumeric, j) =>
    isNumeric ? `{ const v = record[k${j}]; if (typeof v !== "number") return ${j}; c${j}[i] = v; }` : `c${j}[i] = record[k${j}];`);
  const body = `"use strict"; ${names} for (let i = 0; i < count; i++) { const record = records[i]; ${moves.join("\n")} } return -1;`;
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- nothing of the records gets into the code
    return new Function("records", "columns", "count", "keys", body) as Gather;
  } catch {
    return undefined; // code generation is switched off in this process
  }
}

function interpretGather(
  numeric: readonly boolean[], records: readonly Fields[], columns: readonly GatheredColumn[], count: number, keys: readonly string[],
): number {
  for (let j = 0; j < keys.length; j++) {
    const key = keys[j]!;
    const column = columns[j]!;
    for (let i = 0; i < count; i++) {
      const value = records[i]![key];
      if (numeric[j] && typeof value !== "number") return j;
      column[i] = value as number;
    }
  }
  return -1;
}

function headerOf(keys: readonly string[]): Buffer {
  const parts = [Buffer.of(keys.length)];
  for (const key of keys) {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(key.length);
    parts.push(length, Buffer.from(key, "utf16le"));
  }
  return Buffer.concat(parts);
}

/** One field name further; most nodes have one way on, which is kept apart from the rest. */
class Node {
  key: string | undefined = undefined;
  next: Node | undefined = undefined;
  others: Map<string, Node> | undefined = undefined;
  shape: ObjectShape | undefined = undefined;
}

let root = new Node();
let nodes = 0;
let nextId = 0;

/** The shape of a plain object; undefined if it has no fields, too many, or names too long for a header. */
export function shapeOf(record: object): ObjectShape | undefined {
  let node: Node | undefined = root;
  for (const key in record) {
    node = node.key === key ? node.next! : step(node, key);
    if (node === undefined) return undefined;
  }
  return node.shape ?? newShape(node, record);
}

function step(node: Node, key: string): Node | undefined {
  if (node.key !== undefined) {
    const other = node.others?.get(key);
    if (other !== undefined) return other;
  }
  if (key.length > 0xffff) return undefined;
  if (nodes++ > maxNodes) {
    root = new Node();
    nodes = 0;
  }
  const next = new Node();
  if (node.key === undefined) {
    node.key = key;
    node.next = next;
  } else {
    (node.others ??= new Map()).set(key, next);
  }
  return next;
}

function newShape(node: Node, record: object): ObjectShape | undefined {
  const keys = Object.keys(record);
  if (keys.length === 0 || keys.length > maxFields) return undefined;
  const shape = new ObjectShape(nextId++, keys, record as Fields);
  node.shape = shape;
  return shape;
}
