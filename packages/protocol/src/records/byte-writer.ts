// A growing buffer that is written front to back and used again for the next batch.
//
// Who writes calls `reserve` first and takes `bytes` and `view` after it: growing replaces both.

const startBytes = 64 * 1024;
/** A buffer that one huge batch has grown is let go of, so that it does not stay for the process's life. */
const keepBytes = 4 * 1024 * 1024;

export class ByteWriter {
  bytes: Buffer;
  view: DataView;
  position = 0;

  constructor() {
    this.bytes = Buffer.allocUnsafeSlow(startBytes);
    this.view = viewOf(this.bytes);
  }

  /** Makes room for `count` more bytes; returns where they begin and moves past them. */
  reserve(count: number): number {
    const at = this.position;
    if (at + count > this.bytes.length) this.#grow(at + count);
    this.position = at + count;
    return at;
  }

  u8(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.view.setUint32(at, value, true);
  }

  f64(value: number): void {
    const at = this.reserve(8);
    this.view.setFloat64(at, value, true);
  }

  raw(source: Uint8Array): void {
    const at = this.reserve(source.length);
    this.bytes.set(source, at);
  }

  /** A copy of what was written since `from`; the writer is ready for the next batch. */
  take(from = 0): Buffer {
    const result = Buffer.allocUnsafeSlow(this.position - from);
    this.bytes.copy(result, 0, from, this.position);
    this.clear();
    return result;
  }

  clear(): void {
    this.position = 0;
    if (this.bytes.length > keepBytes) {
      this.bytes = Buffer.allocUnsafeSlow(startBytes);
      this.view = viewOf(this.bytes);
    }
  }

  #grow(neededBytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(neededBytes, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
    this.view = viewOf(grown);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
