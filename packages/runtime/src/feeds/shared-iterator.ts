// One pass over an iterable for all instances of a source that run in this process: of n instances the one with
// number i gets the elements k with k % n === i, whichever of them asks first.
//
// An iterable may give its elements only once (a generator object does), so instances must not iterate it each.

import { deferred, type Deferred } from "@sage/core";
import { closeIterator, isAsyncIterable, iterable } from "../operators/expansion.ts";
import { DealtReplay, type DealtEpoch } from "./dealt.ts";

/** So many elements wait for an instance that is behind; then the others wait for it. */
const longestQueue = 4096;

export class SharedIterator {
  readonly #parallelism: number;
  readonly #queues: ReadonlyMap<number, unknown[]>;
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  /** Whether the instances' iterators are asynchronous: also where several of them share a synchronous one. */
  readonly isAsync: boolean;
  readonly #replay: DealtReplay | undefined;
  #position = 0;
  #done = false;
  #turn: Promise<unknown> = Promise.resolve();
  #taken: Deferred<void> | undefined;

  /** @param dealt - what has been processed before: it is passed over. */
  constructor(records: unknown, parallelism: number, localInstances: readonly number[], dealt: readonly DealtEpoch[] = []) {
    this.#replay = dealt.length > 0 ? new DealtReplay(dealt) : undefined;
    this.#parallelism = parallelism;
    this.#queues = new Map(localInstances.map((index) => [index, []]));
    this.isAsync = isAsyncIterable(records) || localInstances.length > 1;
    this.#iterator = isAsyncIterable(records) ? records[Symbol.asyncIterator]() : iterable(records)[Symbol.iterator]();
  }

  /** The elements of instance `index` as an iterator of their own. */
  iteratorFor(index: number): AsyncIterator<unknown> | Iterator<unknown> {
    if (!this.isAsync) return this.#syncFor(index);
    return { next: () => this.#next(index), return: async () => this.#close() };
  }

  #syncFor(index: number): Iterator<unknown> {
    const iterator = this.#iterator as Iterator<unknown>;
    const replay = this.#replay;
    if (this.#parallelism === 1 && replay === undefined) return iterator;
    const next = (): IteratorResult<unknown> => {
      for (;;) {
        const step = iterator.next();
        if (step.done) return step;
        const owner = this.#position++ % this.#parallelism;
        if (replay?.nextIsTaken() !== true && owner === index) return step;
      }
    };
    return { next, return: () => this.#close() };
  }

  async #next(index: number): Promise<IteratorResult<unknown>> {
    const own = this.#queues.get(index)!;
    for (;;) {
      if (own.length > 0) {
        const value = own.shift();
        this.#taken?.resolve();
        this.#taken = undefined;
        return { done: false, value };
      }
      if (this.#done) return { done: true, value: undefined };
      if ([...this.#queues.values()].some((queue) => queue.length >= longestQueue)) {
        await (this.#taken ??= deferred()).promise;
        continue;
      }
      const turn = this.#turn.then(() => (own.length > 0 ? undefined : this.#advance()));
      this.#turn = turn.catch(() => {});
      await turn;
    }
  }

  /** Takes one element and puts it into the queue of its instance, if that runs here. */
  async #advance(): Promise<void> {
    if (this.#done) return;
    const step = await this.#iterator.next();
    if (step.done) {
      this.#done = true;
      return;
    }
    const owner = this.#position++ % this.#parallelism;
    if (this.#replay?.nextIsTaken() !== true) this.#queues.get(owner)?.push(step.value);
  }

  #close(): IteratorResult<unknown> {
    if (!this.#done) {
      this.#done = true;
      closeIterator(this.#iterator);
    }
    return { done: true, value: undefined };
  }
}
