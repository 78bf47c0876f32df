// packages/core/src/errors.ts
var brand = /* @__PURE__ */ Symbol.for("sage.error");
var SageError = class extends Error {
  code;
  fault;
  retryable;
  hint;
  constructor(message, facts) {
    super(message, facts.cause === void 0 ? void 0 : { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.fault = facts.fault;
    this.retryable = facts.retryable ?? false;
    this.hint = facts.hint;
    Object.defineProperty(this, brand, { value: true });
  }
};
function isSageError(error) {
  return typeof error === "object" && error !== null && error[brand] === true;
}

// packages/protocol/src/records/errors.ts
var UnserializableError = class extends SageError {
  /** Where, as in `records[3].user.onClick`. */
  path;
  constructor(path, what) {
    super(`${path} is ${what}, which cannot be sent to another worker`, {
      code: "SAGE_UNSERIALIZABLE",
      fault: "user",
      hint: "Send plain data, or register the class with registerType(Class, { toPlain, fromPlain })."
    });
    this.path = path;
  }
};
var BadFrameError = class extends SageError {
  constructor(what, cause) {
    super(`not a valid frame: ${what}`, {
      code: "SAGE_BAD_FRAME",
      fault: "sage",
      ...cause === void 0 ? {} : { cause },
      hint: "Sender and receiver must run the same version of Sage."
    });
  }
};
var UnknownTypeError = class extends SageError {
  constructor(name) {
    super(`a record of the registered type ${JSON.stringify(name)} arrived, which this process has not registered`, {
      code: "SAGE_UNKNOWN_TYPE",
      fault: "user",
      hint: "Call registerType at the top of a module that every worker imports."
    });
  }
};

// packages/protocol/src/records/value-kinds.ts
import { types } from "node:util";
var objectPrototype = Object.prototype;
function isPlainObject(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === objectPrototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}
function unboxed(value) {
  if (typeof value !== "object" || value === null || !types.isBoxedPrimitive(value)) return value;
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value);
  return Symbol.prototype.valueOf.call(value);
}
function classNameOf(value) {
  const prototype = Object.getPrototypeOf(value);
  const maker = prototype === null ? void 0 : prototype.constructor;
  return typeof maker === "function" && maker.name !== "" ? maker.name : "Object";
}
function describeKind(value) {
  if (typeof value === "function") return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value === "symbol") return `the symbol ${String(value)}`;
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  return `a ${classNameOf(value)}`;
}
var identifier = /^[A-Za-z_$][\w$]*$/;
function fieldPath(path, field) {
  return identifier.test(field) ? `${path}.${field}` : `${path}[${JSON.stringify(field)}]`;
}

// packages/protocol/src/records/byte-reader.ts
var ByteReader = class {
  bytes;
  view;
  position = 0;
  constructor(source) {
    this.bytes = Buffer.isBuffer(source) ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }
  get remaining() {
    return this.bytes.length - this.position;
  }
  /** Moves past `count` bytes and returns where they begin. */
  skip(count) {
    const at = this.position;
    if (count > this.bytes.length - at) throw new BadFrameError("it ends too early");
    this.position = at + count;
    return at;
  }
  u8() {
    return this.bytes[this.skip(1)];
  }
  u16() {
    return this.view.getUint16(this.skip(2), true);
  }
  u32() {
    return this.view.getUint32(this.skip(4), true);
  }
  f64() {
    return this.view.getFloat64(this.skip(8), true);
  }
};

// packages/protocol/src/records/byte-writer.ts
var startBytes = 64 * 1024;
var keepBytes = 4 * 1024 * 1024;
var ByteWriter = class {
  bytes;
  view;
  position = 0;
  constructor() {
    this.bytes = Buffer.allocUnsafeSlow(startBytes);
    this.view = viewOf(this.bytes);
  }
  /** Makes room for `count` more bytes; returns where they begin and moves past them. */
  reserve(count) {
    const at = this.position;
    if (at + count > this.bytes.length) this.#grow(at + count);
    this.position = at + count;
    return at;
  }
  u8(value) {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }
  u32(value) {
    const at = this.reserve(4);
    this.view.setUint32(at, value, true);
  }
  f64(value) {
    const at = this.reserve(8);
    this.view.setFloat64(at, value, true);
  }
  raw(source) {
    const at = this.reserve(source.length);
    this.bytes.set(source, at);
  }
  /** A copy of what was written since `from`; the writer is ready for the next batch. */
  take(from = 0) {
    const result = Buffer.allocUnsafeSlow(this.position - from);
    this.bytes.copy(result, 0, from, this.position);
    this.clear();
    return result;
  }
  clear() {
    this.position = 0;
    if (this.bytes.length > keepBytes) {
      this.bytes = Buffer.allocUnsafeSlow(startBytes);
      this.view = viewOf(this.bytes);
    }
  }
  #grow(neededBytes) {
    const grown = Buffer.allocUnsafeSlow(Math.max(neededBytes, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
    this.view = viewOf(grown);
  }
};
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// packages/protocol/src/records/general-column.ts
import { types as types3 } from "node:util";
import { addExtension, Packr } from "msgpackr";

// packages/protocol/src/records/kinds.ts
var Kind = {
  /** Integers within int32: base f64, width u8 (1, 2, 4), then unsigned distances from the base. */
  smallInts: 1,
  /** The same for integers beyond int32, up to 2^53. */
  bigInts: 2,
  doubles: 3,
  booleans: 4,
  /** Lengths, then one block of Latin-1. */
  latin1: 5,
  /** Lengths in UTF-16 units, then one block of UTF-16LE, which keeps lone surrogates. */
  utf16: 6,
  /** Count u32, the distinct strings as a column, width u8, then indices. */
  dictionary: 7,
  /** bigint within int64. */
  int64s: 8,
  /** bigint as base-36 text. */
  bigintTexts: 9,
  /** Milliseconds since the epoch as a column of numbers. */
  dates: 10,
  buffers: 11,
  byteArrays: 12,
  /** Plain objects of one shape: header of the shape, then a column per field. */
  objects: 13,
  /** Arrays: lengths, then all items as one column. */
  arrays: 14,
  /** Rows of several kinds: number of groups u8, one tag a row, then a column per group. */
  groups: 15,
  nulls: 16,
  undefineds: 17,
  /** Instances of a registered class: its name, then their plain forms as a column. */
  registered: 18,
  /** Anything else: length u32, then one msgpackr message with all rows. */
  general: 19
};

// packages/protocol/src/records/registered-types.ts
var key = /* @__PURE__ */ Symbol.for("sage.registered-types");
var holder = globalThis;
var registry = holder[key] ??= { byPrototype: /* @__PURE__ */ new Map(), byName: /* @__PURE__ */ new Map(), classes: [] };
function registeredTypeOf(prototype) {
  return registry.byPrototype.size === 0 ? void 0 : registry.byPrototype.get(prototype);
}
function registeredTypeNamed(name) {
  return registry.byName.get(name);
}
var registeredClasses = registry.classes;

// packages/protocol/src/records/sendable.ts
import { types as types2 } from "node:util";
var Unsendable = class extends Error {
};
function isUnsendableObject(value) {
  if (types2.isPromise(value) || types2.isWeakMap(value) || types2.isWeakSet(value) || types2.isGeneratorObject(value)) return true;
  if (types2.isExternal(value) || value instanceof WeakRef) return true;
  return isOpaque(value);
}
function isOpaque(value) {
  if (typeof value.toJSON !== "function" || Object.keys(value).length > 0) return false;
  return !types2.isDate(value) && !Array.isArray(value) && !ArrayBuffer.isView(value) && !isPlainObject(value);
}
function isSendable(value) {
  return find(value, /* @__PURE__ */ new Set()) === void 0;
}
function checkSendable(value, name) {
  const found = find(value, /* @__PURE__ */ new Set());
  if (found !== void 0) throw new UnserializableError(name + found.path, describeKind(found.value));
}
function find(value, seen) {
  if (typeof value === "function" || typeof value === "symbol") return { value, path: "" };
  if (typeof value !== "object" || value === null || seen.has(value)) return void 0;
  seen.add(value);
  if (Array.isArray(value)) return findInItems(value, "", seen);
  if (types2.isMap(value)) return findInItems(value.keys(), ".keys()", seen) ?? findInItems(value.values(), ".values()", seen);
  if (types2.isSet(value)) return findInItems(value, ".values()", seen);
  if (ArrayBuffer.isView(value) || types2.isDate(value) || types2.isAnyArrayBuffer(value)) return void 0;
  const type = registeredTypeOf(Object.getPrototypeOf(value));
  if (type !== void 0) return under("", find(type.toPlain(value), seen));
  if (isUnsendableObject(value)) return { value, path: "" };
  for (const field of Object.keys(value)) {
    const found = find(value[field], seen);
    if (found !== void 0) return under(fieldPath("", field), found);
  }
  return void 0;
}
function findInItems(items, name, seen) {
  let index = 0;
  for (const item of items) {
    const found = find(item, seen);
    if (found !== void 0) return under(`${name}[${index}]`, found);
    index++;
  }
  return void 0;
}
function under(step2, found) {
  if (found !== void 0) found.path = step2 + found.path;
  return found;
}

// packages/protocol/src/records/general-column.ts
var packr = new Packr({ structuredClone: true, moreTypes: true, useToJSON: false, variableMapSize: true });
var Unusual = class {
  static [Symbol.hasInstance](value) {
    if (types3.isMap(value)) return Object.getPrototypeOf(value) !== Map.prototype;
    if (types3.isSet(value)) return !(value instanceof Set);
    if (types3.isDate(value)) return !(value instanceof Date);
    if (types3.isRegExp(value)) return !(value instanceof RegExp);
    return types3.isBoxedPrimitive(value);
  }
  static toUsual(value) {
    if (types3.isMap(value)) return new Map(value);
    if (types3.isSet(value)) return new Set(value);
    if (types3.isDate(value)) return new Date(value.getTime());
    return types3.isRegExp(value) ? new RegExp(value.source, value.flags) : unboxed(value);
  }
};
addExtension({ Class: Unusual, write: (value) => Unusual.toUsual(value) });
var registeredExtension = 1;
var knownClasses = 0;
function learnClasses() {
  for (; knownClasses < registeredClasses.length; knownClasses++) {
    addExtension({
      Class: registeredClasses[knownClasses],
      type: registeredExtension,
      write(instance) {
        const type = registeredTypeOf(Object.getPrototypeOf(instance));
        return type === void 0 ? [null, { ...instance }] : [type.name, type.toPlain(instance)];
      },
      read([name, plain]) {
        if (name === null) return plain;
        const type = registeredTypeNamed(name);
        if (type === void 0) throw new UnknownTypeError(name);
        return type.fromPlain(plain);
      }
    });
  }
}
function writeGeneral(writer, values) {
  if (!isSendable(values)) throw new Unsendable();
  learnClasses();
  const message = packr.pack(values);
  writer.u8(Kind.general);
  writer.u32(message.length);
  writer.raw(message);
}
function readGeneral(reader, count) {
  learnClasses();
  const length = reader.u32();
  const at = reader.skip(length);
  const values = packr.unpack(Uint8Array.prototype.slice.call(reader.bytes, at, at + length));
  if (!Array.isArray(values) || values.length !== count) throw new BadFrameError(`not the ${count} values it announces`);
  return values;
}

// packages/protocol/src/records/scratch.ts
var largestKept = 65536;
var Scratch = class {
  #make;
  #kept = [];
  /** How many are taken. Whoever takes puts it back to what it was, also after an error. */
  top = 0;
  constructor(make) {
    this.#make = make;
  }
  /** An array of at least `length` numbers with anything in it. */
  take(length) {
    if (length > largestKept) return this.#make(length);
    const index = this.top++;
    const kept = this.#kept[index];
    if (kept !== void 0 && kept.length >= length) return kept;
    return this.#kept[index] = this.#make(Math.max(1024, 2 ** Math.ceil(Math.log2(length))));
  }
};
var doubles = new Scratch((length) => new Float64Array(length));
var integers = new Scratch((length) => new Int32Array(length));

// packages/protocol/src/records/number-column.ts
function writeNumbers(writer, values, count) {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value !== Math.floor(value) || Object.is(value, -0)) return writeDoubles(writer, values, count);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const range = max - min;
  if (!(range <= 4294967295) || min < Number.MIN_SAFE_INTEGER || max > Number.MAX_SAFE_INTEGER) {
    return writeDoubles(writer, values, count);
  }
  writer.u8(min >= -2147483648 && max <= 2147483647 ? Kind.smallInts : Kind.bigInts);
  writer.f64(min);
  writeDistances(writer, values, count, min, range);
}
function writeDoubles(writer, values, count) {
  writer.u8(Kind.doubles);
  let at = writer.reserve(count * 8);
  const view = writer.view;
  for (let i = 0; i < count; i++, at += 8) view.setFloat64(at, values[i], true);
}
function writeDistances(writer, values, count, min, range) {
  const width = range <= 255 ? 1 : range <= 65535 ? 2 : 4;
  writer.u8(width);
  let at = writer.reserve(count * width);
  const { bytes, view } = writer;
  if (width === 1) for (let i = 0; i < count; i++, at++) bytes[at] = values[i] - min;
  else if (width === 2) for (let i = 0; i < count; i++, at += 2) view.setUint16(at, values[i] - min, true);
  else for (let i = 0; i < count; i++, at += 4) view.setUint32(at, values[i] - min, true);
}
function readSmallInts(reader, count) {
  const base = reader.f64() | 0;
  const width = reader.u8();
  let at = reader.skip(count * widthOf(width));
  const { bytes, view } = reader;
  const values = integers.take(count);
  if (width === 1) for (let i = 0; i < count; i++, at++) values[i] = base + bytes[at] | 0;
  else if (width === 2) for (let i = 0; i < count; i++, at += 2) values[i] = base + view.getUint16(at, true) | 0;
  else for (let i = 0; i < count; i++, at += 4) values[i] = base + view.getInt32(at, true) | 0;
  return values;
}
function readBigInts(reader, count) {
  const base = reader.f64();
  const width = reader.u8();
  let at = reader.skip(count * widthOf(width));
  const { bytes, view } = reader;
  const values = doubles.take(count);
  if (width === 1) for (let i = 0; i < count; i++, at++) values[i] = base + bytes[at];
  else if (width === 2) for (let i = 0; i < count; i++, at += 2) values[i] = base + view.getUint16(at, true);
  else for (let i = 0; i < count; i++, at += 4) values[i] = base + view.getUint32(at, true);
  return values;
}
function readDoubles(reader, count) {
  let at = reader.skip(count * 8);
  const view = reader.view;
  const values = doubles.take(count);
  for (let i = 0; i < count; i++, at += 8) values[i] = view.getFloat64(at, true);
  return values;
}
function widthOf(width) {
  if (width !== 1 && width !== 2 && width !== 4) throw new BadFrameError(`a width of ${width} bytes`);
  return width;
}
function writeCounts(writer, counts, count, max) {
  const width = max <= 255 ? 1 : max <= 65535 ? 2 : 4;
  writer.u8(width);
  let at = writer.reserve(count * width);
  const { bytes, view } = writer;
  for (let i = 0; i < count; i++, at += width) {
    const value = counts[i];
    if (width === 1) bytes[at] = value;
    else if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
}
function readCounts(reader, count) {
  const width = widthOf(reader.u8());
  let at = reader.skip(count * width);
  const { bytes, view } = reader;
  const counts = doubles.take(count);
  for (let i = 0; i < count; i++, at += width) {
    counts[i] = width === 1 ? bytes[at] : width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
  }
  return counts;
}
function paidSum(reader, counts, count, unitBytes) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += counts[i];
  if (sum * unitBytes > reader.remaining) throw new BadFrameError("it ends too early");
  return sum;
}

// packages/protocol/src/records/sized-array.ts
function sizedArray(length) {
  return new Array(length);
}

// packages/protocol/src/records/object-builders.ts
var maxShapes = 1024;
var maxBuilders = 16;
var compileAfter = 16;
var DecodedShape = class {
  keys;
  #builders = /* @__PURE__ */ new Map();
  #rows = 0;
  constructor(keys) {
    this.keys = keys;
  }
  build(columns, count) {
    this.#rows += count;
    if (this.#rows < compileAfter) return interpretBuild(this.keys, columns, count);
    const storage = storageOf(columns);
    let builder = this.#builders.get(storage);
    if (builder === void 0) {
      if (this.#builders.size >= maxBuilders) this.#builders.clear();
      builder = compileBuild(this.keys) ?? ((cols, n) => interpretBuild(this.keys, cols, n));
      this.#builders.set(storage, builder);
    }
    return builder(columns, count);
  }
};
function storageOf(columns) {
  let storage = "";
  for (const column of columns) storage += column instanceof Int32Array ? "i" : column instanceof Float64Array ? "d" : "a";
  return storage;
}
function compileBuild(keys) {
  const names = keys.map((_, j) => `const c${j} = columns[${j}];`).join("");
  const fields = keys.map((key2, j) => `${key2 === "__proto__" ? '["__proto__"]' : JSON.stringify(key2)}: c${j}[i]`);
  const body = `"use strict"; ${names} const out = new Array(count);
    for (let i = 0; i < count; i++) out[i] = { ${fields.join(", ")} };
    return out;`;
  try {
    return new Function("columns", "count", body);
  } catch {
    return void 0;
  }
}
function interpretBuild(keys, columns, count) {
  const out = sizedArray(count);
  for (let i = 0; i < count; i++) {
    const record = {};
    for (let j = 0; j < keys.length; j++) {
      const key2 = keys[j];
      const value = columns[j][i];
      if (key2 === "__proto__") Object.defineProperty(record, key2, { value, writable: true, enumerable: true, configurable: true });
      else record[key2] = value;
    }
    out[i] = record;
  }
  return out;
}
var shapes = /* @__PURE__ */ new Map();
function readShape(reader) {
  const start = reader.position;
  const keyCount = reader.u8();
  for (let j = 0; j < keyCount; j++) reader.skip(reader.u16() * 2);
  const header = reader.bytes.toString("latin1", start, reader.position);
  let shape = shapes.get(header);
  if (shape === void 0) {
    shape = new DecodedShape(parseKeys(reader, start));
    if (shapes.size >= maxShapes) shapes.clear();
    shapes.set(header, shape);
  }
  return shape;
}
function parseKeys(reader, start) {
  const keys = [];
  let at = start + 1;
  for (let j = reader.bytes[start]; j > 0; j--) {
    const end = at + 2 + reader.bytes.readUInt16LE(at) * 2;
    keys.push(reader.bytes.toString("utf16le", at + 2, end));
    at = end;
  }
  if (keys.length === 0 || new Set(keys).size < keys.length) throw new BadFrameError("a record without or with double fields");
  return keys;
}

// packages/protocol/src/records/string-column.ts
var pieceChars = 256;
var sampleSize = 32;
var beyondLatin1 = /[\u0100-\uffff]/;
function writeStrings(writer, values, count) {
  const texts = values;
  if (!seemsRepeated(texts, count) || !writeDictionary(writer, texts, count)) writeBlock(writer, texts, count);
}
function seemsRepeated(texts, count) {
  if (count < sampleSize) return false;
  const step2 = Math.floor(count / sampleSize);
  const seen = /* @__PURE__ */ new Set();
  for (let i = 0; i < sampleSize && seen.size <= sampleSize / 2; i++) seen.add(texts[i * step2]);
  return seen.size <= sampleSize / 2;
}
function writeDictionary(writer, texts, count) {
  const limit = Math.min(65535, count >> 1);
  const indexOf = /* @__PURE__ */ new Map();
  const distinct = [];
  const mark = doubles.top;
  const indices = doubles.take(count);
  for (let i = 0; i < count; i++) {
    const text = texts[i];
    let index = indexOf.get(text);
    if (index === void 0) {
      index = distinct.length;
      if (index === limit) break;
      indexOf.set(text, index);
      distinct.push(text);
    }
    indices[i] = index;
    if (i === count - 1) {
      writer.u8(Kind.dictionary);
      writer.u32(distinct.length);
      writeBlock(writer, distinct, distinct.length);
      writeCounts(writer, indices, count, distinct.length - 1);
      doubles.top = mark;
      return true;
    }
  }
  doubles.top = mark;
  return false;
}
function writeBlock(writer, texts, count) {
  const mark = doubles.top;
  const lengths = doubles.take(count);
  let max = 0;
  let block = "";
  for (let i = 0; i < count; i++) {
    const text = texts[i];
    const length = text.length;
    lengths[i] = length;
    if (length > max) max = length;
    block += text;
  }
  const wide = beyondLatin1.test(block);
  writer.u8(wide ? Kind.utf16 : Kind.latin1);
  writeCounts(writer, lengths, count, max);
  const at = writer.reserve(wide ? block.length * 2 : block.length);
  if (wide) writer.bytes.write(block, at, "utf16le");
  else writer.bytes.write(block, at, "latin1");
  doubles.top = mark;
}
function readStrings(reader, kind, count) {
  const mark = doubles.top;
  const texts = kind === Kind.dictionary ? readDictionary(reader, count) : readBlock(reader, kind === Kind.utf16 ? 2 : 1, count);
  doubles.top = mark;
  return texts;
}
function readBlock(reader, unitBytes, count) {
  const lengths = readCounts(reader, count);
  let at = reader.skip(paidSum(reader, lengths, count, unitBytes) * unitBytes);
  const encoding = unitBytes === 1 ? "latin1" : "utf16le";
  const bytes = reader.bytes;
  const texts = sizedArray(count);
  for (let i = 0; i < count; ) {
    let end = i;
    let chars = 0;
    do
      chars += lengths[end++];
    while (end < count && chars + lengths[end] <= pieceChars);
    const piece = chars === 0 ? "" : bytes.toString(encoding, at, at + chars * unitBytes);
    at += chars * unitBytes;
    for (let from = 0; i < end; i++) {
      const to = from + lengths[i];
      texts[i] = piece.substring(from, to);
      from = to;
    }
  }
  return texts;
}
function readDictionary(reader, count) {
  const size = reader.u32();
  const kind = reader.u8();
  if (size > reader.remaining || kind !== Kind.latin1 && kind !== Kind.utf16) throw new BadFrameError("a dictionary of no strings");
  const distinct = readBlock(reader, kind === Kind.utf16 ? 2 : 1, size);
  const indices = readCounts(reader, count);
  const texts = sizedArray(count);
  for (let i = 0; i < count; i++) {
    const index = indices[i];
    if (index >= size) throw new BadFrameError(`entry ${index} of a dictionary of ${size}`);
    texts[i] = distinct[index];
  }
  return texts;
}

// packages/protocol/src/records/column-reader.ts
var maxDepth = 40;
function readValues(reader, count, depth = 0) {
  const doublesMark = doubles.top;
  const integersMark = integers.top;
  const column = readColumn(reader, count, depth);
  const values = Array.isArray(column) ? column : toArray(column, count);
  doubles.top = doublesMark;
  integers.top = integersMark;
  return values;
}
function toArray(column, count) {
  const values = sizedArray(count);
  for (let i = 0; i < count; i++) values[i] = column[i];
  return values;
}
function readColumn(reader, count, depth) {
  if (depth > maxDepth) throw new BadFrameError("columns nested too deep");
  const kind = reader.u8();
  if (count > reader.remaining) throw new BadFrameError("it ends too early");
  switch (kind) {
    case Kind.smallInts:
      return readSmallInts(reader, count);
    case Kind.bigInts:
      return readBigInts(reader, count);
    case Kind.doubles:
      return readDoubles(reader, count);
    case Kind.booleans:
      return readBooleans(reader, count);
    case Kind.latin1:
    case Kind.utf16:
    case Kind.dictionary:
      return readStrings(reader, kind, count);
    case Kind.int64s:
      return readInt64s(reader, count);
    case Kind.bigintTexts:
      return readBigintTexts(reader, count, depth);
    case Kind.dates:
      return readDates(reader, count, depth);
    case Kind.buffers:
    case Kind.byteArrays:
      return readBytes(reader, count, kind);
    case Kind.objects:
      return readObjects(reader, count, depth);
    case Kind.arrays:
      return readArrays(reader, count, depth);
    case Kind.groups:
      return readGroups(reader, count, depth);
    case Kind.registered:
      return readRegistered(reader, count, depth);
    case Kind.general:
      return readGeneral(reader, count);
    default:
      throw new BadFrameError(`a column of kind ${kind}`);
  }
}
function readBooleans(reader, count) {
  const at = reader.skip(count);
  const values = sizedArray(count);
  for (let i = 0; i < count; i++) values[i] = reader.bytes[at + i] !== 0;
  return values;
}
function readInt64s(reader, count) {
  const at = reader.skip(count * 8);
  const values = sizedArray(count);
  for (let i = 0; i < count; i++) values[i] = reader.view.getBigInt64(at + i * 8, true);
  return values;
}
function readBigintTexts(reader, count, depth) {
  return readValues(reader, count, depth + 1).map(parseBigint);
}
function parseBigint(text) {
  if (typeof text !== "string" || !/^-?[0-9a-z]+$/.test(text)) throw new BadFrameError("a bigint without digits");
  return text.startsWith("-") ? -parseDigits(text.slice(1)) : parseDigits(text);
}
function parseDigits(digits) {
  if (digits.length <= 10) return BigInt(Number.parseInt(digits, 36));
  const low = digits.length >> 1;
  return parseDigits(digits.slice(0, -low)) * 36n ** BigInt(low) + parseDigits(digits.slice(-low));
}
function readDates(reader, count, depth) {
  const times = readValues(reader, count, depth + 1);
  return times.map((time) => {
    if (typeof time !== "number") throw new BadFrameError("a date without a time");
    return new Date(time);
  });
}
function readBytes(reader, count, kind) {
  const mark = doubles.top;
  const lengths = readCounts(reader, count);
  let at = reader.skip(paidSum(reader, lengths, count, 1));
  const values = sizedArray(count);
  for (let i = 0; i < count; i++) {
    const end = at + lengths[i];
    const copy = Uint8Array.prototype.slice.call(reader.bytes, at, end);
    values[i] = kind === Kind.buffers ? Buffer.from(copy.buffer, copy.byteOffset, copy.length) : new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
    at = end;
  }
  doubles.top = mark;
  return values;
}
function readObjects(reader, count, depth) {
  const doublesMark = doubles.top;
  const integersMark = integers.top;
  const shape = readShape(reader);
  const columns = [];
  for (let j = 0; j < shape.keys.length; j++) columns.push(readColumn(reader, count, depth + 1));
  const objects = shape.build(columns, count);
  doubles.top = doublesMark;
  integers.top = integersMark;
  return objects;
}
function readArrays(reader, count, depth) {
  const mark = doubles.top;
  const lengths = readCounts(reader, count);
  const sum = paidSum(reader, lengths, count, 1);
  if (reader.u32() !== sum) throw new BadFrameError("arrays whose lengths do not add up");
  const items = sum === 0 ? [] : readValues(reader, sum, depth + 1);
  const values = sizedArray(count);
  for (let i = 0, at = 0; i < count; i++) {
    const end = at + lengths[i];
    values[i] = items.slice(at, end);
    at = end;
  }
  doubles.top = mark;
  return values;
}
function readGroups(reader, count, depth) {
  const groupCount = reader.u8();
  const tagsAt = reader.skip(count);
  const tags = reader.bytes;
  const sizes = sizedArray(groupCount).fill(0);
  for (let i = 0; i < count; i++) {
    const tag = tags[tagsAt + i];
    if (tag >= groupCount) throw new BadFrameError(`group ${tag} of ${groupCount}`);
    sizes[tag]++;
  }
  const groups = sizes.map((size) => readGroup(reader, size, depth + 1));
  const next = sizes.fill(0);
  const values = sizedArray(count);
  for (let i = 0; i < count; i++) {
    const tag = tags[tagsAt + i];
    values[i] = groups[tag][next[tag]++];
  }
  return values;
}
function readGroup(reader, size, depth) {
  if (size === 0) throw new BadFrameError("an empty group");
  const kind = reader.bytes[reader.position];
  if (kind !== Kind.nulls && kind !== Kind.undefineds) return readValues(reader, size, depth);
  reader.u8();
  return sizedArray(size).fill(kind === Kind.nulls ? null : void 0);
}
function readRegistered(reader, count, depth) {
  const length = reader.u32();
  const at = reader.skip(length);
  const name = reader.bytes.toString("utf8", at, at + length);
  const type = registeredTypeNamed(name);
  if (type === void 0) throw new UnknownTypeError(name.slice(0, 200));
  return readValues(reader, count, depth + 1).map((plain) => type.fromPlain(plain));
}

// packages/protocol/src/records/object-shapes.ts
var maxFields = 128;
var maxNodes = 8192;
var compileAfter2 = 64;
var ObjectShape = class {
  id;
  keys;
  /** As on the wire: count u8, then per key its length u16 in UTF-16 units and the text as UTF-16LE. */
  header;
  /** Whether a field has held only numbers so far; such columns skip the boxes. */
  #numeric;
  #rows = 0;
  #gather;
  constructor(id, keys, sample) {
    this.id = id;
    this.keys = keys;
    this.header = headerOf(keys);
    this.#numeric = keys.map((key2) => typeof sample[key2] === "number");
  }
  /** The fields of the first `count` records, one column each; columns of numbers are scratch. */
  gather(records, count) {
    this.#rows += count;
    for (; ; ) {
      const mark = doubles.top;
      const columns = this.#numeric.map((numeric) => numeric ? doubles.take(count) : sizedArray(count));
      const failed = this.#run(records, columns, count);
      if (failed < 0) return columns;
      doubles.top = mark;
      this.#numeric[failed] = false;
      this.#gather = void 0;
    }
  }
  #run(records, columns, count) {
    if (this.#gather === void 0 && this.#rows >= compileAfter2) this.#gather = compileGather(this.keys, this.#numeric);
    if (this.#gather !== void 0) return this.#gather(records, columns, count);
    return interpretGather(this.keys, this.#numeric, records, columns, count);
  }
};
function compileGather(keys, numeric) {
  const names = keys.map((_, j) => `const c${j} = columns[${j}], k${j} = keys[${j}];`).join("");
  const moves = keys.map((key2, j) => {
    const field = `record[k${j}]`;
    return numeric[j] ? `{ const v = ${field}; if (typeof v !== "number") return ${j}; c${j}[i] = v; }` : `c${j}[i] = ${field};`;
  });
  const body = `"use strict"; ${names} for (let i = 0; i < count; i++) { const record = records[i]; ${moves.join("\n")} } return -1;`;
  try {
    const f = new Function("records", "columns", "count", "keys", body);
    return (r, c, n) => f(r, c, n, keys);
  } catch {
    return void 0;
  }
}
function interpretGather(keys, numeric, records, columns, count) {
  for (let j = 0; j < keys.length; j++) {
    const key2 = keys[j];
    const column = columns[j];
    for (let i = 0; i < count; i++) {
      const value = records[i][key2];
      if (numeric[j] && typeof value !== "number") return j;
      column[i] = value;
    }
  }
  return -1;
}
function headerOf(keys) {
  const parts = [Buffer.of(keys.length)];
  for (const key2 of keys) {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(key2.length);
    parts.push(length, Buffer.from(key2, "utf16le"));
  }
  return Buffer.concat(parts);
}
var Node = class {
  key = void 0;
  next = void 0;
  others = void 0;
  shape = void 0;
};
var root = new Node();
var nodes = 0;
var nextId = 0;
function shapeOf(record) {
  let node = root;
  for (const key2 in record) {
    node = node.key === key2 ? node.next : step(node, key2);
    if (node === void 0) return void 0;
  }
  return node.shape ?? newShape(node, record);
}
function step(node, key2) {
  if (node.key !== void 0) {
    const other = node.others?.get(key2);
    if (other !== void 0) return other;
  }
  if (key2.length > 65535) return void 0;
  if (nodes++ > maxNodes) {
    root = new Node();
    nodes = 0;
  }
  const next = new Node();
  if (node.key === void 0) {
    node.key = key2;
    node.next = next;
  } else {
    (node.others ??= /* @__PURE__ */ new Map()).set(key2, next);
  }
  return next;
}
function newShape(node, record) {
  const keys = Object.keys(record);
  if (keys.length === 0 || keys.length > maxFields) return void 0;
  const shape = new ObjectShape(nextId++, keys, record);
  node.shape = shape;
  return shape;
}

// packages/protocol/src/records/value-class.ts
import { types as types4 } from "node:util";
var ValueClass = {
  number: 0,
  string: 1,
  boolean: 2,
  bigint: 3,
  null: 4,
  undefined: 5,
  date: 6,
  buffer: 7,
  bytes: 8,
  array: 9,
  object: 10,
  registered: 11,
  general: 12,
  /** An instance of a class nobody registered, or a boxed primitive: becomes plain first. */
  instance: 13
};
var objectPrototype2 = Object.prototype;
function classOf(value) {
  switch (typeof value) {
    case "number":
      return ValueClass.number;
    case "string":
      return ValueClass.string;
    case "boolean":
      return ValueClass.boolean;
    case "bigint":
      return ValueClass.bigint;
    case "undefined":
      return ValueClass.undefined;
    case "object":
      return value === null ? ValueClass.null : classOfObject(value);
    default:
      throw new Unsendable();
  }
}
function classOfObject(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === objectPrototype2 || prototype === null) return ValueClass.object;
  if (Array.isArray(value)) return ValueClass.array;
  if (registeredTypeOf(prototype) !== void 0) return ValueClass.registered;
  if (types4.isDate(value)) return ValueClass.date;
  if (ArrayBuffer.isView(value)) {
    if (Buffer.isBuffer(value)) return ValueClass.buffer;
    return types4.isUint8Array(value) ? ValueClass.bytes : ValueClass.general;
  }
  if (types4.isBoxedPrimitive(value)) return ValueClass.instance;
  if (types4.isMap(value) || types4.isSet(value) || types4.isRegExp(value) || types4.isNativeError(value)) return ValueClass.general;
  if (types4.isAnyArrayBuffer(value)) return ValueClass.general;
  if (isPlainObject(value)) return ValueClass.object;
  if (isUnsendableObject(value)) throw new Unsendable();
  return ValueClass.instance;
}

// packages/protocol/src/records/column-writer.ts
var maxDepth2 = 12;
var watchedDepth = 3;
var TooDeep = class extends Error {
};
function writeColumn(writer, values, above = []) {
  if (above.length > maxDepth2) throw new TooDeep();
  const valueClass = classOf(values[0]);
  if (valueClass === ValueClass.number && writeIfNumbers(writer, values)) return;
  if (valueClass === ValueClass.object && writeIfUniform(writer, values, above)) return;
  if (valueClass === ValueClass.string && areStrings(values)) return writeStrings(writer, values, values.length);
  if (valueClass === ValueClass.boolean && areBooleans(values)) return writeBooleans(writer, values);
  if (valueClass === ValueClass.array && areArrays(values)) return writeArrays(writer, values, above);
  writeClassified(writer, values, above);
}
function areStrings(values) {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "string") return false;
  return true;
}
function areBooleans(values) {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "boolean") return false;
  return true;
}
function areArrays(values) {
  for (let i = 0; i < values.length; i++) if (!Array.isArray(values[i])) return false;
  return true;
}
function writeIfNumbers(writer, values) {
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
var objectPrototype3 = Object.prototype;
function writeIfUniform(writer, values, above) {
  const shape = shapeOf(values[0]);
  if (shape === void 0) return false;
  for (let i = 1; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "object" || value === null) return false;
    if (Object.getPrototypeOf(value) !== objectPrototype3 || shapeOf(value) !== shape) return false;
  }
  writeObjects(writer, shape, values, above);
  return true;
}
function writeObjects(writer, shape, values, above) {
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
function refuseCycles(values, above) {
  const known = /* @__PURE__ */ new Set();
  for (const level of above) for (const value of level) known.add(value);
  for (const value of values) if (known.has(value)) throw new TooDeep();
}
var maxGroups = 255;
function writeClassified(writer, values, above) {
  const tags = new Uint8Array(values.length);
  const groups = grouped(values, tags, true) ?? grouped(values, tags, false);
  const only = groups.length === 1 ? groups[0] : void 0;
  if (only !== void 0 && only.valueClass !== ValueClass.null && only.valueClass !== ValueClass.undefined) {
    return writeGroup(writer, only, above);
  }
  writer.u8(Kind.groups);
  writer.u8(groups.length);
  writer.raw(tags);
  for (const group of groups) writeGroup(writer, group, above);
}
function toPlain(instance) {
  const inner = unboxed(instance);
  return inner === instance ? { ...instance } : inner;
}
function grouped(values, tags, byShape) {
  const groups = [];
  const indexOf = /* @__PURE__ */ new Map();
  const most = byShape ? Math.min(maxGroups, 8 + (values.length >> 3)) : maxGroups;
  let lastKey;
  let index = -1;
  for (let i = 0; i < values.length; i++) {
    let value = values[i];
    let valueClass = classOf(value);
    if (valueClass === ValueClass.instance) {
      value = toPlain(value);
      valueClass = classOf(value);
    }
    let shape;
    let type;
    if (valueClass === ValueClass.object) {
      shape = byShape ? shapeOf(value) : void 0;
      if (shape === void 0) valueClass = ValueClass.general;
    } else if (valueClass === ValueClass.registered) {
      type = byShape ? registeredTypeOf(Object.getPrototypeOf(value)) : void 0;
      if (type === void 0) valueClass = ValueClass.general;
    }
    const key2 = shape ?? type ?? valueClass;
    if (key2 !== lastKey) {
      lastKey = key2;
      index = indexOf.get(key2) ?? groups.length;
      if (index === most) return void 0;
      if (index === groups.length) {
        indexOf.set(key2, index);
        groups.push({ valueClass, rows: [], shape, type });
      }
    }
    groups[index].rows.push(value);
    tags[i] = index;
  }
  return groups;
}
function writeGroup(writer, { valueClass, rows, shape, type }, above) {
  switch (valueClass) {
    case ValueClass.number:
      return void writeIfNumbers(writer, rows);
    case ValueClass.string:
      return writeStrings(writer, rows, rows.length);
    case ValueClass.boolean:
      return writeBooleans(writer, rows);
    case ValueClass.bigint:
      return writeBigints(writer, rows);
    case ValueClass.null:
      return writer.u8(Kind.nulls);
    case ValueClass.undefined:
      return writer.u8(Kind.undefineds);
    case ValueClass.date:
      return writeDates(writer, rows);
    case ValueClass.buffer:
      return writeBytes(writer, Kind.buffers, rows);
    case ValueClass.bytes:
      return writeBytes(writer, Kind.byteArrays, rows);
    case ValueClass.array:
      return writeArrays(writer, rows, above);
    case ValueClass.object:
      return writeObjects(writer, shape, rows, above);
    case ValueClass.registered:
      return writeRegistered(writer, type, rows, above);
    default:
      return writeGeneral(writer, rows);
  }
}
function writeBooleans(writer, rows) {
  writer.u8(Kind.booleans);
  const at = writer.reserve(rows.length);
  for (let i = 0; i < rows.length; i++) writer.bytes[at + i] = rows[i] ? 1 : 0;
}
function writeBigints(writer, rows) {
  if (rows.some((row) => BigInt.asIntN(64, row) !== row)) {
    writer.u8(Kind.bigintTexts);
    return writeStrings(writer, rows.map((row) => row.toString(36)), rows.length);
  }
  writer.u8(Kind.int64s);
  const at = writer.reserve(rows.length * 8);
  for (let i = 0; i < rows.length; i++) writer.view.setBigInt64(at + i * 8, rows[i], true);
}
function writeDates(writer, rows) {
  writer.u8(Kind.dates);
  const mark = doubles.top;
  const times = doubles.take(rows.length);
  for (let i = 0; i < rows.length; i++) times[i] = Date.prototype.getTime.call(rows[i]);
  writeNumbers(writer, times, rows.length);
  doubles.top = mark;
}
function writeBytes(writer, kind, rows) {
  writer.u8(kind);
  writeLengths(writer, rows);
  for (const row of rows) writer.raw(row);
}
function writeArrays(writer, rows, above) {
  writer.u8(Kind.arrays);
  const total = writeLengths(writer, rows);
  writer.u32(total);
  if (total === 0) return;
  const items = sizedArray(total);
  let at = 0;
  for (const row of rows) for (let i = 0; i < row.length; i++) items[at++] = row[i];
  writeColumn(writer, items, [...above, rows]);
}
function writeLengths(writer, rows) {
  const mark = doubles.top;
  const lengths = doubles.take(rows.length);
  let max = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const length = rows[i].length;
    lengths[i] = length;
    total += length;
    if (length > max) max = length;
  }
  writeCounts(writer, lengths, rows.length, max);
  doubles.top = mark;
  return total;
}
function writeRegistered(writer, type, rows, above) {
  writer.u8(Kind.registered);
  const name = Buffer.from(type.name);
  writer.u32(name.length);
  writer.raw(name);
  writeColumn(writer, rows.map((row) => type.toPlain(row)), [...above, rows]);
}

// packages/protocol/src/records/codec.ts
var version = 1;
var idleWriter = new ByteWriter();
function encodeBatch(records, headroomBytes = 0) {
  const writer = idleWriter ?? new ByteWriter();
  idleWriter = void 0;
  const mark = doubles.top;
  try {
    writer.reserve(headroomBytes);
    writer.u8(version);
    writer.u32(records.length);
    if (records.length > 0) writeRecords(writer, records);
    return writer.take();
  } finally {
    doubles.top = mark;
    writer.clear();
    idleWriter = writer;
  }
}
function writeRecords(writer, records) {
  const start = writer.position;
  try {
    try {
      writeColumn(writer, records);
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      writer.position = start;
      writeGeneral(writer, records);
    }
  } catch (error) {
    if (error instanceof Unsendable) checkSendable(records, "records");
    throw error;
  }
}
function decodeBatch(bytes) {
  const doublesMark = doubles.top;
  const integersMark = integers.top;
  try {
    const reader = new ByteReader(bytes);
    const found = reader.u8();
    if (found !== version) throw new BadFrameError(`version ${found} of the record format`);
    const count = reader.u32();
    const records = count === 0 ? [] : readValues(reader, count);
    if (reader.remaining > 0) throw new BadFrameError(`${reader.remaining} bytes too many`);
    return records;
  } catch (error) {
    throw isSageError(error) ? error : new BadFrameError("its content cannot be read", error);
  } finally {
    doubles.top = doublesMark;
    integers.top = integersMark;
  }
}

// bench/cases/orders.ts
function order(i) {
  const h = Math.imul(i, 2654435761) >>> 0;
  const order2 = {
    id: `order-${h.toString(36)}-${i}`,
    country: ["de", "fr", "cn", "us"][h % 4],
    total: h % 1e5 / 100,
    customer: { name: `Customer ${h % 5e3}`, vip: h % 10 === 0, since: 16e11 + h % 1e8 },
    items: Array.from({ length: 1 + h % 4 }, (_x, j) => ({ sku: `sku-${(h >>> j) % 300}`, quantity: 1 + j % 3 }))
  };
  if (h % 3 === 0) order2["coupon"] = `SAVE${h % 20}`;
  if (h % 5 === 0) order2["note"] = null;
  return order2;
}

// ../engine-out/enc4.ts
import { createRequire } from "node:module";
var require2 = createRequire("/tmp/h/engine/packages/protocol/package.json");
var { Packr: Packr2 } = require2("msgpackr");
var packr2 = new Packr2({ structuredClone: true, moreTypes: true });
var mk = (n) => Array.from({ length: n }, (_, b) => Array.from({ length: 512 }, (_2, k) => (process.argv[3] === "u" ? ((a, b2) => ({ ...a, ...b2 })) : Object.assign)(order(b * 512 + k), { auction: (Math.imul(b * 512 + k, 2654435761) >>> 0) % 1e3 })));
var which = process.argv[2];
for (const nb of [16, 64]) {
  const bs = mk(nb);
  const f = which === "m" ? (b) => packr2.pack(b) : (b) => encodeBatch(b);
  const d = which === "m" ? (b) => packr2.unpack(b) : (b) => decodeBatch(b);
  const run = (ms) => {
    const t = process.cpuUsage();
    const t0 = performance.now();
    let n = 0;
    for (let i = 0; performance.now() - t0 < ms; i++) {
      f(bs[i % nb]);
      n += 512;
    }
    const u = process.cpuUsage(t);
    return (u.user + u.system) / n;
  };
  run(500);
  const e = Math.min(run(300), run(300), run(300));
  const es = bs.map((b) => f(b));
  const rund = (ms) => {
    const t = process.cpuUsage();
    const t0 = performance.now();
    let n = 0;
    for (let i = 0; performance.now() - t0 < ms; i++) {
      d(es[i % nb]);
      n += 512;
    }
    const u = process.cpuUsage(t);
    return (u.user + u.system) / n;
  };
  rund(500);
  const dd = Math.min(rund(300), rund(300), rund(300));
  console.log(nb * 512, "encode us/rec", e.toFixed(3), "decode", dd.toFixed(3));
}
