// A file of records: batches one behind the other, each with its length in front (u32, little-endian).
//
// Rules: the same records give the same bytes; neither side holds more than one batch; a file that ends inside a batch
// is damaged, an empty one holds no record.

import { decodeBatch, encodeBatch } from "./codec.ts";
import { BadFrameError } from "./errors.ts";

const lengthBytes = 4;
const firstBatch = 64;
const largestBatch = 4_096;
/** Batches aim at a size between these, in bytes. */
const smallBytes = 64 * 1024;
const largeBytes = 512 * 1024;
/** No batch is longer; a greater length means that these are other bytes. */
const longestBytes = 1024 * 1024 * 1024;

/**
 * The bytes of a file of `records`, batch by batch.
 *
 * @throws UnserializableError naming the path of what cannot be sent.
 */
export function* recordFileOf(records: readonly unknown[]): Generator<Uint8Array, void, undefined> {
  let size = firstBatch;
  for (let at = 0; at < records.length; ) {
    const batch = encodeBatch(records.slice(at, at + size), lengthBytes);
    new DataView(batch.buffer, batch.byteOffset).setUint32(0, batch.byteLength - lengthBytes, true);
    yield batch;
    at += size;
    if (batch.byteLength < smallBytes) size = Math.min(size * 2, largestBatch);
    else if (batch.byteLength > largeBytes) size = Math.max(size >> 1, 1);
  }
}

/**
 * The records of such a file, batch by batch.
 *
 * @param chunks - its bytes, cut anywhere: a read stream, for example.
 * @throws {@link BadFrameError} where it is damaged.
 */
export async function* readRecordFile(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<unknown[], void, undefined> {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let neededBytes = lengthBytes;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    waitingBytes += chunk.byteLength;
    if (waitingBytes < neededBytes) continue;
    let rest: Buffer = Buffer.concat(waiting);
    for (neededBytes = frameBytes(rest); neededBytes <= rest.length; neededBytes = frameBytes(rest)) {
      yield decodeBatch(rest.subarray(lengthBytes, neededBytes));
      rest = rest.subarray(neededBytes);
    }
    waiting = [rest];
    waitingBytes = rest.length;
  }
  if (waitingBytes > 0) throw new BadFrameError("the file of records ends inside a batch");
}

/** Bytes of the first frame in `bytes`, its length included; of the length alone while that is not there. */
function frameBytes(bytes: Buffer): number {
  if (bytes.length < lengthBytes) return lengthBytes;
  const length = bytes.readUInt32LE(0);
  if (length > longestBytes) throw new BadFrameError(`a batch of ${length} bytes in a file of records`);
  return lengthBytes + length;
}
