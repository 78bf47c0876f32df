// Batches whose records have a time, and how they cross workers: a mark, the times, then the batch as without them.

import { BadFrameError, decodeBatch, encodeBatch } from "@sage/protocol/records";

/** A batch, and the time of each of its records: milliseconds since the epoch, NaN for none. */
export interface TimedBatch extends Array<unknown> {
  times?: readonly number[];
}

/** No version of the record format: the first byte of a timed batch. */
const mark = 0xff;
const headBytes = 5;

/** Encodes a batch, with its times if it has them, behind `headroomBytes` of free space. */
export function encodeTimed(batch: TimedBatch, headroomBytes: number): Uint8Array {
  const { times } = batch;
  if (times === undefined) return encodeBatch(batch, headroomBytes);
  const frame = encodeBatch(batch, headroomBytes + headBytes + times.length * 8);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  view.setUint8(headroomBytes, mark);
  view.setUint32(headroomBytes + 1, times.length, true);
  for (let i = 0, at = headroomBytes + headBytes; i < times.length; i++, at += 8) view.setFloat64(at, times[i]!, true);
  return frame;
}

/** @throws `SAGE_BAD_FRAME` for what {@link encodeTimed} did not make. */
export function decodeTimed(payload: Uint8Array): TimedBatch {
  if (payload[0] !== mark) return decodeBatch(payload);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (payload.byteLength < headBytes) throw new BadFrameError("a batch that ends in its times");
  const count = view.getUint32(1, true);
  const end = headBytes + count * 8;
  if (end > payload.byteLength) throw new BadFrameError("a batch that ends in its times");
  const batch: TimedBatch = decodeBatch(payload.subarray(end));
  if (batch.length !== count) throw new BadFrameError("a batch with other times than records");
  const times: number[] = Array.from<number>({ length: count });
  for (let i = 0, at = headBytes; i < count; i++, at += 8) times[i] = view.getFloat64(at, true);
  batch.times = times;
  return batch;
}
