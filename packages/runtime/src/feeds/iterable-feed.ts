// Feeds a task from the iterable given to `fromIterable`.
//
// Its state: how many elements each instance has processed. A restored one iterates anew and passes over those.

import { decodeBatch, encodeBatch } from "@sage/protocol/records";
import type { Barrier } from "../checkpoint/barrier.ts";
import { bytesPart, type NodeRestore, type StatePart } from "../checkpoint/state-part.ts";
import type { ChainScope } from "../chain/scope.ts";
import { withEpoch, type DealtEpoch } from "./dealt.ts";
import type { Drive, Feed } from "./feed.ts";
import { feedAsync, feedSync } from "./iterate.ts";
import type { SharedIterator } from "./shared-iterator.ts";

interface Position {
  readonly earlier: readonly DealtEpoch[];
  readonly parallelism: number;
  readonly taken: number;
}

export class IterableFeed implements Feed {
  readonly injects = true;
  readonly drains = true;
  readonly #nodeId: string;
  readonly #parallelism: number;
  readonly #shared: (dealt: readonly DealtEpoch[]) => SharedIterator;
  #earlier: readonly DealtEpoch[] = [];
  #scope: ChainScope | undefined;

  /** @param shared - makes the iterator, or finds the one that another instance has made. */
  constructor(nodeId: string, parallelism: number, shared: (dealt: readonly DealtEpoch[]) => SharedIterator) {
    this.#nodeId = nodeId;
    this.#parallelism = parallelism;
    this.#shared = shared;
  }

  async run(drive: Drive): Promise<void> {
    this.#scope = drive.chain.scope;
    let iterator: AsyncIterator<unknown> | Iterator<unknown>;
    let isAsync: boolean;
    try {
      const shared = this.#shared(this.#earlier);
      iterator = shared.iteratorFor(drive.chain.index);
      isAsync = shared.isAsync;
    } catch (error) {
      throw drive.chain.scope.fail(error, 0);
    }
    return isAsync ? feedAsync(iterator as AsyncIterator<unknown>, drive) : feedSync(iterator as Iterator<unknown>, drive);
  }

  snapshot(_barrier: Barrier): readonly StatePart[] {
    const position: Position = { earlier: this.#earlier, parallelism: this.#parallelism, taken: this.#scope?.counts[0] ?? 0 };
    return [bytesPart({ nodeId: this.#nodeId, kind: "position", spread: "union" }, encodeBatch([position]))];
  }

  async restore({ handles, fromParallelism }: NodeRestore): Promise<void> {
    const taken = Array.from({ length: fromParallelism }, () => -1); // who left nothing had come to its end
    let last: Position | undefined;
    for (const handle of handles) {
      if (handle.kind !== "position") continue;
      last = decodeBatch(await handle.read())[0] as Position;
      taken[handle.fromIndex] = last.taken;
    }
    this.#earlier = last === undefined ? [{ parallelism: fromParallelism, taken }] : withEpoch(last.earlier, { parallelism: last.parallelism, taken });
  }
}
