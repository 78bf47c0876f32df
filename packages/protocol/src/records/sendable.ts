// Says what of a record cannot cross to another worker, and where it is.
//
// Functions and symbols would vanish silently, promises and weak collections would arrive empty: all are refused by name.

import { types } from "node:util";
import { UnserializableError } from "./errors.ts";
import { registeredTypeOf } from "./registered-types.ts";
import { describeKind, fieldPath, isPlainObject } from "./value-kinds.ts";

/** Thrown by a column writer that has met such a value; the codec then looks for its path. */
export class Unsendable extends Error {}

/** Whether an object is of a kind that has no content to send. */
export function isUnsendableObject(value: object): boolean {
  if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value) || types.isGeneratorObject(value)) return true;
  if (types.isExternal(value) || value instanceof WeakRef) return true;
  // URL, Temporal and their kind keep their content out of reach; an empty object would be a silent loss.
  return isOpaque(value);
}

function isOpaque(value: object): boolean {
  if (typeof (value as { toJSON?: unknown }).toJSON !== "function" || Object.keys(value).length > 0) return false;
  return !types.isDate(value) && !Array.isArray(value) && !ArrayBuffer.isView(value) && !isPlainObject(value);
}

/** Whether all of `value` can be sent. */
export function isSendable(value: unknown): boolean {
  return find(value, new Set()) === undefined;
}

interface Found {
  readonly value: unknown;
  /** How to get there, from the outside in. */
  path: string;
}

/** Throws if anything in `value` cannot be sent; `name` is what the error calls it. */
export function checkSendable(value: unknown, name: string): void {
  const found = find(value, new Set());
  if (found !== undefined) throw new UnserializableError(name + found.path, describeKind(found.value));
}

function find(value: unknown, seen: Set<object>): Found | undefined {
  if (typeof value === "function" || typeof value === "symbol") return { value, path: "" };
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (Array.isArray(value)) return findInItems(value, "", seen);
  if (types.isMap(value)) return findInItems(value.keys(), ".keys()", seen) ?? findInItems(value.values(), ".values()", seen);
  if (types.isSet(value)) return findInItems(value, ".values()", seen);
  if (ArrayBuffer.isView(value) || types.isDate(value) || types.isAnyArrayBuffer(value)) return undefined;
  const type = registeredTypeOf(Object.getPrototypeOf(value) as object);
  if (type !== undefined) return under("", find(type.toPlain(value), seen));
  if (isUnsendableObject(value)) return { value, path: "" };
  for (const field of Object.keys(value)) {
    const found = find((value as Record<string, unknown>)[field], seen);
    if (found !== undefined) return under(fieldPath("", field), found);
  }
  return undefined;
}

function findInItems(items: Iterable<unknown>, name: string, seen: Set<object>): Found | undefined {
  let index = 0;
  for (const item of items) {
    const found = find(item, seen);
    if (found !== undefined) return under(`${name}[${index}]`, found);
    index++;
  }
  return undefined;
}

function under(step: string, found: Found | undefined): Found | undefined {
  if (found !== undefined) found.path = step + found.path;
  return found;
}
