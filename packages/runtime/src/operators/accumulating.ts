// What reduce and aggregate emit behind the last record, with `emit: "end"`: once per key, in first-seen order.

import type { AggregateFunction } from "@sage/graph";
import { isPromise, type Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import { storedUndefined } from "../state/keyed-state.ts";
import type { Emit } from "./expansion.ts";
import type { FailurePolicy } from "./failure-policy.ts";

export class Accumulating {
  readonly policy: FailurePolicy;
  readonly #context: OperatorContext;
  readonly #resultOf: (accumulated: unknown, key: unknown) => unknown;
  #emit!: Emit;

  constructor(policy: FailurePolicy, context: OperatorContext, fn: unknown) {
    this.policy = policy;
    this.#context = context;
    const aggregate = fn as AggregateFunction<unknown, unknown, unknown>;
    this.#resultOf = policy.node.plan.kind === "aggregate" ? (accumulated, key) => aggregate.result(accumulated, key) : (accumulated) => accumulated;
  }

  connect(emit: Emit): void {
    this.#emit = emit;
  }

  async finish(): Promise<void> {
    const { scope, node } = this.policy;
    if (node.graph.settings?.["emit"] !== "end") return;
    let count = 0;
    for (const { key, values } of this.#context.state.entries.values()) {
      if (values[0] === undefined) continue; // its only records were skipped
      const wait = this.#finishKey(values[0] === storedUndefined ? undefined : values[0], key);
      if (wait !== undefined) await wait;
      if ((++count & 1023) === 0 && scope.slice.isOver()) await scope.slice.yield();
    }
  }

  #finishKey(accumulated: unknown, key: unknown): Wait {
    let result: unknown;
    try {
      result = this.#resultOf(accumulated, key);
    } catch (error) {
      return this.policy.drop(error, { key, accumulated }, 0);
    }
    return isPromise(result) ? this.policy.later(result, { key, accumulated }, this.#emit) : this.#emit(result);
  }
}
