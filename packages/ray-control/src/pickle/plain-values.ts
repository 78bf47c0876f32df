// What a reader of results wants: tuples as arrays, dicts as objects, sets of all kinds as Sets, bytes of all kinds as
// Buffers. What has no plain form stays an inert recipe.

import { PickleReadError } from "./errors.ts";
import { PersistentId, PyGlobal, PyObject, PyTuple } from "./python-values.ts";

/** Deeper values are refused, for what walks them later would overflow its stack. */
const maxDepth = 1_000;

/** Another value for something inert, or `undefined` to leave it. */
export type Interpret = (value: PyObject | PersistentId) => unknown;

/**
 * `value` as {@link readPickle} gave it, made plain. Dicts whose keys are all strings become objects, others stay Maps.
 * @throws {@link PickleReadError} if it is nested more than 1,000 levels deep.
 */
export function toPlain(value: unknown, interpret: Interpret = () => undefined): unknown {
  const made = new Map<object, unknown>();

  const plain = (part: unknown, depth: number): unknown => {
    if (typeof part !== "object" || part === null || Buffer.isBuffer(part)) return part;
    if (made.has(part)) return made.get(part);
    if (depth > maxDepth) throw new PickleReadError(`it is nested more than ${maxDepth} levels deep`);
    if (Array.isArray(part)) return fill(part, part, depth);
    if (part instanceof PyTuple) return fill(part, part.items, depth);
    if (part instanceof Map) return dict(part, [...part], depth);
    if (part instanceof Set) return set(part, part, depth);
    return inert(part as PyObject | PersistentId, depth);
  };

  const fill = (owner: object, items: readonly unknown[], depth: number): unknown[] => {
    const array: unknown[] = [];
    made.set(owner, array);
    for (const item of items) array.push(plain(item, depth + 1));
    return array;
  };

  const set = (owner: object, items: Iterable<unknown>, depth: number): Set<unknown> => {
    const result = new Set<unknown>();
    made.set(owner, result);
    for (const item of items) result.add(plain(item, depth + 1));
    return result;
  };

  const dict = (owner: object, entries: readonly (readonly [unknown, unknown])[], depth: number): unknown => {
    const named = entries.every(([key]) => typeof key === "string");
    const result = named ? {} : new Map<unknown, unknown>();
    made.set(owner, result);
    for (const [key, value] of entries) {
      const plainValue = plain(value, depth + 1);
      if (result instanceof Map) result.set(plain(key, depth + 1), plainValue);
      else Object.defineProperty(result, key as string, { value: plainValue, enumerable: true, configurable: true, writable: true }); // also "__proto__"
    }
    return result;
  };

  const known = (part: PyObject, depth: number): unknown => {
    if (!(part.callee instanceof PyGlobal) || part.state !== undefined) return undefined;
    const [first, encoding] = part.args;
    const isLatin1 = typeof first === "string" && typeof encoding === "string" && /^latin-?1$/.test(encoding);
    switch (part.callee.path) {
      case "_codecs.encode": return isLatin1 ? latin1(first) : undefined;
      case "builtins.bytes": return part.args.length === 0 ? Buffer.alloc(0) : undefined;
      case "builtins.bytearray": return isLatin1 ? latin1(first) : bytesOf(part.args.length === 0 ? Buffer.alloc(0) : plain(first, depth + 1));
      case "builtins.set": case "builtins.frozenset": return Array.isArray(first) ? setOf(first, depth) : undefined;
      case "collections.OrderedDict": return part.args.length === 0 ? dict(part, part.entries, depth) : undefined;
      default: return undefined;
    }
  };

  // One result per source: a pickle can ask a million times for the bytes of one long string.
  const latin1Bytes = new Map<string, Buffer>();
  const latin1 = (text: string): Buffer => {
    const bytes = latin1Bytes.get(text) ?? Buffer.from(text, "latin1");
    latin1Bytes.set(text, bytes);
    return bytes;
  };
  const sets = new Map<readonly unknown[], Set<unknown>>();
  const setOf = (items: readonly unknown[], depth: number): Set<unknown> => {
    const result = sets.get(items) ?? set(items, items, depth);
    sets.set(items, result);
    made.delete(items); // as a list it is another value
    return result;
  };

  const inert = (part: PyObject | PersistentId, depth: number): unknown => {
    const result = interpret(part) ?? (part instanceof PyObject ? known(part, depth) : undefined) ?? part;
    made.set(part, result);
    return result;
  };

  return plain(value, 0);
}

const bytesOf = (value: unknown): Buffer | undefined => (Buffer.isBuffer(value) ? value : undefined);
