// What of a value cannot be saved so that it comes back the same: functions, symbols, and instances of classes that
// are not registered. Their fields alone would come back, without their methods.

import { types } from "node:util";
import { registeredTypeOf } from "@sage/protocol/records";

export interface Unsavable {
  /** From the value to what cannot be saved: ".a[3]"; empty: the value itself. */
  readonly path: string;
  /** In words: "a function". */
  readonly what: string;
}

/** Undefined if all of `value` can be saved. */
export function findUnsavable(value: unknown): Unsavable | undefined {
  return typeof value === "object" && value !== null ? inObject(value, undefined) : inPrimitive(value);
}

function inPrimitive(value: unknown): Unsavable | undefined {
  if (typeof value === "function") return { path: "", what: "a function" };
  return typeof value === "symbol" ? { path: "", what: "a symbol" } : undefined;
}

function inObject(value: object, seen: Set<object> | undefined): Unsavable | undefined {
  if (seen?.has(value)) return undefined;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype || prototype === null) return inFields(value, seen);
  if (Array.isArray(value)) return inItems(value, seen);
  if (types.isDate(value) || ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value) || types.isRegExp(value) || types.isBoxedPrimitive(value)) return undefined;
  if (types.isMap(value)) return inItems(value.keys(), seen) ?? inItems(value.values(), seen);
  if (types.isSet(value)) return inItems(value, seen);
  if (types.isNativeError(value) || registeredTypeOf(prototype) !== undefined) return undefined;
  const name = (value.constructor as { name?: string } | undefined)?.name;
  return { path: "", what: types.isPromise(value) ? "a promise" : `an instance of ${name || "a class"}` };
}

function inFields(value: object, seen: Set<object> | undefined): Unsavable | undefined {
  let visited = seen;
  for (const field in value) {
    const inner = (value as Record<string, unknown>)[field];
    let found: Unsavable | undefined;
    if (typeof inner === "object" && inner !== null) {
      visited ??= new Set();
      visited.add(value);
      found = inObject(inner, visited);
    } else found = inPrimitive(inner);
    if (found) return { path: `.${field}${found.path}`, what: found.what };
  }
  return undefined;
}

function inItems(items: Iterable<unknown>, seen: Set<object> | undefined): Unsavable | undefined {
  let visited = seen;
  let index = 0;
  for (const item of items) {
    let found: Unsavable | undefined;
    if (typeof item === "object" && item !== null) {
      visited ??= new Set();
      visited.add(items as object);
      found = inObject(item, visited);
    } else found = inPrimitive(item);
    if (found) return { path: `[${index}]${found.path}`, what: found.what };
    index++;
  }
  return undefined;
}
