// Turns a key into something a JavaScript Map can hold: equal keys become the same Map key, others never do.
//
// Invariants:
//   K1. A string that starts with NUL is ours: NUL "c" opens an encoded composite, NUL "s" a user's own string that
//       happened to start with NUL. So no user's string meets a composite.
//   K2. The encoding is a prefix code (every part is closed or has its length in front), so parts never run together.

import { types } from "node:util";
import { UnhashableKeyError } from "./errors.ts";
import { maxKeyDepth } from "./stable-hash.ts";
import { describeKind, fieldPath, isPlainObject, unboxed } from "./value-kinds.ts";

/** A value by which a Map tells keys apart as `stableHash` does. */
export type CanonicalKey = string | number | boolean | bigint | null | undefined;

/**
 * The Map key of a key: primitives are themselves (-0 becomes 0), arrays, plain objects and Dates become a string.
 *
 * @throws {@link UnhashableKeyError} for what has no stable identity, as {@link stableHash} does.
 */
export function canonicalKey(key: unknown): CanonicalKey {
  switch (typeof key) {
    case "string": return key.charCodeAt(0) === 0 ? `\0s${key}` : key;
    case "number": return key === 0 ? 0 : key;
    case "boolean": case "undefined": case "bigint": return key;
    case "object": return key === null ? null : canonicalObject(key);
    default: throw new UnhashableKeyError("key", describeKind(key));
  }
}

function canonicalObject(key: object): CanonicalKey {
  const inner = unboxed(key);
  return inner === key ? `\0c${encoded(key, "key", 0)}` : canonicalKey(inner);
}

function encoded(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case "string": return `s${value.length}:${value}`;
    case "number": return `n${value === 0 ? 0 : value};`;
    case "boolean": return value ? "t" : "f";
    case "undefined": return "u";
    case "bigint": return `i${value};`;
    case "object": return value === null ? "z" : encodedObject(value, path, depth);
    default: throw new UnhashableKeyError(path, describeKind(value));
  }
}

function encodedObject(value: object, path: string, depth: number): string {
  if (depth >= maxKeyDepth) throw new UnhashableKeyError(path, `nested deeper than ${maxKeyDepth} levels, or cyclic`);
  if (Array.isArray(value)) {
    let text = `[${value.length}:`;
    for (let i = 0; i < value.length; i++) text += encoded(value[i], `${path}[${i}]`, depth + 1);
    return text;
  }
  if (types.isDate(value)) return `d${value.getTime()};`;
  if (isPlainObject(value)) {
    const fields = Object.keys(value).sort();
    let text = `{${fields.length}:`;
    for (const field of fields) {
      text += `${field.length}:${field}`;
      text += encoded((value as Record<string, unknown>)[field], fieldPath(path, field), depth + 1);
    }
    return text;
  }
  const inner = unboxed(value);
  if (inner !== value) return encoded(inner, path, depth);
  throw new UnhashableKeyError(path, describeKind(value));
}
