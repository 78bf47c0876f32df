// Passes on, one after the other, what a flatMap returned for one record: any iterable, also an endless one.
//
// Invariants:
//   X1. The next result is asked for only when the one before has gone on.
//   X2. An iterator that is left before its end is closed, so that a generator's `finally` runs.

import { NotIterableError } from "../errors.ts";
import type { Wait } from "../chain/scope.ts";
import type { FailurePolicy } from "./failure-policy.ts";

/** Takes a result; a promise means: wait before the next one. */
export type Emit = (value: unknown) => Wait;

export class Expansion {
  readonly #policy: FailurePolicy;
  readonly #emit: Emit;
  readonly #record: unknown;
  readonly #number: number;
  #iterator!: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #timeMs: number;
  #isAsync = false;

  /** @param number - of the record, from 1: for the failure that its iteration may throw. */
  constructor(policy: FailurePolicy, emit: Emit, record: unknown, number: number) {
    this.#policy = policy;
    this.#emit = emit;
    this.#record = record;
    this.#number = number;
    this.#timeMs = policy.scope.time[0]!;
  }

  run(results: unknown): Wait {
    try {
      this.#isAsync = isAsyncIterable(results);
      this.#iterator = isAsyncIterable(results) ? results[Symbol.asyncIterator]() : iterable(results)[Symbol.iterator]();
    } catch (error) {
      return this.#failed(error);
    }
    if (this.#isAsync) return this.#runAsync();
    const wait = this.#runUntilWait();
    return wait === undefined ? undefined : this.#runLater(wait);
  }

  #runUntilWait(): Wait {
    const { slice } = this.#policy.scope;
    const iterator = this.#iterator as Iterator<unknown>;
    for (let count = 1; ; count++) {
      let step: IteratorResult<unknown>;
      try {
        step = iterator.next();
      } catch (error) {
        this.#iterator = empty;
        return this.#failed(error);
      }
      if (step.done) return undefined;
      const wait = this.#pass(step.value);
      if (wait !== undefined) return wait;
      if ((count & 1023) === 0 && slice.isOver()) return slice.yield();
    }
  }

  #failed(error: unknown): Wait {
    return this.#policy.drop(error, this.#record, this.#number);
  }

  #pass(value: unknown): Wait {
    this.#policy.scope.time[0] = this.#timeMs;
    try {
      return this.#emit(value);
    } catch (error) {
      closeIterator(this.#iterator);
      throw error;
    }
  }

  async #runLater(first: Promise<void>): Promise<void> {
    for (let wait: Wait = first; wait !== undefined; wait = this.#runUntilWait()) await this.#waitFor(wait);
  }

  async #waitFor(wait: Promise<void>): Promise<void> {
    try {
      await wait;
      this.#policy.scope.signal.throwIfAborted();
    } catch (error) {
      closeIterator(this.#iterator);
      throw error;
    }
  }

  async #runAsync(): Promise<void> {
    const { slice } = this.#policy.scope;
    for (;;) {
      let step: IteratorResult<unknown>;
      try {
        step = await this.#iterator.next();
      } catch (error) {
        return this.#failed(error);
      }
      if (step.done) return;
      await this.#waitFor(this.#pass(step.value) ?? (slice.isOver() ? slice.yield() : resolved));
    }
  }
}

const resolved = Promise.resolve();
/** Stands in for an iterator that has failed. */
const empty: Iterator<unknown> = [][Symbol.iterator]();

export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === "function";

/** @throws {@link NotIterableError} */
export function iterable(value: unknown): Iterable<unknown> {
  if (typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function") return value as Iterable<unknown>;
  throw new NotIterableError(value);
}

/** Closes an iterator that is left early. Not awaited: it may be the one that hangs; and its own error comes second. */
export function closeIterator(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  const close = async () => iterator.return?.();
  close().catch(() => {});
}
