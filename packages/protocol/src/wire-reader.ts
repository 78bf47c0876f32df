// The fields of a protobuf message one after the other, without an object for it. Reads bytes that may be hostile: nothing
// is read past the end of the message, and what is no field throws.

import { MalformedRequestError } from "./malformed.ts";

/** As the encoding of protobuf numbers them; the others are not used any more. */
export const wire = { varint: 0, double: 1, bytes: 2, float: 5 } as const;

export class WireReader {
  readonly bytes: Buffer;
  #at: number;
  readonly #end: number;
  /** Of the field that `next` has found. */
  id = 0;
  wire = 0;
  /** If it is a varint or a double; a varint beyond 2^53 is rounded. */
  value = 0;
  /** If it has bytes: where they begin, and where they are over. */
  from = 0;
  to = 0;

  constructor(bytes: Buffer, from = 0, to = bytes.length) {
    this.bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  /** Goes to the next field. @returns false at the end. @throws {@link MalformedRequestError} */
  next(): boolean {
    if (this.#at === this.#end) return false;
    const tag = this.#varint();
    this.id = tag >>> 3;
    this.wire = tag & 7;
    if (this.wire === wire.varint) this.value = this.#varint();
    else if (this.wire === wire.double) this.value = this.bytes.readDoubleLE(this.#skip(8));
    else if (this.wire === wire.bytes) {
      const length = this.#varint();
      this.from = this.#skip(length);
      this.to = this.#at;
    } else if (this.wire === wire.float) this.#skip(4);
    else throw new MalformedRequestError();
    return true;
  }

  isBytes(id: number): boolean {
    return this.id === id && this.wire === wire.bytes;
  }

  /** Of the field's bytes. */
  text(): string {
    return this.bytes.toString("utf8", this.from, this.to);
  }

  /** Whether `text` would be this one, which is ASCII. */
  isText(text: string): boolean {
    if (this.to - this.from !== text.length) return false;
    for (let index = 0; index < text.length; index++) if (this.bytes[this.from + index] !== text.charCodeAt(index)) return false;
    return true;
  }

  /** Of the message that the field is. */
  inside(): WireReader {
    return new WireReader(this.bytes, this.from, this.to);
  }

  #skip(count: number): number {
    const from = this.#at;
    if (count > this.#end - from) throw new MalformedRequestError();
    this.#at = from + count;
    return from;
  }

  #varint(): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 70; unit *= 128) {
      const byte = this.bytes[this.#skip(1)]!;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
    throw new MalformedRequestError();
  }
}
