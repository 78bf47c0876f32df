// The way to one downstream instance: gathers records into batches.
//
// Invariants:
//   N1. Records leave in the order they came.
//   N2. While the channel is full, a lane sends nothing; what is flushed meanwhile leaves as soon as there is room.

import type { ChannelEvent, OutputChannel } from "../exchange/channel.ts";
import type { TimedBatch } from "../exchange/timed-batch.ts";
import type { Wait } from "../chain/scope.ts";
import type { TaskLoad } from "../observe/task-load.ts";

/** Batches grow up to so many records while records come fast. */
export const largestBatch = 1024;
const firstBatch = 32;

export class Lane {
  readonly #channel: OutputChannel;
  readonly #onFailure: (error: unknown) => void;
  readonly #time: Float64Array | undefined;
  readonly #load: TaskLoad | undefined;
  #buffer: TimedBatch = [];
  #times: number[] = [];
  #limit = firstBatch;
  #left = 0;
  #flushWhenFree = false;
  #markedAtMs: number | undefined;
  /** Called when the channel takes more again. */
  onFree: (() => void) | undefined;
  /** Resolves when the channel takes more; undefined when it does now. */
  blocked: Wait;

  /**
   * @param onFailure - told that the channel failed, also when nobody waits for it.
   * @param time - holds the time of the record that is pushed, where records take theirs along.
   * @param load - hears when the channel is full, and when it takes more again.
   */
  constructor(channel: OutputChannel, onFailure: (error: unknown) => void, time?: Float64Array, load?: TaskLoad) {
    this.#channel = channel;
    this.#load = load;
    this.#time = time;
    this.#onFailure = onFailure;
  }

  /** Records sent so far, with those that still gather. */
  get sent(): number {
    return this.#left + this.#buffer.length;
  }

  /** What has left, as bytes, where the channel counts them. */
  get bytes(): number {
    return this.#channel.bytes ?? 0;
  }

  push(record: unknown): Wait {
    if (this.#time !== undefined) this.#times.push(this.#time[0]!);
    return this.#buffer.push(record) < this.#limit ? undefined : this.#full();
  }

  #full(): Wait {
    if (this.blocked !== undefined) {
      this.#flushWhenFree = true;
      return this.blocked;
    }
    if (this.#limit < largestBatch) this.#limit *= 2;
    return this.#send();
  }

  /** Sends what has gathered, as soon as the channel takes it. */
  flush(): void {
    if (this.#buffer.length === 0) return;
    if (this.blocked !== undefined) this.#flushWhenFree = true;
    else void this.#send(); // onFailure hears of it
  }

  /** Sends what has gathered, and an event behind it, whether there is room or not: events are few. */
  event(event: ChannelEvent): void {
    if (this.#buffer.length > 0 && this.blocked === undefined) void this.#send(); // onFailure hears of it
    else if (this.#buffer.length > 0) void this.#channel.send(this.#taken());
    this.#channel.sendEvent(event);
  }

  /** Sends a marker behind what has gathered; of those that come while the channel is full the first one waits. */
  marker(atMs: number): void {
    if (this.blocked !== undefined) this.#markedAtMs ??= atMs;
    else this.event({ kind: "marker", atMs });
  }

  #taken(): unknown[] {
    const batch = this.#buffer;
    this.#buffer = [];
    this.#left += batch.length;
    if (this.#time === undefined) return batch;
    batch.times = this.#times;
    this.#times = [];
    return batch;
  }

  #send(): Wait {
    const wait = this.#channel.send(this.#taken());
    if (wait === undefined) return undefined;
    const blocked = wait.then(() => this.#freed());
    blocked.catch(this.#onFailure);
    this.#load?.block();
    return (this.blocked = blocked);
  }

  #freed(): Wait {
    this.blocked = undefined;
    this.#load?.unblock();
    if (this.#markedAtMs !== undefined) this.#channel.sendEvent({ kind: "marker", atMs: this.#markedAtMs });
    this.#markedAtMs = undefined;
    const wait = this.#flushWhenFree && this.#buffer.length > 0 ? this.#send() : undefined;
    this.#flushWhenFree = false;
    if (wait === undefined) this.onFree?.();
    return wait;
  }

  /** Sends the rest and the end behind it. */
  async end(): Promise<void> {
    while (this.blocked !== undefined || this.#buffer.length > 0) {
      if (this.blocked !== undefined) await this.blocked;
      else await this.#send();
    }
    this.#channel.end();
  }
}
