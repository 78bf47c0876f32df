// Feeds a task from a BatchFunction, a SourceFunction or a plain function, asked for one record after the other.
//
// A function whose first result is iterable (a generator function, most of all) is called once: its elements are the
// records. Every other function is called until it returns null or undefined.

import type { Clock } from "@sage/core";
import { isAsyncIterable } from "../operators/expansion.ts";
import { idleMark, type Pulled } from "../operators/pulled.ts";
import type { Drive, Feed } from "./feed.ts";
import { feedAsync, feedSync } from "./iterate.ts";

const shortestIdleMs = 1;
const longestIdleMs = 100;

export class PulledFeed implements Feed {
  readonly #pulled: Pulled;
  readonly #clock: Clock;

  constructor(pulled: Pulled, clock: Clock) {
    this.#pulled = pulled;
    this.#clock = clock;
  }

  async run(drive: Drive): Promise<void> {
    const { graph, plan } = drive.chain.layout.nodes[0]!;
    if (graph.fn?.form === "function") {
      const first = await this.#callFirst(drive);
      if (first !== undefined) return this.#iterate(first, drive, plan.kind === "source");
    }
    await this.#pull(drive);
  }

  /** Calls a plain function once; returns its result if that is iterable, else takes it as the first record. */
  async #callFirst(drive: Drive): Promise<Iterable<unknown> | AsyncIterable<unknown> | undefined> {
    const { source, contexts: [context] } = drive.chain;
    let result: unknown;
    try {
      result = (source as (ctx: unknown) => unknown)(context);
    } catch (error) {
      await drive.pending(this.#pulled.threw(error));
      return undefined;
    }
    if (isAsyncIterable(result) || (typeof result === "object" && result !== null && Symbol.iterator in result)) return result as Iterable<unknown>;
    await drive.pending(this.#pulled.later(Promise.resolve(result)));
    return undefined;
  }

  #iterate(records: Iterable<unknown> | AsyncIterable<unknown>, drive: Drive, mayIdle: boolean): Promise<void> {
    const idle = mayIdle ? { mark: idleMark, wait: (inARow: number) => this.#sleep(inARow, drive) } : undefined;
    return isAsyncIterable(records) ? feedAsync(records[Symbol.asyncIterator](), drive, idle) : feedSync(records[Symbol.iterator](), drive, idle);
  }

  async #pull(drive: Drive): Promise<void> {
    const { scope, pull } = drive.chain;
    let idleInARow = 0;
    for (;;) {
      if (scope.ended) return;
      if (scope.idle) {
        scope.idle = false;
        await this.#sleep(++idleInARow, drive);
      }
      const before = scope.counts[0]!;
      const wait = pull!(scope.slice.records);
      if (wait !== undefined) await drive.pending(wait);
      if (scope.counts[0] !== before) idleInARow = 0;
      const turn = drive.breathe();
      if (turn !== undefined) await turn;
    }
  }

  #sleep(inARow: number, drive: Drive): Promise<void> {
    return drive.idle(this.#clock.sleep(Math.min(longestIdleMs, shortestIdleMs * 2 ** Math.min(inARow - 1, 10)), drive.signal));
  }
}
