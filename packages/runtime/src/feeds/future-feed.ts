// Feeds the head of a loop from its back edges.
//
// Invariants:
//   F1. Back edges are emptied whenever something arrives, whatever the task is doing: no loop can block itself.
//   F2. The feed ends when it is told that the loop has ended; a record that arrives later fails the job.

import { deferred, type Deferred } from "@sage/core";
import { LoopOverrunError } from "../errors.ts";
import type { SpillQueue } from "../loops/spill-queue.ts";
import type { Drive, Feed } from "./feed.ts";
import type { TaskInput } from "./input-feed.ts";

export class FutureFeed implements Feed {
  readonly #inputs: readonly TaskInput[];
  readonly #ended = new Set<TaskInput>();
  readonly #queue: SpillQueue;
  readonly #onFailure: (error: unknown) => void;
  #awake: Deferred<void> | undefined;
  #working = false;
  #loopEnded = false;
  #arrived = 0;
  processed = 0;

  /** @param onFailure - told when a back edge fails. */
  constructor(inputs: readonly TaskInput[], queue: SpillQueue, onFailure: (error: unknown) => void) {
    this.#inputs = inputs;
    this.#queue = queue;
    this.#onFailure = onFailure;
    for (const { channel } of inputs) channel.onReadable = () => this.#takeIn();
  }

  get quiet(): boolean {
    return !this.#working && this.#queue.length === 0;
  }

  /** The loop has ended: nothing goes round any more. */
  endLoop(): void {
    this.#loopEnded = true;
    this.#wake();
  }

  #wake(): void {
    this.#awake?.resolve();
    this.#awake = undefined;
  }

  /** F1. Must not throw: channels call it. */
  #takeIn(): void {
    try {
      for (const input of this.#inputs) {
        for (let item = input.channel.poll(); item !== undefined; item = input.channel.poll()) {
          if (Array.isArray(item)) {
            this.#arrived += item.length;
            this.#queue.push(item);
          } else if (item.kind === "end") {
            this.#ended.add(input);
          }
        }
      }
    } catch (error) {
      this.#onFailure(error);
    }
    this.#wake();
  }

  async run(drive: Drive): Promise<void> {
    const [entry] = drive.chain.entries;
    this.#takeIn();
    for (;;) {
      const batch = this.#queue.shift();
      if (batch !== undefined) {
        this.#working = true;
        const wait = drive.work(batch, entry!);
        if (wait !== undefined) await wait;
        this.#working = false;
        this.processed += batch.length;
      } else if (this.#loopEnded) return;
      else await drive.idle((this.#awake = deferred()).promise);
    }
  }

  async drain(drive: Drive): Promise<void> {
    while (this.#ended.size < this.#inputs.length && this.#queue.length === 0) await drive.idle((this.#awake = deferred()).promise);
    if (this.#arrived > this.processed) throw new LoopOverrunError(drive.chain.layout.nodes[0]!.plan.name, this.#arrived - this.processed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue[Symbol.dispose]();
  }
}
