// Feeds a task from the channels of the chains before it.
//
// Invariants:
//   I1. Channels take turns: one that is always full does not keep the others waiting.
//   I2. The feed ends when every channel has ended, and only then.
//   I3. Nothing that stands behind a barrier is taken before the barrier has come on every channel, unless records may
//       come twice after a failure.
//   I4. A barrier that has waited too long overtakes what stands before it: that is read ahead, saved, and processed
//       behind the snapshot, in its order. Not for savepoints, and not on a loop.

import { deferred, systemClock, type Clock, type Deferred } from "@sage/core";
import { encodeBatch, decodeBatch } from "@sage/protocol/records";
import { afterBarrier, afterEnd, afterOver, isBlocked, unaligned, type Aligned, type Alignment, type Barrier } from "../checkpoint/barrier.ts";
import { StateMismatchError } from "../checkpoint/errors.ts";
import { ReadAhead, type SavedItems } from "../checkpoint/read-ahead.ts";
import { bytesPart, type NodeRestore, type StatePart, type Trigger } from "../checkpoint/state-part.ts";
import type { ChannelEvent, InputChannel } from "../exchange/channel.ts";
import { InputWatermarks } from "../time/input-watermarks.ts";
import type { TimedBatch } from "../exchange/timed-batch.ts";
import type { Drive, Feed, FeedInput, Rest } from "./feed.ts";

export interface TaskInput {
  readonly channel: InputChannel;
  /** Which of the chain's inputs it belongs to. */
  readonly input: number;
  /** Whether the sender is on a loop with this task. */
  readonly loop: boolean;
  /** Whether its records have a time. */
  readonly timed: boolean;
  /** Names the sender in a snapshot: its operator, port and instance. */
  readonly id: string;
}

export interface AlignmentOptions {
  /** Whether a barrier blocks its channel until it has come on the others; default true. Without, records may come twice after a failure. */
  readonly blocks?: boolean;
  /** A barrier that is not there so long behind the word of its checkpoint overtakes records; 0 (default): never. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

interface OpenInput extends TaskInput {
  /** Its place among all channels. */
  readonly at: number;
}

type Next = { readonly batch: unknown[]; readonly from: OpenInput } | { readonly due: Barrier } | { readonly time: InputWatermarks };

export class InputFeed implements Feed {
  readonly injects = false;
  onMarker: ((atMs: number) => void) | undefined;
  #open: OpenInput[];
  readonly #channels: readonly InputChannel[];
  readonly #time: InputWatermarks | undefined;
  #alignment: Alignment;
  #alignedSinceMs = 0;
  #turn = 0;
  #readable: Deferred<void> | undefined;
  #working = false;
  readonly #nodeId: string;
  readonly #options: AlignmentOptions;
  readonly #ahead: readonly ReadAhead[];
  readonly #ids: readonly string[];
  /** Whose batch is at work. */
  #current: OpenInput | undefined;
  /** The checkpoint whose barrier overtakes records. */
  #overtaking = 0;
  #waiting: AbortController | undefined;
  #due: Barrier | undefined;
  /** Records from inside the loop whose processing is over. */
  processed = 0;
  /** How long the last barrier has waited for the other inputs. */
  alignmentMs = 0;

  /** @param nodeId - of the task's first operator. */
  constructor(inputs: readonly TaskInput[], nodeId = "", options: AlignmentOptions = {}) {
    this.#nodeId = nodeId;
    this.#options = options;
    this.#ahead = inputs.map(({ channel }) => new ReadAhead(channel));
    this.#ids = inputs.map(({ id }) => id);
    this.#open = inputs.map((input, at) => ({ ...input, at }));
    this.#channels = inputs.map(({ channel }) => channel);
    this.#alignment = unaligned(inputs.length);
    this.#time = inputs.some((input) => input.timed) ? new InputWatermarks(inputs.map((input) => input.timed)) : undefined;
    for (const { channel } of inputs) channel.onReadable = () => this.#onReadable();
  }

  /** Whether nothing can come from outside the loop any more, and no record is being processed. */
  get quiet(): boolean {
    return !this.#working && this.#open.every((input) => input.loop);
  }

  get input(): FeedInput {
    return inputOf(this.#channels, this.#time?.timeMs);
  }

  begun({ checkpointId, savepoint }: Trigger): void {
    const { timeoutMs = 0, blocks = true, clock = systemClock } = this.#options;
    this.#waiting?.abort();
    if (savepoint || timeoutMs === 0 || !blocks || checkpointId <= this.#alignment.overUpTo || this.#open.some(({ loop }) => loop)) return;
    const waiting = (this.#waiting = new AbortController());
    clock.sleep(timeoutMs, waiting.signal).then(() => this.#overtake(checkpointId), () => {});
  }

  #overtake(checkpointId: number): void {
    if (checkpointId <= this.#alignment.overUpTo) return;
    this.#overtaking = checkpointId;
    this.#onReadable();
  }

  /** Must not throw: channels call it. What a channel fails with is heard when it is polled in its turn. */
  #onReadable(): void {
    try {
      if (this.#overtaking > 0) this.#takeAhead();
    } finally {
      this.#wake();
    }
  }

  /** I4 */
  #takeAhead(): void {
    for (const { at } of this.#open) {
      for (let isOpen = true; isOpen && this.#overtaking > 0 && !isBlocked(this.#alignment, at) && this.#alignment.open.has(at);) {
        let sign: ReturnType<ReadAhead["takeIn"]>;
        try {
          sign = this.#ahead[at]!.takeIn();
        } catch {
          return; // the channel has failed, and says so again
        }
        isOpen = sign !== undefined && sign !== "end";
        if (sign !== undefined) this.#due ??= this.#settle(sign === "end" ? afterEnd(this.#alignment, at) : afterBarrier(this.#alignment, at, sign));
      }
    }
    const { open, barrier } = this.#alignment;
    if (open.size > 0 || barrier !== undefined || this.#overtaking === 0) return;
    const due = { checkpointId: this.#overtaking, savepoint: false }; // all senders have ended: none sends a barrier any more
    this.#due = this.#settle({ alignment: afterOver(this.#alignment, due.checkpointId), due });
  }

  takeDue(): Barrier | undefined {
    const due = this.#due;
    this.#due = undefined;
    return due;
  }

  snapshot(_barrier: Barrier, rest: Rest | undefined): readonly StatePart[] {
    const overtaken = this.#ahead.map((ahead, at): [string, SavedItems] => [this.#ids[at]!, ahead.saved(at === this.#current?.at ? restOf(rest) : undefined)]);
    const some = overtaken.filter(([, items]) => items.length > 0);
    return some.length === 0 ? [] : [bytesPart({ nodeId: this.#nodeId, kind: "in-flight", spread: "fixed" }, encodeBatch(some))];
  }

  async restore({ handles }: NodeRestore): Promise<void> {
    for (const handle of handles) {
      if (handle.kind !== "in-flight") continue;
      for (const [id, items] of decodeBatch(await handle.read()) as [string, SavedItems][]) {
        const at = this.#ids.indexOf(id);
        if (at < 0) throw new StateMismatchError(this.#nodeId, `the checkpoint has records on their way from ${id}, and nothing comes from there any more; take a savepoint before the program is changed`);
        this.#ahead[at]!.restore(items);
      }
    }
  }

  over(checkpointId: number): void {
    if (this.#overtaking <= checkpointId) this.#overtaking = 0;
    if (this.#due !== undefined && this.#due.checkpointId <= checkpointId) this.#due = undefined;
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
        this.#current = next.from;
        const wait = drive.work(next.batch, entries[next.from.input]!);
        if (wait !== undefined) await wait;
        this.#working = false;
        this.#current = undefined;
        if (next.from.loop) this.processed += next.batch.length;
      }
    }
  }

  /** The next batch of the channels in turn, or the barrier that is complete; takes ended channels out. */
  #next(): Next | undefined {
    const overtaken = this.takeDue();
    if (overtaken !== undefined) return { due: overtaken };
    for (let dry = 0; dry < this.#open.length; ) {
      if (this.#turn >= this.#open.length) this.#turn = 0;
      const from = this.#open[this.#turn]!;
      const item = this.#ahead[from.at]!.poll(this.#options.blocks !== false && isBlocked(this.#alignment, from.at));
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
      } else if (item.kind === "marker") {
        dry = 0;
        this.onMarker?.(item.atMs);
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
    if (due !== undefined) {
      this.#overtaking = 0;
      this.#waiting?.abort();
    }
    return due;
  }
}

/** Of a batch that is at work when a barrier overtakes it. */
function restOf(rest: Rest | undefined): TimedBatch | undefined {
  if (rest === undefined || rest.from >= rest.to) return undefined;
  const { times } = rest.batch as TimedBatch;
  const left: TimedBatch = rest.batch.slice(rest.from, rest.to);
  if (times !== undefined) left.times = times.slice(rest.from, rest.to);
  return left;
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
