// Sources that are asked for one record after the other: the `execute` of BatchFunction and SourceFunction, and plain
// functions. The generated code asks; what does not return at once, or throws, comes here.
//
// Invariants:
//   Q1. null or undefined ends the input; `SourceFunction.IDLE` means "nothing now", for SourceFunctions alone.
//   Q2. A source that throws again and again, and whose failures are skipped, is asked ever more slowly.

import { isPromise, skipped } from "../chain/scope.ts";
import type { Emit } from "./expansion.ts";
import type { FailurePolicy } from "./failure-policy.ts";

export const idleMark: symbol = Symbol.for("sage.idle");

export class Pulled {
  readonly policy: FailurePolicy;
  readonly #ask: () => unknown;
  #emit!: Emit;
  #failuresInARow = 0;

  constructor(policy: FailurePolicy, ask: () => unknown) {
    this.policy = policy;
    this.#ask = ask;
  }

  connect(emit: Emit): void {
    this.#emit = emit;
  }

  /** Waits for the record that a source has promised, and passes it on. */
  async later(promise: PromiseLike<unknown>): Promise<void> {
    let record: unknown;
    try {
      record = await promise;
    } catch (error) {
      return this.threw(error);
    }
    await this.#take(record);
  }

  /** The source threw. */
  async threw(error: unknown): Promise<void> {
    const { policy } = this;
    this.#failuresInARow++;
    const result = policy.recover(error, undefined, this.#ask);
    if (result === skipped) return policy.wait(this.#failuresInARow);
    await this.#take(isPromise(result) ? await result : result);
  }

  async #take(record: unknown): Promise<void> {
    const { scope, node } = this.policy;
    if (record === skipped) return this.policy.wait(this.#failuresInARow);
    this.#failuresInARow = 0;
    if (record === null || record === undefined) scope.ended = true;
    else if (record === idleMark && node.plan.kind === "source") scope.idle = true;
    else {
      scope.counts[node.emitted]!++;
      const wait = this.#emit(record);
      if (wait !== undefined) await wait;
    }
  }
}
