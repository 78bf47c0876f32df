// Sorts values into the classes that have a column of their own.

import { types } from "node:util";
import { registeredTypeOf } from "./registered-types.ts";
import { isUnsendableObject, Unsendable } from "./sendable.ts";
import { isPlainObject } from "./value-kinds.ts";

export const ValueClass = {
  number: 0, string: 1, boolean: 2, bigint: 3, null: 4, undefined: 5, date: 6, buffer: 7, bytes: 8, array: 9,
  object: 10, registered: 11, general: 12,
  /** An instance of a class nobody registered, or a boxed primitive: becomes plain first. */
  instance: 13,
} as const;

const objectPrototype = Object.prototype;

/** @throws {@link Unsendable} for functions, symbols and objects without content. */
export function classOf(value: unknown): number {
  switch (typeof value) {
    case "number": return ValueClass.number;
    case "string": return ValueClass.string;
    case "boolean": return ValueClass.boolean;
    case "bigint": return ValueClass.bigint;
    case "undefined": return ValueClass.undefined;
    case "object": return value === null ? ValueClass.null : classOfObject(value);
    default: throw new Unsendable();
  }
}

function classOfObject(value: object): number {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === objectPrototype || prototype === null) return ValueClass.object;
  if (Array.isArray(value)) return ValueClass.array;
  if (registeredTypeOf(prototype as object) !== undefined) return ValueClass.registered;
  if (types.isDate(value)) return ValueClass.date;
  if (ArrayBuffer.isView(value)) {
    if (Buffer.isBuffer(value)) return ValueClass.buffer;
    return types.isUint8Array(value) ? ValueClass.bytes : ValueClass.general;
  }
  if (types.isBoxedPrimitive(value)) return ValueClass.instance;
  if (types.isMap(value) || types.isSet(value) || types.isRegExp(value) || types.isNativeError(value)) return ValueClass.general;
  if (types.isAnyArrayBuffer(value)) return ValueClass.general;
  if (isPlainObject(value)) return ValueClass.object;
  if (isUnsendableObject(value)) throw new Unsendable();
  return ValueClass.instance;
}
