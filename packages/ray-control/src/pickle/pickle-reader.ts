// Reads pickles of protocols 0 to 5 without ever executing anything: a global becomes a name, a call becomes a recipe.
//
// Invariants:
//   R1. No input makes the reader import, call or construct anything but the inert values of python-values.ts.
//   R2. Memory and time are linear in the input: lengths are checked before anything is allocated, the memo is a map.
//   R3. Whatever is wrong with the input is a PickleReadError.

import { PickleReadError } from "./errors.ts";
import { integerFromBytes, toInteger } from "./integers.ts";
import { highestProtocol, op } from "./opcodes.ts";
import { PersistentId, PyGlobal, PyObject, PyTuple } from "./python-values.ts";
import { escapedBytes, rawUnicode } from "./text-escapes.ts";
import { decodeText } from "./utf8.ts";

export interface PickleLimits {
  /** Largest pickle that is read, in bytes; default 1 GiB. */
  readonly maxBytes?: number;
}

/** As CPython's own limit: longer numbers in decimal take quadratic time. */
const maxDigits = 4_300;

const modulesOfPython2: Readonly<Record<string, string>> = Object.assign(Object.create(null), { __builtin__: "builtins", exceptions: "builtins", copy_reg: "copyreg" });

/**
 * The value of a pickle, as faithful data: lists are arrays, dicts are Maps, sets are Sets, bytes and bytearrays are
 * Buffers (views of the input), ints are numbers or, beyond 2^53, bigints; the rest are the classes of python-values.ts.
 * @throws {@link PickleReadError}
 */
export function readPickle(pickle: Uint8Array, limits: PickleLimits = {}): unknown {
  const { maxBytes = 2 ** 30 } = limits;
  if (pickle.length > maxBytes) throw new PickleReadError(`it has ${pickle.length} bytes, more than the allowed ${maxBytes}`);
  return new Machine(Buffer.from(pickle.buffer, pickle.byteOffset, pickle.byteLength)).run();
}

class Machine {
  readonly #bytes: Buffer;
  #at = 0;
  #stack: unknown[] = [];
  /** Heights of the stack at its open marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  run(): unknown {
    for (;;) {
      const code = this.#u8();
      if (code === op.STOP) return this.#pop();
      this.#step(code);
    }
  }

  #step(code: number): void {
    switch (code) {
      case op.PROTO: return this.#checkProtocol(this.#u8());
      case op.FRAME: return void this.#take(8);
      case op.MARK: return void this.#marks.push(this.#stack.length);
      case op.POP: return this.#stack.length === this.#marks.at(-1) ? void this.#marks.pop() : void this.#pop();
      case op.POP_MARK: return void this.#sinceMark();
      case op.DUP: return this.#push(this.#top());

      case op.NONE: return this.#push(null);
      case op.NEWTRUE: return this.#push(true);
      case op.NEWFALSE: return this.#push(false);
      case op.INT: return this.#push(this.#oldInt(this.#line()));
      case op.LONG: return this.#push(this.#decimal(this.#line().replace(/L$/, "")));
      case op.BININT: return this.#push(this.#take(4).readInt32LE());
      case op.BININT1: return this.#push(this.#u8());
      case op.BININT2: return this.#push(this.#take(2).readUInt16LE());
      case op.LONG1: return this.#push(integerFromBytes(this.#take(this.#u8())));
      case op.LONG4: return this.#push(integerFromBytes(this.#take(this.#signedLength())));
      case op.FLOAT: return this.#push(this.#oldFloat(this.#line()));
      case op.BINFLOAT: return this.#push(this.#take(8).readDoubleBE());

      case op.STRING: return this.#push(this.#quoted(this.#line()));
      case op.SHORT_BINSTRING: return this.#push(this.#take(this.#u8()).toString("latin1"));
      case op.BINSTRING: return this.#push(this.#take(this.#signedLength()).toString("latin1"));
      case op.UNICODE: return this.#push(rawUnicode(this.#line()));
      case op.SHORT_BINUNICODE: return this.#push(decodeText(this.#take(this.#u8())));
      case op.BINUNICODE: return this.#push(decodeText(this.#take(this.#u32())));
      case op.BINUNICODE8: return this.#push(decodeText(this.#take(this.#u64())));
      case op.SHORT_BINBYTES: return this.#push(this.#take(this.#u8()));
      case op.BINBYTES: return this.#push(this.#take(this.#u32()));
      case op.BINBYTES8: case op.BYTEARRAY8: return this.#push(this.#take(this.#u64()));

      case op.EMPTY_LIST: return this.#push([]);
      case op.LIST: return this.#push(this.#sinceMark());
      case op.APPEND: return this.#append([this.#pop()]);
      case op.APPENDS: case op.ADDITEMS: return this.#append(this.#sinceMark());
      case op.EMPTY_TUPLE: return this.#push(new PyTuple([]));
      case op.TUPLE: return this.#push(new PyTuple(this.#sinceMark()));
      case op.TUPLE1: return this.#push(new PyTuple(this.#popMany(1)));
      case op.TUPLE2: return this.#push(new PyTuple(this.#popMany(2)));
      case op.TUPLE3: return this.#push(new PyTuple(this.#popMany(3)));
      case op.EMPTY_DICT: return this.#push(new Map());
      case op.DICT: return this.#push(new Map(this.#pairs(this.#sinceMark())));
      case op.SETITEM: return this.#setItems(this.#popMany(2));
      case op.SETITEMS: return this.#setItems(this.#sinceMark());
      case op.EMPTY_SET: return this.#push(new Set());
      case op.FROZENSET: return this.#push(new PyObject(new PyGlobal("builtins", "frozenset"), [this.#sinceMark()]));

      case op.GET: return this.#push(this.#recall(this.#index(this.#line())));
      case op.BINGET: return this.#push(this.#recall(this.#u8()));
      case op.LONG_BINGET: return this.#push(this.#recall(this.#u32()));
      case op.PUT: return void this.#memo.set(this.#index(this.#line()), this.#top());
      case op.BINPUT: return void this.#memo.set(this.#u8(), this.#top());
      case op.LONG_BINPUT: return void this.#memo.set(this.#u32(), this.#top());
      case op.MEMOIZE: return void this.#memo.set(this.#memo.size, this.#top());

      case op.GLOBAL: return this.#push(this.#namedGlobal());
      case op.STACK_GLOBAL: return this.#push(this.#globalOf(this.#popMany(2)));
      case op.REDUCE: return this.#reduce("call");
      case op.NEWOBJ: return this.#reduce("new");
      case op.NEWOBJ_EX: return this.#newWithKeywords();
      case op.INST: return this.#push(new PyObject(this.#namedGlobal(), this.#sinceMark()));
      case op.OBJ: return this.#construct(this.#sinceMark());
      case op.BUILD: return this.#build(this.#pop());
      case op.PERSID: return this.#push(new PersistentId(this.#line()));
      case op.BINPERSID: return this.#push(new PersistentId(this.#pop()));
      default: return this.#fail(`the instruction 0x${code.toString(16)} is not known or not allowed`);
    }
  }

  #fail(what: string): never {
    throw new PickleReadError(what, this.#at);
  }

  #checkProtocol(protocol: number): void {
    if (protocol > highestProtocol) this.#fail(`its protocol is ${protocol}, the highest known is ${highestProtocol}`);
  }

  // — bytes

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) this.#fail("it ends too early");
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  #u8(): number {
    return this.#bytes[this.#at++] ?? this.#fail("it ends too early");
  }

  #u32(): number {
    return this.#take(4).readUInt32LE();
  }

  #u64(): number {
    return Number(this.#take(8).readBigUInt64LE()); // inexact beyond any length that take() allows
  }

  #signedLength(): number {
    const length = this.#take(4).readInt32LE();
    return length < 0 ? this.#fail("a length is negative") : length;
  }

  /** Up to the next end of line, as Latin-1: what text instructions read. */
  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) this.#fail("a line has no end");
    const line = this.#bytes.toString("latin1", this.#at, end);
    this.#at = end + 1;
    return line;
  }

  // — numbers and text in lines

  #oldInt(text: string): unknown {
    return text === "00" ? false : text === "01" ? true : this.#decimal(text);
  }

  #decimal(text: string): number | bigint {
    if (text.length > maxDigits) this.#fail(`a number has ${text.length} digits`);
    return /^\s*[+-]?\d+\s*$/.test(text) ? toInteger(BigInt(text.replace("+", ""))) : this.#fail("a number is not a number");
  }

  #index(text: string): number {
    return /^\d{1,15}$/.test(text) ? Number(text) : this.#fail("an index is not a number");
  }

  #oldFloat(text: string): number {
    const named = /^([+-]?)(?:(inf)(?:inity)?|nan)$/i.exec(text);
    if (named) return named[2] ? (named[1] === "-" ? -Infinity : Infinity) : Number.NaN;
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : this.#fail("a float is not a number");
  }

  #quoted(text: string): string {
    const inner = /^(["'])(.*)\1$/s.exec(text)?.[2];
    return inner === undefined ? this.#fail("a string has no quotes") : escapedBytes(inner);
  }

  // — stack and memo

  #push(value: unknown): void {
    this.#stack.push(value);
  }

  /** How much of the stack is above the last open mark. */
  #free(): number {
    return this.#stack.length - (this.#marks.at(-1) ?? 0);
  }

  #top(): unknown {
    return this.#free() > 0 ? this.#stack.at(-1) : this.#fail("its stack is empty");
  }

  #pop(): unknown {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): unknown[] {
    return this.#free() >= count ? this.#stack.splice(-count) : this.#fail("its stack is too short");
  }

  #sinceMark(): unknown[] {
    const mark = this.#marks.pop() ?? this.#fail("a mark is missing");
    return this.#stack.splice(mark);
  }

  #recall(index: number): unknown {
    return this.#memo.has(index) ? this.#memo.get(index) : this.#fail(`nothing was kept under ${index}`);
  }

  // — containers and objects

  #append(items: unknown[]): void {
    const target = this.#top();
    const list = Array.isArray(target) ? target : target instanceof PyObject ? target.items : undefined;
    if (target instanceof Set) for (const item of items) target.add(item);
    else if (list) for (const item of items) list.push(item);
    else this.#fail("items are added to what holds none");
  }

  *#pairs(items: unknown[]): Generator<[unknown, unknown]> {
    if (items.length % 2 !== 0) this.#fail("a dict has a key without a value");
    for (let i = 0; i < items.length; i += 2) yield [items[i], items[i + 1]];
  }

  #setItems(items: unknown[]): void {
    const target = this.#top();
    if (target instanceof Map) for (const [key, value] of this.#pairs(items)) target.set(key, value);
    else if (target instanceof PyObject) for (const pair of this.#pairs(items)) target.entries.push(pair);
    else this.#fail("keys are set in what holds none");
  }

  /** By its name in Python 3: protocols 0 to 2 use that of Python 2. */
  #namedGlobal(): PyGlobal {
    const module = this.#line();
    return new PyGlobal(modulesOfPython2[module] ?? module, this.#line());
  }

  #globalOf([module, name]: unknown[]): PyGlobal {
    return typeof module === "string" && typeof name === "string" ? new PyGlobal(module, name) : this.#fail("a global's name is not text");
  }

  #reduce(via: "call" | "new"): void {
    const [callee, args] = this.#popMany(2);
    this.#push(new PyObject(callee, args instanceof PyTuple ? args.items : this.#fail("arguments are not a tuple"), via));
  }

  #newWithKeywords(): void {
    const [callee, args, kwargs] = this.#popMany(3);
    if (!(args instanceof PyTuple) || !(kwargs instanceof Map)) this.#fail("arguments are not a tuple and a dict");
    this.#push(new PyObject(callee, args.items, "new", kwargs));
  }

  #construct([callee, ...args]: unknown[]): void {
    this.#push(new PyObject(callee ?? this.#fail("an object has no class"), args));
  }

  #build(state: unknown): void {
    const target = this.#top();
    if (target instanceof PyObject) target.state = state;
    else this.#fail("state is given to what takes none");
  }
}
