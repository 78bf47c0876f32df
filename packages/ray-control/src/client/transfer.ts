// Large data in parts: Ray sends parts of 5 MiB and takes whatever size it is given.
//
// Invariants:
//   T1. The parts of one request follow one another without anything in between, in order, and all of them are sent.
//   T2. A broken transfer of a result goes on with the part that is missing.

import { RayObjectTooLargeError, RayProtocolError } from "../errors.ts";

export interface Chunk {
  readonly data: Buffer;
  readonly chunkId: number;
  readonly totalChunks: number;
}

const MiB = 2 ** 20;

/**
 * How large the parts for a server may be. Up to 2.59 a server that is sent a request of several parts a second time
 * (our connection broke between its last part and the answer) takes no other request of that kind ever after. One part
 * alone has no such trouble, so these servers get larger ones: what fits one part is safe.
 */
export function chunkBytesFor(rayVersion: string): number {
  const [major = 0, minor = 0] = rayVersion.split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 60) ? 5 * MiB : 64 * MiB;
}

/** At least one part, also of nothing. */
export function* chunksOf(data: Buffer, chunkBytes: number): Generator<Chunk> {
  const totalChunks = Math.max(1, Math.ceil(data.length / chunkBytes));
  for (let chunkId = 0; chunkId < totalChunks; chunkId++) {
    yield { data: data.subarray(chunkId * chunkBytes, (chunkId + 1) * chunkBytes), chunkId, totalChunks };
  }
}

/** Puts the parts of one result together. */
export class Assembly {
  readonly #maxBytes: number;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The part that is missing: where a repeated request starts. */
  get nextChunkId(): number {
    return this.#parts.length;
  }

  /** The whole, once `chunk` was the last part. */
  add(chunk: Chunk, totalBytes: number): Buffer | undefined {
    if (Math.max(totalBytes, this.#length + chunk.data.length) > this.#maxBytes) throw new RayObjectTooLargeError(Math.max(totalBytes, this.#length), this.#maxBytes);
    if (chunk.chunkId < this.#parts.length) return undefined; // sent twice, by two connections
    if (chunk.chunkId > this.#parts.length) throw new RayProtocolError(`part ${chunk.chunkId} of a result instead of part ${this.#parts.length}`);
    this.#parts.push(chunk.data);
    this.#length += chunk.data.length;
    if (this.#parts.length < chunk.totalChunks) return undefined;
    return this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
  }
}
