// Feeds a task from a BatchFunction, a SourceFunction or a plain function, asked for one record after the other.
//
// A function whose first result is iterable (a generator function, most of all) is called once: its elements are the
// records. Every other function is called until it returns null or undefined.
//
// Its state: the instance's fields, where there is an instance; else how many records it has given: a restored one gives
// them anew, and they are passed over. A plain function that is an unbounded source goes on as it is.

import { isPromise } from "../chain/scope.ts";
import type { Clock } from "@sage/core";
import { decodeBatch, encodeBatch } from "@sage/protocol/records";
import type { Barrier } from "../checkpoint/barrier.ts";
import { hiddenFieldsOf, OwnState, type OwnSnapshot } from "../checkpoint/own-state.ts";
import { bytesPart, type NodeRestore, type StatePart } from "../checkpoint/state-part.ts";
import type { Chain } from "../chain.ts";
import { isAsyncIterable } from "../operators/expansion.ts";
import { idleMark, type Pulled } from "../operators/pulled.ts";
import type { Drive, Feed } from "./feed.ts";
import { feedAsync, feedSync } from "./iterate.ts";

const shortestIdleMs = 1;
const longestIdleMs = 100;

export class PulledFeed implements Feed {
  readonly injects = true;
  readonly drains = true;
  readonly #chain: Chain;
  readonly #clock: Clock;
  /** Undefined: it is replayed, or not at all. */
  readonly #own: OwnState | undefined;
  readonly #isReplayed: boolean;
  /** Records that were given before the restore. */
  #given = 0;

  constructor(chain: Chain, clock: Clock) {
    const { plan, graph } = chain.layout.nodes[0]!;
    this.#chain = chain;
    this.#clock = clock;
    const own = graph.fn!.form === "class" ? new OwnState(chain.source as object, chain.contexts[0]!) : undefined;
    const isHidden = plan.kind === "batch" && own?.isDeclared === false && hiddenFieldsOf(chain.source as object).length > 0;
    this.#own = isHidden ? undefined : own;
    this.#isReplayed = this.#own === undefined && plan.kind === "batch";
  }

  get #pulled(): Pulled {
    return this.#chain.runtimeOf(0) as Pulled;
  }

  async run(drive: Drive): Promise<void> {
    const { graph, plan } = drive.chain.layout.nodes[0]!;
    this.#own?.opened();
    if (graph.fn?.form === "function") {
      const first = await this.#callFirst(drive);
      if (first !== undefined) return this.#iterate(first, drive, plan.kind === "source");
    } else if (this.#given > 0) await this.#passOver(drive, () => (this.#chain.source as { execute(): unknown }).execute());
    await this.#pull(drive);
  }

  async snapshot(_barrier: Barrier): Promise<readonly StatePart[]> {
    const { id: nodeId } = this.#chain.layout.nodes[0]!.plan;
    if (this.#isReplayed) {
      return [bytesPart({ nodeId, kind: "position", spread: "instance" }, encodeBatch([this.#given + this.#chain.scope.counts[0]!]))];
    }
    const own = await this.#own?.take();
    return own === undefined ? [] : [bytesPart({ nodeId, kind: "own", spread: "instance" }, encodeBatch([own]))];
  }

  async restore({ handles }: NodeRestore): Promise<void> {
    const own: OwnSnapshot[] = [];
    for (const handle of handles) {
      const [state] = decodeBatch(await handle.read());
      if (handle.kind === "own") own.push(state as OwnSnapshot);
      else if (handle.kind === "position" && this.#isReplayed) this.#given = state as number;
    }
    if (own.length > 0) await this.#own?.restore(own);
  }

  /** Calls a plain function once; returns its result if that is iterable, else takes it as the first record. */
  async #callFirst(drive: Drive): Promise<Iterable<unknown> | AsyncIterable<unknown> | undefined> {
    const { source, contexts: [context] } = drive.chain;
    const call = () => (source as (ctx: unknown) => unknown)(context);
    let result: unknown;
    try {
      result = call();
    } catch (error) {
      await drive.pending(this.#pulled.threw(error));
      return undefined;
    }
    if (isAsyncIterable(result) || (typeof result === "object" && result !== null && Symbol.iterator in result)) return result as Iterable<unknown>;
    if (this.#given > 0) await this.#passOver(drive, call, [result]);
    else await drive.pending(this.#pulled.later(Promise.resolve(result)));
    return undefined;
  }

  /** Takes the records that were processed before, and drops them. */
  async #passOver(drive: Drive, call: () => unknown, first: readonly unknown[] = []): Promise<void> {
    const results = [...first];
    for (let left = this.#given; left > 0; ) {
      let result: unknown;
      try {
        result = results.length > 0 ? results.shift() : call();
        if (isPromise(result)) result = await drive.pending(Promise.resolve(result));
      } catch {
        drive.signal.throwIfAborted();
        continue; // it threw here before, and its policy has dealt with that
      }
      if (result === null || result === undefined) {
        drive.chain.scope.ended = true;
        return;
      }
      left--;
      if ((left & 1023) === 0) await drive.breathe();
    }
  }

  async #iterate(records: Iterable<unknown> | AsyncIterable<unknown>, drive: Drive, mayIdle: boolean): Promise<void> {
    const idle = mayIdle ? { mark: idleMark, wait: (inARow: number) => this.#sleep(inARow, drive) } : undefined;
    if (isAsyncIterable(records)) {
      const iterator = records[Symbol.asyncIterator]();
      for (let left = this.#given; left > 0; left--) await drive.pending(iterator.next());
      return feedAsync(iterator, drive, idle);
    }
    const iterator = records[Symbol.iterator]();
    for (let left = this.#given; left > 0; left--) {
      iterator.next();
      if ((left & 1023) === 0) await drive.breathe();
    }
    return feedSync(iterator, drive, idle);
  }

  async #pull(drive: Drive): Promise<void> {
    const { scope, pull } = drive.chain;
    let idleInARow = 0;
    for (;;) {
      if (scope.ended || drive.drained) return;
      if (scope.idle) {
        scope.idle = false;
        await this.#sleep(++idleInARow, drive);
        if (drive.drained) return;
      }
      const before = scope.counts[0]!;
      const wait = pull!(scope.slice.records);
      if (wait !== undefined) await drive.pending(wait);
      if (scope.counts[0] !== before) idleInARow = 0;
      const turn = drive.breathe();
      if (turn !== undefined) await turn;
      const cut = drive.cut();
      if (cut !== undefined) await cut;
    }
  }

  async #sleep(inARow: number, drive: Drive): Promise<void> {
    await drive.rest(this.#clock.sleep(Math.min(longestIdleMs, shortestIdleMs * 2 ** Math.min(inARow - 1, 10)), drive.signal), "idle");
  }
}
