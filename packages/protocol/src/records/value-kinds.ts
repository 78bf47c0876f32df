// Tells what a value is, for keys, fingerprints and records alike; also for objects of another realm.

import { types } from "node:util";

const objectPrototype = Object.prototype;

/** Whether `value` is an object literal or like one: its prototype is `Object.prototype` (of any realm) or null. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === objectPrototype || prototype === null) return true;
  // Another realm's Object.prototype has no prototype itself, and owns what only it owns.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}

/** The primitive inside `new String("a")` and its kin; any other value as it is. */
export function unboxed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !types.isBoxedPrimitive(value)) return value;
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value);
  return Symbol.prototype.valueOf.call(value);
}

/** The name of the class that made `value`; "Object" when there is none. */
export function classNameOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker: unknown = prototype === null ? undefined : (prototype as { constructor?: unknown }).constructor;
  return typeof maker === "function" && maker.name !== "" ? maker.name : "Object";
}

/** How an error message calls `value`: "a function", "a Map", … */
export function describeKind(value: unknown): string {
  if (typeof value === "function") return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value === "symbol") return `the symbol ${String(value)}`;
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  return `a ${classNameOf(value)}`;
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** `path` one field deeper: `a.b`, or `a["b c"]` where the name is no identifier. */
export function fieldPath(path: string, field: string): string {
  return identifier.test(field) ? `${path}.${field}` : `${path}[${JSON.stringify(field)}]`;
}
