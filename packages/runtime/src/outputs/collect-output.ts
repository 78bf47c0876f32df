// The end of a `collect()`: records go back to the caller in batches.

import type { Wait } from "../chain/scope.ts";
import { largestBatch } from "./lane.ts";
import type { Output } from "./output.ts";

/** Takes a batch of results; returns a promise when the sender should wait. */
export type Deliver = (batch: unknown[]) => Promise<unknown> | undefined;

export class CollectOutput implements Output {
  readonly #deliver: Deliver;
  readonly #onFailure: (error: unknown) => void;
  #buffer: unknown[] = [];
  #blocked: Wait;
  sent = 0;

  constructor(deliver: Deliver, onFailure: (error: unknown) => void) {
    this.#deliver = deliver;
    this.#onFailure = onFailure;
  }

  push(record: unknown): Wait {
    if (this.#buffer.push(record) < largestBatch) return undefined;
    return this.#blocked ?? this.#send();
  }

  flush(): void {
    if (this.#buffer.length > 0 && this.#blocked === undefined) void this.#send(); // onFailure hears of it
  }

  #send(): Wait {
    const batch = this.#buffer;
    this.#buffer = [];
    this.sent += batch.length;
    const wait = this.#deliver(batch);
    if (wait === undefined) return undefined;
    const blocked = Promise.resolve(wait).then(() => {
      this.#blocked = undefined;
      this.flush();
    });
    blocked.catch(this.#onFailure);
    return (this.#blocked = blocked);
  }

  async end(): Promise<void> {
    while (this.#blocked !== undefined || this.#buffer.length > 0) {
      if (this.#blocked !== undefined) await this.#blocked;
      else await this.#send();
    }
  }
}
