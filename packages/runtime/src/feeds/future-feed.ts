// Feeds the head of a loop from its back edges.
//
// Invariants:
//   F1. Back edges are emptied whenever something arrives, whatever the task is doing: no loop can block itself.
//   F2. The feed ends when it is told that the loop has ended; a record that arrives later fails the job.
//   F3. Barriers begin here, and come round on every back edge. Its state is what waits when one begins, and what
//       arrives on each back edge before it has come round (Carbone et al. 2015, section 4.3).

import { deferred, type Deferred } from "@sage/core";
import type { Barrier } from "../checkpoint/barrier.ts";
import type { NodeRestore, SavedState, StatePart, StateWriter } from "../checkpoint/state-part.ts";
import { LoopOverrunError } from "../errors.ts";
import type { SpillQueue } from "../loops/spill-queue.ts";
import { framed, framesIn } from "../state/keyed-files.ts";
import type { Drive, Feed, FeedInput, Rest } from "./feed.ts";
import { inputOf, type TaskInput } from "./input-feed.ts";

/** A barrier on its way round. */
interface Lap {
  readonly checkpointId: number;
  readonly missing: Set<TaskInput>;
  readonly records: (readonly unknown[])[];
  readonly done: Deferred<void>;
}

export class FutureFeed implements Feed {
  readonly injects = true;
  readonly #nodeId: string;
  readonly #inputs: readonly TaskInput[];
  readonly #ended = new Set<TaskInput>();
  readonly #queue: SpillQueue;
  readonly #onFailure: (error: unknown) => void;
  #awake: Deferred<void> | undefined;
  #lap: Lap | undefined;
  #working = false;
  #loopEnded = false;
  #arrived = 0;
  processed = 0;
  /** Records that were in the loop when it was restored: nobody has counted them as sent. */
  restored = 0;

  /** @param onFailure - told when a back edge fails. */
  constructor(nodeId: string, inputs: readonly TaskInput[], queue: SpillQueue, onFailure: (error: unknown) => void) {
    this.#nodeId = nodeId;
    this.#inputs = inputs;
    this.#queue = queue;
    this.#onFailure = onFailure;
    for (const { channel } of inputs) channel.onReadable = () => this.#takeIn();
  }

  get input(): FeedInput {
    const { bytes } = inputOf(this.#inputs.map(({ channel }) => channel));
    return { bytes, queued: this.#queue.length, queuedBytes: 0, watermarkMs: undefined };
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
            if (this.#lap?.missing.has(input)) this.#lap.records.push(item); // F3
            this.#queue.push(item);
          } else if (item.kind === "end") {
            this.#ended.add(input);
            this.#cameRound(input);
          } else if (item.kind === "barrier" && item.checkpointId === this.#lap?.checkpointId) this.#cameRound(input);
        }
      }
    } catch (error) {
      this.#onFailure(error);
    }
    this.#wake();
  }

  #cameRound(input: TaskInput): void {
    const lap = this.#lap;
    if (lap === undefined) return;
    lap.missing.delete(input);
    if (lap.missing.size > 0) return;
    this.#lap = undefined;
    lap.done.resolve();
  }

  snapshot({ checkpointId }: Barrier, rest: Rest | undefined): readonly StatePart[] {
    this.#giveUp();
    const lap: Lap = { checkpointId, missing: new Set(this.#inputs.filter((input) => !this.#ended.has(input))), records: [], done: deferred() };
    lap.done.promise.catch(() => {}); // the part's write hears of it
    if (lap.missing.size === 0) lap.done.resolve();
    else this.#lap = lap;
    const waiting = this.#queue.pin();
    if (rest && rest.from < rest.to) waiting.unshift(() => rest.batch.slice(rest.from, rest.to));
    return [{ write: (writer) => this.#write(writer, lap, waiting), drop: () => this.over(checkpointId) }];
  }

  async #write(writer: StateWriter, lap: Lap, waiting: readonly (() => readonly unknown[])[]): Promise<SavedState[]> {
    try {
      const file = writer.file({ nodeId: this.#nodeId, kind: "loop", spread: "instance" });
      for (const read of waiting) await file.append(framed(read()));
      await lap.done.promise;
      for (const records of lap.records) await file.append(framed(records));
      return [await file.finish()];
    } finally {
      this.#queue.unpin();
    }
  }

  over(checkpointId: number): void {
    if (this.#lap && this.#lap.checkpointId <= checkpointId) this.#giveUp();
  }

  #giveUp(): void {
    this.#lap?.done.reject(new Error("the checkpoint was given up"));
    this.#lap = undefined;
  }

  async restore({ handles }: NodeRestore): Promise<void> {
    for (const handle of handles) {
      if (handle.kind !== "loop") continue;
      for await (const records of framesIn(handle.chunks(), handle.sha256)) {
        this.restored += records.length;
        this.#queue.push(records);
      }
    }
    this.#arrived += this.restored;
  }

  async run(drive: Drive): Promise<void> {
    const [entry] = drive.chain.entries;
    this.#takeIn();
    for (;;) {
      const cut = drive.cut();
      if (cut !== undefined) await cut;
      const batch = this.#queue.shift();
      if (batch !== undefined) {
        this.#working = true;
        const wait = drive.work(batch, entry!);
        if (wait !== undefined) await wait;
        this.#working = false;
        this.processed += batch.length;
      } else if (this.#loopEnded) return;
      else await drive.rest((this.#awake = deferred()).promise, "idle");
    }
  }

  async drain(drive: Drive): Promise<void> {
    while (this.#ended.size < this.#inputs.length && this.#queue.length === 0) await drive.idle((this.#awake = deferred()).promise);
    if (this.#arrived > this.processed) throw new LoopOverrunError(drive.chain.layout.nodes[0]!.plan.name, this.#arrived - this.processed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#giveUp();
    this.#queue[Symbol.dispose]();
  }
}
