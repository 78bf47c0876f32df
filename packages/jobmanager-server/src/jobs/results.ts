// The results of a job's collect() operators on their way from workers to the one reader of each.
//
// Invariants:
//   R1. A batch is handed to exactly one reader, in order per instance; what no reader has taken is kept.
//   R2. No instance has more than `windowBatches` batches here: workers send only what they have credit for.

import type { Plan, ResultBatch } from "@sage/protocol";
import { ResultsNotFoundError, ResultsTakenError } from "../errors.ts";
import { Notifier } from "../notifier.ts";

/** Batches per instance that may be here before a reader takes them. */
export const windowBatches = 8;

/** Tells a worker how many more batches an instance may send. */
export type GrantCredit = (nodeId: string, index: number, batches: number) => void;

interface Instance {
  readonly waiting: ResultBatch[];
  /** Batches it may still send. */
  credit: number;
  /** Batches taken since the last grant. */
  taken: number;
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

  constructor(plan: Plan) {
    const collects = plan.nodes.filter((node) => node.kind === "collect");
    this.#nodes = new Map(collects.map((node) => [node.id, collectedBy(node.parallelism)]));
  }

  /** Bytes that wait for a reader. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Lets the workers of an attempt send. */
  open(grant: GrantCredit): void {
    this.#grant = grant;
    for (const [nodeId, { instances }] of this.#nodes) {
      instances.forEach((instance, index) => {
        instance.credit = windowBatches;
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
      instance.waiting.push(batch);
      this.#bytes += batch.records.length;
    }
    collected.changes.notify();
  }

  /** No more batches come; readers get what is here, then the error if there is one. */
  end(error?: Error): void {
    this.#end ??= { error };
    for (const { changes } of this.#nodes.values()) changes.notify();
  }

  /** Frees what waits; later readers are told. */
  drop(): void {
    this.#dropped = true;
    for (const { instances } of this.#nodes.values()) for (const { waiting } of instances) waiting.length = 0;
    this.#bytes = 0;
  }

  /**
   * The batches of one collect() until all its instances have sent their last.
   *
   * @throws {@link ResultsTakenError} if there is or was another reader, {@link ResultsNotFoundError} if there is no such
   *   collect() or its batches are gone; the error of `end` behind the last batch.
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
      if (collected.instances.every(({ last, waiting }) => last && waiting.length === 0)) return;
      if (this.#end && collected.changes.version === version) {
        if (this.#end.error) throw this.#end.error;
        return;
      }
      await collected.changes.changedSince(version, signal);
    }
  }

  *#take(nodeId: string, { instances }: Collected): Generator<ResultBatch, void, undefined> {
    for (const [index, instance] of instances.entries()) {
      for (let batch = instance.waiting.shift(); batch; batch = instance.waiting.shift()) {
        this.#bytes -= batch.records.length;
        yield batch;
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
  const instances = Array.from({ length: parallelism }, (): Instance => ({ waiting: [], credit: 0, taken: 0, last: false }));
  return { instances, changes: new Notifier(), hasReader: false };
}
