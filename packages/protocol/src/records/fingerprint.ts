// A short hash of any value, to see whether a worker built an operator from the same arguments as the submitter.
//
// Never throws: cycles become back references, getters that throw become a mark.

import { createHash, type Hash } from "node:crypto";
import { types } from "node:util";
import { classNameOf, describeKind, isPlainObject, unboxed } from "./value-kinds.ts";

/**
 * Sixteen hex digits (64 bits of SHA-256) over `value`: plain data by content, functions by their name
 * (their code is compared by the bundle's hash, and reads differently before bundling), class instances by class name
 * and own fields, Maps and Sets in their order. Field order does not matter.
 */
export function fingerprintOf(value: unknown): string {
  const hash = createHash("sha256");
  new Walk(hash).visit(value);
  return hash.digest("hex").slice(0, 16);
}

/** One traversal; every part is closed or counted, so that different values never write the same text. */
class Walk {
  readonly #hash: Hash;
  readonly #ids = new Map<object, number>();

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  /** Writes UTF-16, since UTF-8 would make all lone surrogates one. */
  #write(text: string): void {
    this.#hash.update(Buffer.from(text, "utf16le"));
  }

  #writeText(tag: string, text: string): void {
    this.#write(`${tag}${text.length}:${text}`);
  }

  visit(root: unknown): void {
    // An explicit stack of work: a long linked list must not overflow the call stack.
    const work: (() => void)[] = [() => this.#visitOne(root, work)];
    for (let next = work.pop(); next; next = work.pop()) next();
  }

  #visitOne(boxedValue: unknown, work: (() => void)[]): void {
    const value = unboxed(boxedValue);
    switch (typeof value) {
      case "string": return this.#writeText("s", value);
      case "number": return this.#write(`n${value === 0 ? 0 : value};`);
      case "bigint": return this.#write(`i${value};`);
      case "symbol": return this.#writeText("y", String(value));
      case "function": return this.#writeText("f", safely(() => String((value as { name: unknown }).name), ""));
      case "object": if (value !== null) return this.#visitObject(value, work);
    }
    this.#write(`${String(value)};`); // true, false, null, undefined
  }

  #visitObject(value: object, work: (() => void)[]): void {
    const seen = this.#ids.get(value);
    if (seen !== undefined) return this.#write(`@${seen};`);
    this.#ids.set(value, this.#ids.size);
    const parts = types.isProxy(value) ? [] : this.#open(value);
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i]!;
      work.push(() => {
        if (part.name !== undefined) this.#writeText("k", part.name);
        this.#visitOne(part.read(), work);
      });
    }
  }

  /** Writes what opens `value`, and names its parts. */
  #open(value: object): Part[] {
    if (types.isDate(value)) return this.#write(`d${Date.prototype.getTime.call(value)};`), [];
    if (types.isRegExp(value)) return this.#writeText("r", `${value.source}/${value.flags}`), [];
    if (ArrayBuffer.isView(value)) return this.#writeBytes(value), [];
    if (types.isAnyArrayBuffer(value)) return this.#writeBytes(new Uint8Array(value)), [];
    if (Array.isArray(value)) return this.#write(`[${value.length}:`), value.map((item) => ({ read: () => item as unknown }));
    const fields = fieldsOf(value);
    if (types.isMap(value)) {
      this.#write(`M${value.size}:`);
      for (const [key, item] of value) fields.push({ read: () => key as unknown }, { read: () => item as unknown });
    } else if (types.isSet(value)) {
      this.#write(`S${value.size}:`);
      for (const item of value) fields.push({ read: () => item as unknown });
    } else if (types.isNativeError(value)) {
      fields.push({ name: "message", read: () => value.message });
    }
    this.#writeText("{", isPlainObject(value) ? "" : safely(() => classNameOf(value), "?"));
    this.#write(`${fields.length}:`);
    return fields;
  }

  #writeBytes(view: ArrayBufferView): void {
    this.#writeText("b", describeKind(view));
    this.#write(`${view.byteLength}:`);
    this.#hash.update(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }
}

interface Part {
  readonly name?: string;
  readonly read: () => unknown;
}

function fieldsOf(value: object): Part[] {
  return Object.keys(value).sort()
    .map((name) => ({ name, read: () => safely(() => (value as Record<string, unknown>)[name], "[this getter throws]") }));
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
