// Feeds a task from the iterable given to `fromIterable`.

import type { Drive, Feed } from "./feed.ts";
import { feedAsync, feedSync } from "./iterate.ts";
import type { SharedIterator } from "./shared-iterator.ts";

export class IterableFeed implements Feed {
  readonly #shared: () => SharedIterator;

  /** @param shared - makes the iterator, or finds the one that another instance has made. */
  constructor(shared: () => SharedIterator) {
    this.#shared = shared;
  }

  async run(drive: Drive): Promise<void> {
    let iterator: AsyncIterator<unknown> | Iterator<unknown>;
    let isAsync: boolean;
    try {
      const shared = this.#shared();
      iterator = shared.iteratorFor(drive.chain.index);
      isAsync = shared.isAsync;
    } catch (error) {
      throw drive.chain.scope.fail(error, 0);
    }
    return isAsync ? feedAsync(iterator as AsyncIterator<unknown>, drive) : feedSync(iterator as Iterator<unknown>, drive);
  }
}
