// The end of a `collect()`: records go back to the caller in batches.
//
// Invariant:
//   O1. Every batch says behind which barrier it stands, and a checkpoint is acknowledged only when the results before
//       its barrier were handed over.

import type { Wait } from "../chain/scope.ts";
import type { ChannelEvent } from "../exchange/channel.ts";
import type { TaskLoad } from "../observe/task-load.ts";
import { largestBatch } from "./lane.ts";
import type { Output } from "./output.ts";

/** Takes a batch of results that stands behind a checkpoint's barrier (0: none yet); returns a promise when the sender should wait. */
export type Deliver = (batch: unknown[], afterCheckpoint: number) => Promise<unknown> | undefined;

export class CollectOutput implements Output {
  readonly #deliver: Deliver;
  readonly #onFailure: (error: unknown) => void;
  readonly #load: TaskLoad | undefined;
  #buffer: unknown[] = [];
  #blocked: Wait;
  #afterCheckpoint = 0;
  sent = 0;
  /** Nobody has encoded them here. */
  readonly bytes = 0;

  constructor(deliver: Deliver, onFailure: (error: unknown) => void, load?: TaskLoad) {
    this.#deliver = deliver;
    this.#onFailure = onFailure;
    this.#load = load;
  }

  push(record: unknown): Wait {
    if (this.#buffer.push(record) < largestBatch) return undefined;
    return this.#blocked ?? this.#send();
  }

  flush(): void {
    if (this.#buffer.length > 0 && this.#blocked === undefined) void this.#send(); // onFailure hears of it
  }

  /** Nobody behind it looks at other events. */
  event(event: ChannelEvent): void {
    if (event.kind !== "barrier") return;
    if (this.#buffer.length > 0) void this.#send(); // onFailure hears of it
    this.#afterCheckpoint = event.checkpointId;
  }

  delivered(): Wait {
    return this.#blocked;
  }

  /** Delivers what has gathered, behind what is being delivered. */
  #send(): Wait {
    const batch = this.#buffer;
    const after = this.#afterCheckpoint;
    this.#buffer = [];
    this.sent += batch.length;
    const wait = this.#blocked === undefined ? this.#deliver(batch, after) : this.#blocked.then(() => this.#deliver(batch, after));
    if (wait === undefined) return undefined;
    const blocked: Promise<void> = Promise.resolve(wait).then(() => {
      if (this.#blocked !== blocked) return; // another batch waits behind it
      this.#blocked = undefined;
      this.#load?.unblock();
      this.flush();
    });
    blocked.catch(this.#onFailure);
    if (this.#blocked === undefined) this.#load?.block();
    return (this.#blocked = blocked);
  }

  async end(): Promise<void> {
    while (this.#blocked !== undefined || this.#buffer.length > 0) {
      if (this.#blocked !== undefined) await this.#blocked;
      else await this.#send();
    }
  }
}
