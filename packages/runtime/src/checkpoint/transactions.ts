// The transactions of one sink instance: what it has prepared, and not yet committed.
//
// Invariants:
//   X1. What was prepared for a checkpoint is committed when that checkpoint, or a later one, is complete; in order.
//   X2. It is committed again after a restore: a sink's commit of the same transaction twice is like once.

import { decodeBatch, encodeBatch } from "@sage/protocol/records";
import { bytesPart, type NodeRestore, type StatePart } from "./state-part.ts";

/** A sink that writes in two phases. */
export interface TransactionalSink {
  /** Makes all that it has taken so far durable, and not visible. Its result, plain data, is given to `commit`; undefined: there is nothing. */
  prepareCommit(checkpointId: number): unknown;
  commit(transaction: unknown): unknown;
  /** Drops what was prepared or begun and is in no checkpoint: called before the first record, with what is to be committed all the same. */
  recover?(prepared: readonly unknown[]): unknown;
}

interface Prepared {
  readonly checkpointId: number;
  readonly transaction: unknown;
}

export const isTransactional = (sink: unknown): sink is TransactionalSink =>
  typeof sink === "object" && sink !== null && typeof (sink as Partial<TransactionalSink>).prepareCommit === "function" && typeof (sink as Partial<TransactionalSink>).commit === "function";

export class Transactions {
  readonly at: number;
  readonly #sink: TransactionalSink;
  #prepared: Prepared[] = [];
  #committing: Promise<void> = Promise.resolve();

  /** @param at - of the sink in its chain. */
  constructor(sink: TransactionalSink, at: number) {
    this.#sink = sink;
    this.at = at;
  }

  get isClean(): boolean {
    return this.#prepared.length === 0;
  }

  async prepare(checkpointId: number): Promise<void> {
    const transaction = await this.#sink.prepareCommit(checkpointId);
    if (transaction !== undefined) this.#prepared.push({ checkpointId, transaction });
  }

  part(nodeId: string): StatePart[] {
    if (this.#prepared.length === 0) return [];
    return [bytesPart({ nodeId, kind: "transactions", spread: "instance" }, encodeBatch(this.#prepared))];
  }

  /** Calls follow one another. */
  commit(upTo: number): Promise<void> {
    const committed = this.#committing.then(async () => {
      for (let next = this.#prepared[0]; next !== undefined && next.checkpointId <= upTo; next = this.#prepared[0]) {
        await this.#sink.commit(next.transaction);
        this.#prepared.shift();
      }
    });
    this.#committing = committed.catch(() => {});
    return committed;
  }

  /** X2. The checkpoint is complete, or nothing would be restored from it. */
  async restore(restore: NodeRestore | undefined): Promise<void> {
    for (const handle of restore?.handles ?? []) {
      if (handle.kind === "transactions") this.#prepared.push(...(decodeBatch(await handle.read()) as Prepared[]));
    }
    this.#prepared.sort((a, b) => a.checkpointId - b.checkpointId);
    await this.#sink.recover?.(this.#prepared.map(({ transaction }) => transaction));
    await this.commit(Infinity);
  }
}
