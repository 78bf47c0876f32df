// The sending end of a channel to another worker.
//
// Invariants:
//   O1. Nothing leaves without credit: what is in flight (sent and not yet taken by the receiver) is at most the window
//       in items, and in bytes, but for a single item that is larger by itself.
//   O2. Records are encoded when they are sent, so that a record that cannot cross fails the `send` that brought it.

import { deferred, type Deferred } from "@sage/core";
import { BadFrameError } from "@sage/protocol/records";
import type { ChannelEvent, OutputChannel } from "./channel.ts";
import type { ExchangeCounters } from "./counters.ts";
import { FrameTooLargeError } from "./errors.ts";
import { encodeEvent } from "./event-frame.ts";
import { Fifo } from "./fifo.ts";
import { encodeTimed, type TimedBatch } from "./timed-batch.ts";
import { frameLimitBytes, FrameType, headerBytes, makeFrame, withHeader } from "./frame.ts";

/** The connection as its channels see it. */
export interface FrameSink {
  /** Whether the socket's buffer is full; then nothing more is written until it has drained. */
  readonly blocked: boolean;
  write(frame: Buffer): void;
  /** A channel has ended and all of it was taken. */
  onFinished(): void;
}

export class RemoteOutput implements OutputChannel {
  readonly channelId: number;
  readonly #sink: FrameSink;
  readonly #counters: ExchangeCounters;
  readonly #waiting = new Fifo<Buffer>();
  /** Sizes of what is in flight, oldest first. */
  readonly #inFlight = new Fifo<number>();
  #inFlightBytes = 0;
  bytes = 0;
  /** Undefined until the receiver has opened the channel. */
  #credit: number | undefined;
  #mostBytes = 0;
  #room: Deferred<void> | undefined;
  /** The frame at the tail of `#waiting`, if it is a watermark: a later one takes its place. */
  #lastWatermark: Buffer | undefined;
  #ended = false;
  #failure: Error | undefined;

  constructor(channelId: number, sink: FrameSink, counters: ExchangeCounters) {
    this.channelId = channelId;
    this.#sink = sink;
    this.#counters = counters;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  /** Items on their way: sent, and not yet taken by the receiver. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** Whether everything up to the end was taken by the receiver. */
  get finished(): boolean {
    return this.#ended && this.#waiting.length === 0 && this.#inFlight.length === 0;
  }

  send(batch: unknown[]): Promise<void> | undefined {
    this.#checkOpen();
    if (batch.length > 0) this.#sendFrames(batch);
    return this.#waitForRoom();
  }

  #sendFrames(batch: TimedBatch): void {
    const frame = encodeTimed(batch, headerBytes);
    const length = frame.length - headerBytes;
    if (length > frameLimitBytes) {
      if (batch.length === 1) throw new FrameTooLargeError("a record", length, frameLimitBytes);
      const half = batch.length >> 1;
      this.#sendFrames(part(batch, 0, half));
      return this.#sendFrames(part(batch, half, batch.length));
    }
    this.#counters.recordsOut += batch.length;
    this.#counters.batchesOut++;
    this.bytes += frame.length;
    this.#push(withHeader(frame, FrameType.batch, this.channelId));
  }

  sendEvent(event: ChannelEvent): void {
    if (event.kind === "end") return this.end();
    this.#checkOpen();
    const frame = makeFrame(FrameType.event, this.channelId, encodeEvent(event));
    const isWatermark = event.kind === "watermark";
    if (isWatermark && this.#lastWatermark !== undefined && this.#waiting.last === this.#lastWatermark) this.#waiting.replaceLast(frame);
    else this.#push(frame);
    this.#lastWatermark = isWatermark ? frame : undefined;
  }

  end(): void {
    if (this.#ended) return;
    this.#checkOpen();
    this.#ended = true;
    this.#push(makeFrame(FrameType.event, this.channelId, encodeEvent({ kind: "end" })));
  }

  #checkOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ended) throw new Error(`channel ${this.channelId} was used after its end`);
  }

  #push(frame: Buffer): void {
    if (this.#waiting.length === 0 && this.#maySend(frame.length)) this.#write(frame);
    else this.#waiting.push(frame);
  }

  #maySend(bytes: number): boolean {
    if (this.#sink.blocked || this.#credit === undefined || this.#credit === 0) return false;
    return this.#inFlight.length === 0 || this.#inFlightBytes + bytes <= this.#mostBytes; // O1
  }

  #write(frame: Buffer): void {
    this.#credit!--;
    this.#inFlight.push(frame.length);
    this.#inFlightBytes += frame.length;
    this.#sink.write(frame);
  }

  #waitForRoom(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#maySend(1)) return undefined;
    if (this.#room === undefined) {
      this.#room = deferred();
      this.#room.promise.catch(() => {}); // a caller may have gone by the time it fails
    }
    return this.#room.promise;
  }

  /** The receiver has opened the channel. @throws `SAGE_BAD_FRAME` if it had before. */
  onGrant(credit: number, mostBytes: number): void {
    if (this.#credit !== undefined) throw new BadFrameError(`a second grant for channel ${this.channelId}`);
    this.#credit = credit;
    this.#mostBytes = mostBytes;
    this.flush();
  }

  /** The receiver has taken `count` more items. @throws `SAGE_BAD_FRAME` if it cannot have. */
  onCredit(count: number): void {
    if (this.#credit === undefined || count > this.#inFlight.length) throw new BadFrameError(`credit for what was not sent on channel ${this.channelId}`);
    for (let i = 0; i < count; i++) this.#inFlightBytes -= this.#inFlight.shift()!;
    this.#credit += count;
    this.flush();
    if (this.finished) this.#sink.onFinished();
  }

  /** Sends what credit and socket allow. */
  flush(): void {
    for (let next = this.#waiting.first; next !== undefined && this.#maySend(next.length); next = this.#waiting.first) {
      this.#waiting.shift();
      this.#write(next);
    }
    if (this.#room !== undefined && this.#waiting.length === 0 && this.#maySend(1)) {
      this.#room.resolve();
      this.#room = undefined;
    }
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting.clear();
    this.#room?.reject(error);
    this.#room = undefined;
  }
}

function part(batch: TimedBatch, from: number, to: number): TimedBatch {
  const some: TimedBatch = batch.slice(from, to);
  if (batch.times !== undefined) some.times = batch.times.slice(from, to);
  return some;
}
