// Columns of anything else (Maps, Sets, Errors, RegExps, other typed arrays, cyclic data), as one msgpackr message.
//
// Known losses of msgpackr inside such data: -0 becomes 0, lone surrogates become U+FFFD, array holes become undefined.

import { types } from "node:util";
import { addExtension, Packr } from "msgpackr";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { BadFrameError, UnknownTypeError } from "./errors.ts";
import { Kind } from "./kinds.ts";
import { registeredClasses, registeredTypeNamed, registeredTypeOf } from "./registered-types.ts";
import { isSendable, Unsendable } from "./sendable.ts";
import { unboxed } from "./value-kinds.ts";

// toJSON is left alone: what arrives must not depend on whether a batch was written in columns or by msgpackr.
const packr = new Packr({ structuredClone: true, moreTypes: true, useToJSON: false, variableMapSize: true });

/** What msgpackr would take for an object without fields: subclasses of Map, and built-ins of another realm. */
class Unusual {
  static [Symbol.hasInstance](value: unknown): boolean {
    if (types.isMap(value)) return Object.getPrototypeOf(value) !== Map.prototype;
    if (types.isSet(value)) return !(value instanceof Set);
    if (types.isDate(value)) return !(value instanceof Date);
    if (types.isRegExp(value)) return !(value instanceof RegExp);
    return types.isBoxedPrimitive(value);
  }

  static toUsual(value: unknown): unknown {
    if (types.isMap(value)) return new Map(value);
    if (types.isSet(value)) return new Set(value);
    if (types.isDate(value)) return new Date(value.getTime());
    return types.isRegExp(value) ? new RegExp(value.source, value.flags) : unboxed(value);
  }
}
addExtension({ Class: Unusual, write: (value: unknown) => Unusual.toUsual(value) });

/** msgpackr extension number of registered types, `[name, plain]`. */
const registeredExtension = 1;
let knownClasses = 0;

/** msgpackr writes instances of registered classes by name; it learns of new ones here. */
function learnClasses(): void {
  for (; knownClasses < registeredClasses.length; knownClasses++) {
    addExtension({
      Class: registeredClasses[knownClasses] as unknown as Function,
      type: registeredExtension,
      write(instance: object) {
        const type = registeredTypeOf(Object.getPrototypeOf(instance) as object);
        return type === undefined ? [null, { ...instance }] : [type.name, type.toPlain(instance)]; // a subclass: plain
      },
      read([name, plain]: [string | null, unknown]) {
        if (name === null) return plain;
        const type = registeredTypeNamed(name);
        if (type === undefined) throw new UnknownTypeError(name);
        return type.fromPlain(plain);
      },
    });
  }
}

/** Writes `values` with their kind in front. @throws {@link Unsendable} */
export function writeGeneral(writer: ByteWriter, values: readonly unknown[]): void {
  if (!isSendable(values)) throw new Unsendable();
  learnClasses();
  const message = packr.pack(values);
  writer.u8(Kind.general);
  writer.u32(message.length);
  writer.raw(message);
}

/** Reads `count` values that {@link writeGeneral} wrote. */
export function readGeneral(reader: ByteReader, count: number): unknown[] {
  learnClasses();
  const length = reader.u32();
  const at = reader.skip(length);
  // A copy of its own: msgpackr hands out Buffers that are windows on what it reads.
  const values: unknown = packr.unpack(Uint8Array.prototype.slice.call(reader.bytes, at, at + length));
  if (!Array.isArray(values) || values.length !== count) throw new BadFrameError(`not the ${count} values it announces`);
  return values;
}
