// A 32-bit hash of any key, the same in every process, so that all workers send a key to the same instance.
//
// Invariants:
//   H1. Keys that are equal by `canonicalKey` have equal hashes; the order of an object's fields does not matter.
//   H2. The hash of a key never changes once released: saved state is found by it.
// The mixing steps are those of MurmurHash3 (A. Appleby, public domain); strings go through FNV-1a by UTF-16 unit.

import { types } from "node:util";
import { UnhashableKeyError } from "./errors.ts";
import { describeKind, fieldPath, isPlainObject, unboxed } from "./value-kinds.ts";

/** Deeper keys are refused, which also ends on cyclic ones. */
export const maxKeyDepth = 64;

// One start value per kind, so that 1, "1", 1n and true part ways.
const seeds = {
  double: 0x3c6ef372, true: 0x1b873593, false: 0x2545f491, null: 0x510e527f, undefined: 0x1f83d9ab,
  bigint: 0x5be0cd19, date: 0x6a09e667, array: 0x510a4b1d, object: 0x27d4eb2f,
} as const;

/**
 * The hash of a key, an unsigned 32-bit integer.
 *
 * Equal are: -0 and 0; any two NaN; a boxed primitive and its primitive; Dates of one instant; arrays and plain objects
 * of equal parts, whatever the order of the fields. Different are: 1, "1", 1n and true; null and undefined; `{}` and
 * `{ a: undefined }`.
 *
 * @throws {@link UnhashableKeyError} for functions, symbols, Maps, class instances other than Date, and cycles.
 */
export function stableHash(key: unknown): number {
  if (typeof key === "string") return hashString(key);
  if (typeof key === "number") return (key | 0) === key ? mixed(key) : hashDouble(key);
  return hashOther(key, "key", 0) >>> 0;
}

function mixed(word: number): number {
  let h = word ^ 0x9747b28c;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hashString(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mixed(h ^ text.length);
}

/** The bits of NaN are the engine's choice, and may differ from one to the next. */
const canonicalNaN = 0x7ff8000000000000n;
const doubleBits = new DataView(new ArrayBuffer(8));

function hashDouble(value: number): number {
  if (Number.isNaN(value)) doubleBits.setBigUint64(0, canonicalNaN);
  else doubleBits.setFloat64(0, value);
  return mixed(joined(joined(seeds.double, doubleBits.getInt32(0)), doubleBits.getInt32(4)));
}

/** `h` followed by one more word: order matters. */
function joined(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  h ^= k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function hashOther(key: unknown, path: string, depth: number): number {
  switch (typeof key) {
    case "string": return hashString(key);
    case "number": return (key | 0) === key ? mixed(key) : hashDouble(key);
    case "boolean": return mixed(key ? seeds.true : seeds.false);
    case "undefined": return mixed(seeds.undefined);
    case "bigint": return mixed(joined(seeds.bigint, hashString(key.toString(36))));
    case "object": return key === null ? mixed(seeds.null) : hashObject(key, path, depth);
    default: throw new UnhashableKeyError(path, describeKind(key));
  }
}

function hashObject(key: object, path: string, depth: number): number {
  if (depth >= maxKeyDepth) throw new UnhashableKeyError(path, `nested deeper than ${maxKeyDepth} levels, or cyclic`);
  if (Array.isArray(key)) {
    let h = joined(seeds.array, key.length);
    for (let i = 0; i < key.length; i++) h = joined(h, hashOther(key[i], `${path}[${i}]`, depth + 1));
    return mixed(h);
  }
  if (types.isDate(key)) return mixed(joined(seeds.date, hashDouble(key.getTime())));
  if (isPlainObject(key)) {
    // A sum, because the order of the fields must not matter.
    let sum = 0;
    const fields = Object.keys(key);
    for (const field of fields) {
      const value = (key as Record<string, unknown>)[field];
      sum = (sum + mixed(joined(hashString(field), hashOther(value, fieldPath(path, field), depth + 1)))) | 0;
    }
    return mixed(joined(joined(seeds.object, fields.length), sum));
  }
  const inner = unboxed(key);
  if (inner !== key) return hashOther(inner, path, depth);
  throw new UnhashableKeyError(path, describeKind(key));
}
