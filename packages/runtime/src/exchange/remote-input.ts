// The receiving end of a channel from another worker. It keeps items as bytes and decodes them when they are taken, so a
// full channel costs its window in encoded bytes, and the task that reads pays for decoding.
//
// Invariant:
//   I1. A sender that goes beyond its credit breaks the connection: the window is a bound, not a wish.

import { BadFrameError } from "@sage/protocol/records";
import type { ChannelEvent, ChannelItem, InputChannel } from "./channel.ts";
import type { ExchangeCounters } from "./counters.ts";
import { decodeEvent } from "./event-frame.ts";
import { decodeTimed } from "./timed-batch.ts";
import { Fifo } from "./fifo.ts";
import { FrameType, headerBytes, makeCountsFrame } from "./frame.ts";

export interface Window {
  /** Most items in flight: sent, and not yet taken here. */
  readonly items: number;
  /** Most bytes in flight; one item may be larger when it is alone. */
  readonly bytes: number;
}

type Queued = Buffer | ChannelEvent;

export class RemoteInput implements InputChannel {
  readonly channelId: number;
  onReadable: (() => void) | undefined;
  readonly #window: Window;
  readonly #counters: ExchangeCounters;
  readonly #items = new Fifo<Queued>();
  /** Writes to the sender; undefined until its connection is there. */
  #write: ((frame: Buffer) => void) | undefined;
  /** Items the sender may still send. */
  #credit = 0;
  #heldBytes = 0;
  bytes = 0;
  /** Items taken for which the sender has no credit back yet. */
  #owed = 0;
  #ended = false;
  #failure: Error | undefined;

  constructor(channelId: number, window: Window, counters: ExchangeCounters) {
    this.channelId = channelId;
    this.#window = window;
    this.#counters = counters;
  }

  get queued(): number {
    return this.#items.length;
  }

  get queuedBytes(): number {
    return this.#heldBytes;
  }

  /** Whether the end of input has arrived, taken or not. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The sender's connection is there: opens the channel. */
  attach(write: (frame: Buffer) => void): void {
    this.#write = write;
    this.#credit = this.#window.items;
    write(makeCountsFrame(FrameType.grant, this.channelId, this.#window.items, this.#window.bytes));
  }

  /** A frame of this channel. @throws `SAGE_BAD_FRAME` if the sender may not send it. */
  accept(type: number, payload: Buffer): void {
    if (this.#ended) throw new BadFrameError(`something behind the end of channel ${this.channelId}`);
    if (this.#credit === 0) throw new BadFrameError(`more on channel ${this.channelId} than its credit`); // I1
    this.#credit--;
    if (type === FrameType.batch) this.#acceptBatch(payload);
    else this.#acceptEvent(decodeEvent(payload));
    if (this.#items.length === 1) this.onReadable?.();
  }

  #acceptBatch(payload: Buffer): void {
    const size = payload.length + headerBytes;
    if (this.#heldBytes > 0 && this.#heldBytes + size > this.#window.bytes) {
      throw new BadFrameError(`more bytes on channel ${this.channelId} than its credit`);
    }
    this.#heldBytes += size;
    this.bytes += size;
    this.#items.push(payload);
  }

  #acceptEvent(event: ChannelEvent): void {
    if (event.kind === "end") this.#ended = true;
    this.#items.push(event);
  }

  poll(): ChannelItem | undefined {
    const item = this.#items.shift();
    if (item === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      return undefined;
    }
    if (!Buffer.isBuffer(item)) {
      this.#giveCredit();
      return item;
    }
    this.#heldBytes -= item.length + headerBytes;
    this.#giveCredit();
    const records = decodeTimed(item);
    this.#counters.recordsIn += records.length;
    this.#counters.batchesIn++;
    return records;
  }

  /**
   * Gives credit back in quarters of the window, or when nothing is left to take: then the sender may be waiting for just
   * this, because its next batch needs the bytes, or because this was the end.
   */
  #giveCredit(): void {
    this.#owed++;
    if (this.#items.length > 0 && this.#owed * 4 < this.#window.items) return;
    this.#credit += this.#owed;
    this.#write?.(makeCountsFrame(FrameType.credit, this.channelId, this.#owed));
    this.#owed = 0;
  }

  /** The connection is lost; without effect once the end has arrived. */
  fail(error: Error): void {
    this.#write = undefined;
    if (this.#ended || this.#failure !== undefined) return;
    this.#failure = error;
    if (this.#items.length === 0) this.onReadable?.();
  }
}
