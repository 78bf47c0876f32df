// Joins the records of two keyed inputs: each pair of one key once, whichever of the two comes first.
//
// Both inputs are kept until the end of the job: a join without windows has no other point at which to forget.
// In a left join, left records whose key never met a right one come out at the end, with null.

import type { UserFunction } from "@sage/graph";
import { isPromise, skipped, type Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import type { Emit } from "./expansion.ts";
import type { FailurePolicy } from "./failure-policy.ts";

type JoinPair = (left: unknown, right: unknown, key: unknown) => unknown;

/** What one key has met so far; the entry's first value. */
interface Met {
  readonly left: unknown[];
  readonly right: unknown[];
}

export class Join {
  readonly policy: FailurePolicy;
  readonly #context: OperatorContext;
  readonly #isLeft: boolean;
  readonly #join: JoinPair;
  #emit!: Emit;

  constructor(policy: FailurePolicy, context: OperatorContext, fn: unknown, form: UserFunction["form"]) {
    this.policy = policy;
    this.#context = context;
    this.#isLeft = policy.node.graph.settings?.["type"] === "left";
    this.#join = form === "function" ? (fn as JoinPair) : (left, right, key) => (fn as { execute: JoinPair }).execute(left, right, key);
  }

  connect(emit: Emit): void {
    this.#emit = emit;
  }

  /** The record's key could not be made. */
  unkeyed(error: unknown, record: unknown): Wait {
    return this.policy.drop(error, record);
  }

  /** Takes a record of input `port`: 0 is left, 1 is right. */
  add(port: number, entry: KeyEntry, record: unknown): Wait {
    const met = (entry.values[0] ??= { left: [], right: [] }) as Met;
    (port === 0 ? met.left : met.right).push(record);
    return this.#pairs(port, met, record, entry.key, 0);
  }

  /** Emits the record with what the other side has, from its element `from` on. */
  #pairs(port: number, met: Met, record: unknown, key: unknown, from: number): Wait {
    const others = port === 0 ? met.right : met.left;
    for (let i = from; i < others.length; i++) {
      const wait = port === 0 ? this.#pair(record, others[i], key) : this.#pair(others[i], record, key);
      if (wait !== undefined) return this.#pairsLater(wait, port, met, record, key, i + 1);
    }
    return undefined;
  }

  async #pairsLater(first: Promise<void>, port: number, met: Met, record: unknown, key: unknown, from: number): Promise<void> {
    await first;
    const others = port === 0 ? met.right : met.left;
    for (let i = from; i < others.length; i++) {
      const wait = port === 0 ? this.#pair(record, others[i], key) : this.#pair(others[i], record, key);
      if (wait !== undefined) await wait;
    }
  }

  #pair(left: unknown, right: unknown, key: unknown): Wait {
    const again = () => this.#join(left, right, key);
    let result: unknown;
    try {
      result = again();
    } catch (error) {
      result = this.policy.recover(error, { left, right, key }, again);
    }
    if (result === skipped) return undefined;
    if (isPromise(result)) return this.policy.later(result, { left, right, key }, this.#emit, again);
    return this.#emit(result);
  }

  async finish(): Promise<void> {
    if (!this.#isLeft) return;
    const { scope } = this.policy;
    for (const entry of this.#context.state.entries.values()) {
      const met = entry.values[0] as Met;
      if (met.right.length > 0) continue;
      this.#context.state.select(entry.key);
      for (const left of met.left) {
        const wait = this.#pair(left, null, entry.key);
        if (wait !== undefined) await wait;
      }
      if (scope.slice.isOver()) await scope.slice.yield();
    }
  }
}
