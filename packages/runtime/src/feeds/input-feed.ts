// Feeds a task from the channels of the chains before it.
//
// Invariants:
//   I1. Channels take turns: one that is always full does not keep the others waiting.
//   I2. The feed ends when every channel has ended, and only then.
//   I3. Nothing that stands behind a barrier is taken before the barrier has come on every channel.

import { deferred, type Deferred } from "@sage/core";
import { afterBarrier, afterEnd, afterOver, isBlocked, unaligned, type Aligned, type Alignment, type Barrier } from "../checkpoint/barrier.ts";
import type { ChannelEvent, InputChannel } from "../exchange/channel.ts";
import { InputWatermarks } from "../time/input-watermarks.ts";
import type { Drive, Feed, FeedInput } from "./feed.ts";

export interface TaskInput {
  readonly channel: InputChannel;
  /** Which of the chain's inputs it belongs to. */
  readonly input: number;
  /** Whether the sender is on a loop with this task. */
  readonly loop: boolean;
  /** Whether its records have a time. */
  readonly timed: boolean;
}

interface OpenInput extends TaskInput {
  /** Its place among all channels. */
  readonly at: number;
}

type Next = { readonly batch: unknown[]; readonly from: OpenInput } | { readonly due: Barrier } | { readonly time: InputWatermarks };

export class InputFeed implements Feed {
  readonly injects = false;
  #open: OpenInput[];
  readonly #channels: readonly InputChannel[];
  readonly #time: InputWatermarks | undefined;
  #alignment: Alignment;
  #alignedSinceMs = 0;
  #turn = 0;
  #readable: Deferred<void> | undefined;
  #working = false;
  /** Records from inside the loop whose processing is over. */
  processed = 0;
  /** How long the last barrier has waited for the other inputs. */
  alignmentMs = 0;

  constructor(inputs: readonly TaskInput[]) {
    this.#open = inputs.map((input, at) => ({ ...input, at }));
    this.#channels = inputs.map(({ channel }) => channel);
    this.#alignment = unaligned(inputs.length);
    this.#time = inputs.some((input) => input.timed) ? new InputWatermarks(inputs.map((input) => input.timed)) : undefined;
    for (const { channel } of inputs) channel.onReadable = () => this.#wake();
  }

  /** Whether nothing can come from outside the loop any more, and no record is being processed. */
  get quiet(): boolean {
    return !this.#working && this.#open.every((input) => input.loop);
  }

  get input(): FeedInput {
    return inputOf(this.#channels, this.#time?.timeMs);
  }

  over(checkpointId: number): void {
    this.#alignment = afterOver(this.#alignment, checkpointId);
    this.#wake(); // what was blocked may be free
  }

  #wake(): void {
    this.#readable?.resolve();
    this.#readable = undefined;
  }

  async run(drive: Drive): Promise<void> {
    const { entries } = drive.chain;
    for (let next = this.#next(); next !== undefined || this.#open.length > 0; next = this.#next()) {
      if (next === undefined) await drive.idle((this.#readable = deferred()).promise);
      else if ("due" in next) await drive.snapshot(next.due);
      else if ("time" in next) await this.#pass(next.time, drive);
      else {
        this.#working = true;
        const wait = drive.work(next.batch, entries[next.from.input]!);
        if (wait !== undefined) await wait;
        this.#working = false;
        if (next.from.loop) this.processed += next.batch.length;
      }
    }
  }

  /** The next batch of the channels in turn, or the barrier that is complete; takes ended channels out. */
  #next(): Next | undefined {
    for (let dry = 0; dry < this.#open.length; ) {
      if (this.#turn >= this.#open.length) this.#turn = 0;
      const from = this.#open[this.#turn]!;
      const item = isBlocked(this.#alignment, from.at) ? undefined : from.channel.poll();
      if (item === undefined) {
        dry++;
        this.#turn++;
      } else if (Array.isArray(item)) {
        this.#turn++;
        if (this.#time !== undefined) this.#time.wake(from.at);
        return { batch: item, from };
      } else if (item.kind === "end") {
        from.channel.onReadable = undefined;
        this.#open.splice(this.#turn, 1);
        dry = 0;
        const due = this.#settle(afterEnd(this.#alignment, from.at));
        if (due) return { due };
        if (this.#open.length > 0 && this.#time?.leave(from.at) === true) return { time: this.#time };
      } else if (item.kind === "barrier") {
        dry = 0;
        const due = this.#settle(afterBarrier(this.#alignment, from.at, item));
        if (due) return { due };
      } else {
        dry = 0;
        if (this.#time !== undefined && changes(this.#time, from.at, item)) return { time: this.#time };
      }
    }
    return undefined;
  }

  /** Event time has come further, or nobody is to wait for this task's. */
  async #pass({ timeMs, isIdle }: InputWatermarks, drive: Drive): Promise<void> {
    const { flow } = drive.chain.time!;
    const wait = flow.into(timeMs);
    if (wait !== undefined) await drive.pending(wait);
    if (isIdle) flow.idle(-1);
  }

  #settle({ alignment, due }: Aligned): Barrier | undefined {
    if (alignment.barrier !== undefined && alignment.barrier.checkpointId !== this.#alignment.barrier?.checkpointId) this.#alignedSinceMs = performance.now();
    if (due) this.alignmentMs = this.#alignment.barrier === undefined ? 0 : performance.now() - this.#alignedSinceMs;
    this.#alignment = alignment;
    return due;
  }
}

export function inputOf(channels: readonly InputChannel[], watermarkMs?: number): FeedInput {
  let [bytes, queued, queuedBytes] = [0, 0, 0];
  for (const channel of channels) {
    bytes += channel.bytes ?? 0;
    queued += channel.queued;
    queuedBytes += channel.queuedBytes ?? 0;
  }
  return { bytes, queued, queuedBytes, watermarkMs };
}

/** Whether an event on a channel changes the time of all together. */
function changes(time: InputWatermarks, channel: number, event: ChannelEvent): boolean {
  if (event.kind === "watermark") return time.advance(channel, event.timeMs);
  return event.kind === "idle" && (time.leave(channel) || time.isIdle);
}
