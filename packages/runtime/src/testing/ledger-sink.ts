// A transactional sink that keeps its ledger in memory, for tests.

import { TransactionalSinkFunction } from "@sage/graph";

/** Outlives the engines that write into it. */
export class Ledger<T = unknown> {
  readonly #committed = new Map<string, readonly T[]>();

  commit(name: string, records: readonly T[]): void {
    this.#committed.set(name, records);
  }

  get records(): T[] {
    return [...this.#committed.values()].flat();
  }
}

interface Transaction<T> {
  readonly name: string;
  readonly records: readonly T[];
}

let sinks = 0;

export class LedgerSink<T> extends TransactionalSinkFunction<T, Transaction<T>> {
  static override readonly snapshotFields: readonly string[] = [];
  readonly #ledger: Ledger<T>;
  readonly #id = ++sinks;
  #records: T[] = [];

  constructor(ledger: Ledger<T>) {
    super();
    this.#ledger = ledger;
  }

  execute(record: T): void {
    this.#records.push(record);
  }

  prepareCommit(checkpointId: number): Transaction<T> | undefined {
    if (this.#records.length === 0) return undefined;
    const records = this.#records;
    this.#records = [];
    return { name: `${this.#id}-${checkpointId}`, records };
  }

  commit({ name, records }: Transaction<T>): void {
    this.#ledger.commit(name, records);
  }

  recover(): void {}
}
