// Feeds a task from the channels of the chains before it.
//
// Invariants:
//   I1. Channels take turns: one that is always full does not keep the others waiting.
//   I2. The feed ends when every channel has ended, and only then.

import { deferred, type Deferred } from "@sage/core";
import type { InputChannel } from "../exchange/channel.ts";
import type { Drive, Feed } from "./feed.ts";

export interface TaskInput {
  readonly channel: InputChannel;
  /** Which of the chain's inputs it belongs to. */
  readonly input: number;
  /** Whether the sender is on a loop with this task. */
  readonly loop: boolean;
}

export class InputFeed implements Feed {
  #open: TaskInput[];
  #turn = 0;
  #readable: Deferred<void> | undefined;
  #working = false;
  /** Records from inside the loop whose processing is over. */
  processed = 0;

  constructor(inputs: readonly TaskInput[]) {
    this.#open = [...inputs];
    for (const { channel } of inputs) channel.onReadable = () => this.#wake();
  }

  /** Whether nothing can come from outside the loop any more, and no record is being processed. */
  get quiet(): boolean {
    return !this.#working && this.#open.every((input) => input.loop);
  }

  #wake(): void {
    this.#readable?.resolve();
    this.#readable = undefined;
  }

  async run(drive: Drive): Promise<void> {
    const { entries } = drive.chain;
    while (this.#open.length > 0) {
      const next = this.#next();
      if (next === undefined) {
        if (this.#open.length > 0) await drive.idle((this.#readable = deferred()).promise);
        continue;
      }
      this.#working = true;
      const wait = drive.work(next.batch, entries[next.from.input]!);
      if (wait !== undefined) await wait;
      this.#working = false;
      if (next.from.loop) this.processed += next.batch.length;
    }
  }

  /** The next batch of the channels in turn; takes ended ones out. */
  #next(): { batch: unknown[]; from: TaskInput } | undefined {
    for (let dry = 0; dry < this.#open.length; ) {
      if (this.#turn >= this.#open.length) this.#turn = 0;
      const from = this.#open[this.#turn]!;
      const item = from.channel.poll();
      if (item === undefined) {
        dry++;
        this.#turn++;
      } else if (Array.isArray(item)) {
        this.#turn++;
        return { batch: item, from };
      } else if (item.kind === "end") {
        from.channel.onReadable = undefined;
        this.#open.splice(this.#turn, 1);
        dry = 0;
      }
    }
    return undefined;
  }
}
