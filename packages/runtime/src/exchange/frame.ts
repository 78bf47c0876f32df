// Frames on a connection between two workers: length u32 of what follows it, type u8, channel u32, payload; little-endian.

import { BadFrameError } from "@sage/protocol/records";
import { FrameTooLargeError } from "./errors.ts";

export const FrameType = {
  hello: 1, challenge: 2, proof: 3, welcome: 4, refused: 5,
  /** A hello of one who wants to call, not to send records. */
  callHello: 6,
  /** Receiver → sender: credit in items u32 and the most bytes in flight u32. Opens the channel. */
  grant: 16,
  /** Receiver → sender: so many items (u32) were taken. */
  credit: 17,
  batch: 18,
  event: 19,
  /** Either way, when there is nothing else to say: the connection and who is at its other end are there. */
  alive: 20,
  /** Of calls, where the channel is the call's number. Callee → caller: calls are taken from now on. */
  ready: 32,
  /** Caller → callee: method, caller, arguments. */
  call: 33,
  /** Callee → caller: the result. */
  answer: 34,
  /** Callee → caller: the error. */
  failure: 35,
  /** Caller → callee: nobody waits for this call any more. */
  forget: 36,
} as const;

export const headerBytes = 9;
const bodyOverhead = 5;
/** The longest payload, in bytes. */
export const frameLimitBytes = 64 * 1024 * 1024;

/** Fills in the header in front of a payload that left `headerBytes` free. */
export function withHeader(frame: Uint8Array, type: number, channelId: number): Buffer {
  const buffer = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  buffer.writeUInt32LE(frame.length - headerBytes + bodyOverhead, 0);
  buffer[4] = type;
  buffer.writeUInt32LE(channelId, 5);
  return buffer;
}

/** A frame around a short payload. */
export function makeFrame(type: number, channelId: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + payload.length);
  frame.set(payload, headerBytes);
  return withHeader(frame, type, channelId);
}

/** A frame whose payload is u32 numbers. */
export function makeCountsFrame(type: number, channelId: number, ...counts: number[]): Buffer {
  const payload = Buffer.allocUnsafe(counts.length * 4);
  for (const [i, count] of counts.entries()) payload.writeUInt32LE(count, i * 4);
  return makeFrame(type, channelId, payload);
}

export type OnFrame = (type: number, channelId: number, payload: Buffer) => void;

/** A payload much smaller than the chunk it came in is copied out, so that it does not keep the chunk. */
const copyBelow = 1 / 4;

/**
 * Cuts a stream of bytes into frames. A frame that lies within one chunk is handed on in place; one that spans chunks is
 * collected in a buffer of its own size. `push` throws {@link FrameTooLargeError} or `SAGE_BAD_FRAME`, and what `onFrame`
 * throws; the stream is useless then.
 */
export class FrameParser {
  onFrame: OnFrame;
  /** The longest payload to accept, in bytes. */
  limitBytes: number;
  /** Set it to hand on no more frames, also from within `onFrame`. */
  stopped = false;

  readonly #header = Buffer.alloc(headerBytes);
  #headerFill = 0;
  #payload: Buffer | undefined;
  #payloadFill = 0;

  constructor(onFrame: OnFrame, limitBytes: number = frameLimitBytes) {
    this.onFrame = onFrame;
    this.limitBytes = limitBytes;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.stopped) {
      if (this.#payload !== undefined) at = this.#continuePayload(chunk, at);
      else if (this.#headerFill > 0 || chunk.length - at < headerBytes) at = this.#continueHeader(chunk, at);
      else at = this.#startFrame(chunk, chunk, at, at + headerBytes);
    }
  }

  #continueHeader(chunk: Buffer, at: number): number {
    const taken = Math.min(headerBytes - this.#headerFill, chunk.length - at);
    chunk.copy(this.#header, this.#headerFill, at, at + taken);
    this.#headerFill += taken;
    if (this.#headerFill < headerBytes) {
      this.#checkLength();
      return at + taken;
    }
    this.#headerFill = 0;
    return this.#startFrame(this.#header, chunk, 0, at + taken);
  }

  /** Refuses a bad length as soon as it is known, not only when the header is complete. */
  #checkLength(): void {
    if (this.#headerFill >= 4) this.#payloadLength(this.#header.readUInt32LE(0));
  }

  #payloadLength(bodyLength: number): number {
    const length = bodyLength - bodyOverhead;
    if (length < 0) throw new BadFrameError("a frame shorter than its header");
    if (length > this.limitBytes) throw new FrameTooLargeError("a frame from a peer", length, this.limitBytes);
    return length;
  }

  #startFrame(header: Buffer, chunk: Buffer, headerAt: number, payloadAt: number): number {
    const length = this.#payloadLength(header.readUInt32LE(headerAt));
    const end = payloadAt + length;
    if (end <= chunk.length) {
      const inPlace = chunk.subarray(payloadAt, end);
      const payload = length < chunk.length * copyBelow ? Buffer.from(inPlace) : inPlace;
      this.onFrame(header[headerAt + 4]!, header.readUInt32LE(headerAt + 5), payload);
      return end;
    }
    if (header !== this.#header) header.copy(this.#header, 0, headerAt, headerAt + headerBytes);
    this.#payload = Buffer.allocUnsafeSlow(length);
    this.#payloadFill = 0;
    return this.#continuePayload(chunk, payloadAt);
  }

  #continuePayload(chunk: Buffer, at: number): number {
    const payload = this.#payload!;
    const taken = Math.min(payload.length - this.#payloadFill, chunk.length - at);
    chunk.copy(payload, this.#payloadFill, at, at + taken);
    this.#payloadFill += taken;
    if (this.#payloadFill === payload.length) {
      this.#payload = undefined;
      this.onFrame(this.#header[4]!, this.#header.readUInt32LE(5), payload);
    }
    return at + taken;
  }
}
