// The caller's end of `collect()`.

import { SageError } from "@sage/core";

/**
 * The records of a `collect()`, each once, in order per parallel instance. Iterate it after `submit` was called, not
 * before; reading slowly slows the pipeline down.
 */
export interface Collected<T> extends AsyncIterable<T> {
  readonly nodeId: string;
  /** All records, in an array: for results that fit into memory. */
  toArray(): Promise<T[]>;
}

/** Feeds a {@link Collected}; held by whatever runs the job. */
export interface CollectFeed {
  readonly nodeId: string;
  /** Attaches the batches of the running job. */
  attach(batches: AsyncIterable<readonly unknown[]>): void;
}

/** Records of a `collect()` were asked for, but no job delivers them. */
export class NotSubmittedError extends SageError {
  constructor() {
    super("this collect() belongs to a pipeline that was not submitted", {
      code: "SAGE_NOT_SUBMITTED", fault: "user", hint: "Call `env.submit()` first, then read the results.",
    });
  }
}

export class CollectedRecords<T> implements Collected<T>, CollectFeed {
  readonly nodeId: string;
  #batches: AsyncIterable<readonly unknown[]> | undefined;

  constructor(nodeId: string) {
    this.nodeId = nodeId;
  }

  attach(batches: AsyncIterable<readonly unknown[]>): void {
    this.#batches = batches;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    if (!this.#batches) throw new NotSubmittedError();
    for await (const batch of this.#batches) yield* batch as readonly T[];
  }

  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const record of this) all.push(record);
    return all;
  }
}
