// What a task has taken from one of its channels before its turn: a barrier that overtakes records leaves them here.
// Source: Apache Flink, FLIP-76 "Unaligned Checkpoints", 2020; here the receiver reads ahead instead.
//
// Invariants:
//   A1. Items are handed out in the order in which they came, those taken ahead before those in the channel.
//   A2. Reading ahead stops at a barrier, which is taken out, and at the end, which stays; and at a bound.

import { Fifo } from "../exchange/fifo.ts";
import type { ChannelEvent, ChannelItem, InputChannel } from "../exchange/channel.ts";
import { decodeTimed, encodeTimed, type TimedBatch } from "../exchange/timed-batch.ts";
import type { Barrier } from "./barrier.ts";

/** So many records of a channel are taken ahead at most, and so many items. */
const mostRecords = 65_536;
const mostItems = 4_096;

/** An item as it is saved: a batch in bytes, or an event of time. */
type SavedItem = Uint8Array | { readonly kind: "watermark"; readonly timeMs: number } | { readonly kind: "idle" };

export class ReadAhead {
  readonly #channel: InputChannel;
  readonly #items = new Fifo<ChannelItem>();
  #records = 0;

  constructor(channel: InputChannel) {
    this.#channel = channel;
  }

  get length(): number {
    return this.#items.length;
  }

  /** A1. @param blocked - nothing may be taken from the channel itself. */
  poll(blocked: boolean): ChannelItem | undefined {
    const item = this.#items.shift();
    if (item === undefined) return blocked ? undefined : this.#channel.poll();
    if (Array.isArray(item)) this.#records -= item.length;
    return item;
  }

  /** Takes what has come, up to the barrier or the end that it gives; undefined if neither has come yet. */
  takeIn(): Barrier | "end" | undefined {
    while (this.#records < mostRecords && this.#items.length < mostItems) { // A2
      const item = this.#channel.poll();
      if (item === undefined) return undefined;
      if (!Array.isArray(item) && item.kind === "barrier") return item;
      this.#push(item);
      if (!Array.isArray(item) && item.kind === "end") return "end";
    }
    return undefined;
  }

  #push(item: ChannelItem): void {
    if (Array.isArray(item)) this.#records += item.length;
    this.#items.push(item);
  }

  /** What a barrier has overtaken here, to be saved. @param first - comes before all of it. */
  saved(first: TimedBatch | undefined): readonly SavedItem[] {
    const all: ChannelItem[] = first === undefined ? [] : [first];
    return [...all, ...this.#items].flatMap((item): SavedItem[] => {
      if (Array.isArray(item)) return [encodeTimed(item, 0)];
      return isOfTime(item) ? [item] : []; // an end comes again: who has sent it ends at once when it is restored
    });
  }

  restore(items: readonly SavedItem[]): void {
    for (const item of items) this.#push(item instanceof Uint8Array ? decodeTimed(item) : item);
  }
}

export type SavedItems = ReturnType<ReadAhead["saved"]>;

const isOfTime = (event: ChannelEvent): event is Exclude<SavedItem, Uint8Array> => event.kind === "watermark" || event.kind === "idle";
