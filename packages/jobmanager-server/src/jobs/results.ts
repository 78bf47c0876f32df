// The results of a job's collect() operators on their way from workers to the one reader of each.
//
// Invariants:
//   R1. A batch is handed to exactly one reader, in order per instance; what no reader has taken is kept.
//   R2. No instance has more than `windowBatches` batches here: workers send only what they have credit for. Batches
//       that wait for a checkpoint are not counted, up to `maxHeldBytes` of them.
//   R3. With `exactlyOnce`, a batch is handed out when a checkpoint behind it is committed: what a failed attempt has
//       sent since its last checkpoint is dropped, because the next attempt sends it again.

import type { Plan, ResultBatch } from "@sage/protocol";
import { ResultsIncompleteError, ResultsNotFoundError, ResultsTakenError } from "../errors.ts";
import { Notifier } from "../notifier.ts";

/** Batches per instance that may be here before a reader takes them. */
export const windowBatches = 8;

/** Bytes that may wait for a checkpoint; beyond it they are handed out, and a failure may repeat them. */
const maxHeldBytes = 64 * 1024 * 1024;

/** Tells a worker how many more batches an instance may send. */
export type GrantCredit = (nodeId: string, index: number, batches: number) => void;

interface Instance {
  readonly waiting: ResultBatch[];
  /** Wait for a checkpoint. */
  held: ResultBatch[];
  /** Batches it may still send. */
  credit: number;
  /** Batches taken since the last grant. */
  taken: number;
  /** Batches beyond `maxHeldBytes`, whose credit comes back when a reader takes some. */
  owed: number;
  last: boolean;
}

interface Collected {
  readonly instances: readonly Instance[];
  readonly changes: Notifier;
  hasReader: boolean;
}

export class JobResults {
  readonly #nodes: ReadonlyMap<string, Collected>;
  #grant: GrantCredit = () => {};
  #bytes = 0;
  #dropped = false;
  #end: { readonly error: Error | undefined } | undefined;
  readonly #exactlyOnce: boolean;
  #heldBytes = 0;
  #hasHandedOut = false;
  #missing: string | undefined;

  /** @param exactlyOnce - batches wait for checkpoints: R3. */
  constructor(plan: Plan, exactlyOnce = false) {
    this.#exactlyOnce = exactlyOnce;
    const collects = plan.nodes.filter((node) => node.kind === "collect");
    this.#nodes = new Map(collects.map((node) => [node.id, collectedBy(node.parallelism)]));
  }

  /** Bytes that wait for a reader. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether an attempt that begins again would hand out what a reader has had already. */
  get wouldRepeat(): boolean {
    return this.#hasHandedOut && !this.#exactlyOnce;
  }

  /** Earlier results are gone: readers hear of it behind the last batch. */
  markIncomplete(why: string): void {
    this.#missing = why;
  }

  /** Whether all that has come so far has been read. */
  get isRead(): boolean {
    return this.#bytes === 0 && this.#missing === undefined;
  }

  /** Drops what the next attempt will send again. @param fromStart - it begins without a checkpoint. */
  rewind(fromStart: boolean): void {
    for (const { instances } of this.#nodes.values()) {
      for (const instance of instances) {
        instance.held = [];
        instance.last = false;
        if (fromStart || !this.#exactlyOnce) instance.waiting.length = 0;
      }
    }
    this.#heldBytes = 0;
    this.#bytes = [...this.#nodes.values()].flatMap(({ instances }) => instances).flatMap(({ waiting }) => waiting).reduce((sum, batch) => sum + batch.records.length, 0);
  }

  /** A checkpoint is committed: what lies before its barrier will not be sent again. */
  onCommitted(checkpointId: number): void {
    this.#release((batch) => batch.afterCheckpoint < checkpointId);
  }

  #release(isDue: (batch: ResultBatch) => boolean): void {
    this.#heldBytes = 0;
    for (const { instances, changes } of this.#nodes.values()) {
      for (const instance of instances) {
        const [due, later] = [instance.held.filter(isDue), instance.held.filter((batch) => !isDue(batch))];
        instance.held = later;
        this.#heldBytes += later.reduce((sum, batch) => sum + batch.records.length, 0);
        for (const batch of due) instance.waiting.push(batch);
      }
      changes.notify();
    }
  }

  /** Lets the workers of an attempt send. */
  open(grant: GrantCredit): void {
    this.#grant = grant;
    for (const [nodeId, { instances }] of this.#nodes) {
      instances.forEach((instance, index) => {
        instance.credit = windowBatches;
        instance.taken = 0;
        instance.owed = 0;
        grant(nodeId, index, windowBatches);
      });
    }
  }

  /** Takes a batch of a worker. @throws Error if it has no credit for it or names no collect() of the plan. */
  accept(nodeId: string, batch: ResultBatch, last: boolean): void {
    const collected = this.#nodes.get(nodeId);
    const instance = collected?.instances[batch.index];
    if (!collected || !instance) throw new Error(`results of ${nodeId}[${batch.index}], which the plan does not have`);
    if (last) {
      instance.last = true;
    } else {
      if (instance.credit <= 0) throw new Error(`results of ${nodeId}[${batch.index}] came without credit`);
      instance.credit--;
      this.#bytes += batch.records.length;
      if (this.#exactlyOnce) this.#hold(nodeId, batch, instance);
      else instance.waiting.push(batch);
    }
    collected.changes.notify();
  }

  #hold(nodeId: string, batch: ResultBatch, instance: Instance): void {
    instance.held.push(batch);
    this.#heldBytes += batch.records.length;
    if (this.#heldBytes > maxHeldBytes) this.#release(() => true);
    if (this.#bytes > maxHeldBytes) instance.owed++;
    else this.#returnCredit(nodeId, batch.index, instance);
  }

  /** No more batches come; readers get what is here, then the error if there is one. */
  end(error?: Error): void {
    this.#end ??= { error };
    if (!error) this.#release(() => true);
    for (const { changes } of this.#nodes.values()) changes.notify();
  }

  /** Frees what waits; later readers are told. */
  drop(): void {
    this.#dropped = true;
    for (const instance of [...this.#nodes.values()].flatMap(({ instances }) => instances)) {
      instance.waiting.length = 0;
      instance.held = [];
    }
    this.#bytes = 0;
  }

  /**
   * The batches of one collect() until all its instances have sent their last.
   *
   * @throws {@link ResultsTakenError} if there is or was another reader, {@link ResultsNotFoundError} if there is no such
   *   collect() or its batches are gone; behind the last batch the error of `end`, or {@link ResultsIncompleteError}.
   */
  async *read(nodeId: string, signal: AbortSignal): AsyncGenerator<ResultBatch, void, undefined> {
    const collected = this.#nodes.get(nodeId);
    if (!collected) throw new ResultsNotFoundError(nodeId, "the job has no collect() of this id");
    if (collected.hasReader) throw new ResultsTakenError(nodeId);
    if (this.#dropped) throw new ResultsNotFoundError(nodeId, "they were not read in time");
    collected.hasReader = true;
    for (;;) {
      const version = collected.changes.version;
      yield* this.#take(nodeId, collected);
      if (this.#dropped) throw new ResultsNotFoundError(nodeId, "they were not read in time");
      if (collected.instances.every(({ last, waiting, held }) => last && waiting.length === 0 && held.length === 0)) return this.#checkComplete(nodeId);
      if (this.#end && collected.changes.version === version) {
        if (this.#end.error) throw this.#end.error;
        return this.#checkComplete(nodeId);
      }
      await collected.changes.changedSince(version, signal);
    }
  }

  #checkComplete(nodeId: string): void {
    if (this.#missing !== undefined) throw new ResultsIncompleteError(nodeId, this.#missing);
  }

  *#take(nodeId: string, { instances }: Collected): Generator<ResultBatch, void, undefined> {
    for (const [index, instance] of instances.entries()) {
      for (let batch = instance.waiting.shift(); batch; batch = instance.waiting.shift()) {
        this.#bytes -= batch.records.length;
        this.#hasHandedOut = true;
        yield batch;
        if (this.#exactlyOnce && instance.owed === 0) continue; // returned already
        instance.owed = Math.max(0, instance.owed - 1);
        this.#returnCredit(nodeId, index, instance);
      }
    }
  }

  #returnCredit(nodeId: string, index: number, instance: Instance): void {
    if (++instance.taken < windowBatches / 2) return;
    instance.credit += instance.taken;
    this.#grant(nodeId, index, instance.taken);
    instance.taken = 0;
  }
}

function collectedBy(parallelism: number): Collected {
  const instances = Array.from({ length: parallelism }, (): Instance => ({ waiting: [], held: [], credit: 0, taken: 0, owed: 0, last: false }));
  return { instances, changes: new Notifier(), hasReader: false };
}
