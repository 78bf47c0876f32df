// Writes JavaScript values as pickles of protocols 0 to 5, for CPython to load.
//
// null and undefined → None, boolean → bool, whole number and bigint → int, other number → float, string → str,
// Uint8Array → bytes, array → list, Map and plain object → dict (a plain object's undefined values are left out),
// Set → set; the classes of python-values.ts → what they stand for. What is reached twice arrives as one object, so
// that cycles are possible.

import { PickleWriteError } from "./errors.ts";
import { integerToBytes } from "./integers.ts";
import { op } from "./opcodes.ts";
import { PersistentId, PyFloat, PyGlobal, PyObject, PyTuple } from "./python-values.ts";
import { toRawUnicode } from "./text-escapes.ts";
import { encodeText } from "./utf8.ts";

export type Protocol = 0 | 1 | 2 | 3 | 4 | 5;

export interface PickleWriteOptions {
  /** Default 4, which every Python since 3.4 reads. */
  readonly protocol?: Protocol;
  /** Another value for an object, or `undefined` to write it as it is. */
  readonly replace?: (value: object) => unknown;
}

/** Deeper values are refused: Python's own reader and printers give up about there. */
const maxDepth = 1_000;

/** Which Python 3 translates back when it reads protocols 0 to 2. */
const modulesOfPython2: ReadonlyMap<string, string> = new Map([["builtins", "__builtin__"], ["copyreg", "copy_reg"]]);

/** @throws {@link PickleWriteError} naming where in the value something lies that no pickle can hold. */
export function writePickle(value: unknown, options: PickleWriteOptions = {}): Buffer {
  return new Writer(options).write(value);
}

class Writer {
  readonly #protocol: Protocol;
  readonly #replace: ((value: object) => unknown) | undefined;
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;
  readonly #memo = new Map<object, number>();
  readonly #path: (string | number)[] = [];

  constructor({ protocol = 4, replace }: PickleWriteOptions) {
    this.#protocol = protocol;
    this.#replace = replace;
  }

  write(value: unknown): Buffer {
    if (this.#protocol >= 2) this.#code(op.PROTO, this.#protocol);
    this.#value(value);
    this.#code(op.STOP);
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "undefined": return this.#code(op.NONE);
      case "boolean": return this.#boolean(value);
      case "number": return Number.isInteger(value) ? this.#integer(value) : this.#float(value);
      case "bigint": return this.#integer(value);
      case "string": return this.#string(value);
      case "object": return value === null ? this.#code(op.NONE) : this.#object(value);
      default: return this.#refuse(`a ${typeof value}`);
    }
  }

  #refuse(what: string): never {
    throw new PickleWriteError(what, this.#path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join(""));
  }

  /** A part of a container: knows where it is, and how deep. */
  #part(key: string | number, value: unknown): void {
    if (this.#path.length >= maxDepth) this.#refuse(`a value nested more than ${maxDepth} levels deep`);
    this.#path.push(key);
    this.#value(value);
    this.#path.pop();
  }

  #object(original: object): void {
    const replaced = this.#replace?.(original);
    if (replaced !== undefined && replaced !== original) return this.#value(replaced);
    const known = this.#memo.get(original);
    if (known !== undefined) return this.#recall(known);
    if (original instanceof Uint8Array) return this.#binary(original);
    if (Array.isArray(original)) return this.#list(original, original);
    if (original instanceof Map) return this.#dict(original, [...original]);
    if (original instanceof Set) return this.#set(original);
    if (original instanceof PyTuple) return this.#tuple(original);
    if (original instanceof PyFloat) return this.#float(original.value);
    if (original instanceof PyGlobal) return this.#global(original);
    if (original instanceof PyObject) return this.#recipe(original);
    if (original instanceof PersistentId) return this.#persistent(original.value);
    const prototype: unknown = Object.getPrototypeOf(original);
    if (prototype !== Object.prototype && prototype !== null) this.#refuse(`an instance of ${original.constructor?.name || "a class"}`);
    this.#dict(original, Object.entries(original).filter(([, value]) => value !== undefined));
  }

  // — atoms

  #boolean(value: boolean): void {
    if (this.#protocol >= 2) this.#code(value ? op.NEWTRUE : op.NEWFALSE);
    else this.#line(op.INT, value ? "01" : "00");
  }

  #integer(value: number | bigint): void {
    const small = value >= -(2 ** 31) && value < 2 ** 31;
    if (!small) return this.#long(BigInt(value));
    const number = Number(value);
    if (this.#protocol === 0) this.#line(op.INT, String(number));
    else if (number >= 0 && number < 256) this.#code(op.BININT1, number);
    else if (number >= 0 && number < 65_536) this.#code(op.BININT2, number & 0xff, number >> 8);
    else this.#sized(op.BININT, number >>> 0);
  }

  #long(value: bigint): void {
    if (this.#protocol < 2) return this.#line(op.LONG, `${value}L`);
    const bytes = integerToBytes(value);
    if (bytes.length < 256) this.#code(op.LONG1, bytes.length);
    else this.#sized(op.LONG4, bytes.length);
    this.#raw(bytes);
  }

  #float(value: number): void {
    if (this.#protocol === 0) return this.#line(op.FLOAT, Object.is(value, -0) ? "-0.0" : String(value));
    this.#code(op.BINFLOAT);
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  #string(value: string): void {
    if (this.#protocol === 0) return this.#line(op.UNICODE, toRawUnicode(value));
    const bytes = encodeText(value);
    if (this.#protocol >= 4 && bytes.length < 256) this.#code(op.SHORT_BINUNICODE, bytes.length);
    else if (bytes.length < 2 ** 32) this.#sized(op.BINUNICODE, bytes.length);
    else this.#refuse("a string of more than 4 GiB");
    this.#raw(bytes);
  }

  #binary(value: Uint8Array): void {
    if (this.#protocol < 3) return this.#call("_codecs", "encode", Buffer.from(value).toString("latin1"), "latin1");
    if (value.length < 256) this.#code(op.SHORT_BINBYTES, value.length);
    else if (value.length < 2 ** 32) this.#sized(op.BINBYTES, value.length);
    else this.#refuse("bytes of more than 4 GiB");
    this.#raw(value);
  }

  #global({ module, name }: PyGlobal): void {
    if (/\n/.test(module + name)) this.#refuse("a name with a line break");
    if (this.#protocol >= 4) {
      this.#string(module);
      this.#string(name);
      return this.#code(op.STACK_GLOBAL);
    }
    this.#code(op.GLOBAL);
    this.#raw(Buffer.from(`${this.#protocol < 3 ? modulesOfPython2.get(module) ?? module : module}\n${name}\n`));
  }

  #persistent(value: unknown): void {
    if (this.#protocol >= 1) {
      this.#part("persistent id", value);
      return this.#code(op.BINPERSID);
    }
    if (typeof value !== "string" || /[^\x20-\x7e]/.test(value)) this.#refuse("a persistent id that is not plain text, in protocol 0,");
    this.#line(op.PERSID, value);
  }

  // — containers

  #list(owner: object, items: readonly unknown[]): void {
    this.#empty(op.EMPTY_LIST, op.LIST);
    this.#memoize(owner);
    this.#items(items);
  }

  #items(items: readonly unknown[]): void {
    if (items.length === 0) return;
    if (this.#protocol >= 1) this.#code(op.MARK);
    for (let i = 0; i < items.length; i++) {
      this.#part(i, items[i]);
      if (this.#protocol === 0) this.#code(op.APPEND);
    }
    if (this.#protocol >= 1) this.#code(op.APPENDS);
  }

  #dict(owner: object, entries: readonly (readonly [unknown, unknown])[]): void {
    this.#empty(op.EMPTY_DICT, op.DICT);
    this.#memoize(owner);
    this.#entries(entries);
  }

  #entries(entries: readonly (readonly [unknown, unknown])[]): void {
    if (entries.length === 0) return;
    if (this.#protocol >= 1) this.#code(op.MARK);
    for (const [key, value] of entries) {
      this.#part("(key)", key);
      this.#part(typeof key === "string" ? key : "(value)", value);
      if (this.#protocol === 0) this.#code(op.SETITEM);
    }
    if (this.#protocol >= 1) this.#code(op.SETITEMS);
  }

  #set(owner: ReadonlySet<unknown>): void {
    if (this.#protocol < 4) return this.#call("builtins", "set", [...owner]);
    this.#code(op.EMPTY_SET);
    this.#memoize(owner);
    if (owner.size === 0) return;
    this.#code(op.MARK);
    for (const item of owner) this.#part("(item)", item);
    this.#code(op.ADDITEMS);
  }

  #tuple(owner: PyTuple): void {
    const { items } = owner;
    const short = this.#protocol >= 2 && items.length < 4;
    if (!short) this.#code(op.MARK);
    items.forEach((item, i) => this.#part(i, item));
    const known = this.#memo.get(owner); // set by an item that holds this very tuple
    if (known !== undefined) {
      if (short) for (const _ of items) this.#code(op.POP);
      else this.#dropMark(items.length);
      return this.#recall(known);
    }
    this.#code(short ? [op.EMPTY_TUPLE, op.TUPLE1, op.TUPLE2, op.TUPLE3][items.length]! : op.TUPLE);
    this.#memoize(owner);
  }

  #dropMark(items: number): void {
    if (this.#protocol >= 1) return this.#code(op.POP_MARK);
    for (let i = 0; i <= items; i++) this.#code(op.POP);
  }

  #recipe(owner: PyObject): void {
    const { callee, args, via, kwargs } = owner;
    if (via === "new" && kwargs && this.#protocol < 4) this.#refuse("an object made with keywords, below protocol 4,");
    if (via === "new" && this.#protocol < 2) this.#part("(class)", new PyGlobal("copyreg", "__newobj__"));
    else this.#part("(class)", callee);
    this.#part("(arguments)", new PyTuple(via === "new" && this.#protocol < 2 ? [callee, ...args] : args));
    if (via === "new" && kwargs) this.#part("(keywords)", kwargs);
    this.#code(via === "call" || this.#protocol < 2 ? op.REDUCE : kwargs ? op.NEWOBJ_EX : op.NEWOBJ);
    this.#memoize(owner);
    this.#items(owner.items);
    this.#entries(owner.entries);
    if (owner.state === undefined) return;
    this.#part("(state)", owner.state);
    this.#code(op.BUILD);
  }

  #call(module: string, name: string, ...args: unknown[]): void {
    this.#global(new PyGlobal(module, name));
    this.#tuple(new PyTuple(args));
    this.#code(op.REDUCE);
  }

  #empty(short: number, long: number): void {
    if (this.#protocol >= 1) this.#code(short);
    else this.#code(op.MARK, long);
  }

  // — memo

  #memoize(owner: object): void {
    const index = this.#memo.size;
    this.#memo.set(owner, index);
    if (this.#protocol >= 4) this.#code(op.MEMOIZE);
    else if (this.#protocol === 0) this.#line(op.PUT, String(index));
    else if (index < 256) this.#code(op.BINPUT, index);
    else this.#sized(op.LONG_BINPUT, index);
  }

  #recall(index: number): void {
    if (this.#protocol === 0) this.#line(op.GET, String(index));
    else if (index < 256) this.#code(op.BINGET, index);
    else this.#sized(op.LONG_BINGET, index);
  }

  // — bytes

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  #code(...bytes: number[]): void {
    this.#reserve(bytes.length);
    for (const byte of bytes) this.#bytes[this.#length++] = byte;
  }

  #sized(code: number, value: number): void {
    this.#code(code);
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #line(code: number, text: string): void {
    this.#code(code);
    this.#raw(Buffer.from(`${text}\n`, "latin1"));
  }
}
