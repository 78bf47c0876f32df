// Reads bytes that may be hostile: nothing is read past the end, and nothing is allocated that the rest cannot pay for.

import { BadFrameError } from "./errors.ts";

export class ByteReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  position = 0;

  constructor(source: Uint8Array) {
    this.bytes = Buffer.isBuffer(source) ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** Moves past `count` bytes and returns where they begin. */
  skip(count: number): number {
    const at = this.position;
    if (count > this.bytes.length - at) throw new BadFrameError("it ends too early");
    this.position = at + count;
    return at;
  }

  u8(): number {
    return this.bytes[this.skip(1)]!;
  }

  u16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  f64(): number {
    return this.view.getFloat64(this.skip(8), true);
  }
}
