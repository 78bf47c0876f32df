// What becomes of a record on which an operator threw: `onError`.
//
// Invariants:
//   E1. A record is delivered, dead-lettered, counted as skipped, or the job fails: never dropped silently.
//   E2. A retry sees the very same record; an operator's retries do not repeat what other operators did.
//   E3. A failure of an operator further down passes: it is not this operator's to handle.

import { backoffMs, type Clock } from "@sage/core";
import type { ErrorPolicy } from "@sage/protocol/records";
import type { OperatorContext } from "../operator-context.ts";
import type { ChainNode } from "../chain/layout.ts";
import { isPromise, skipped, type ChainScope, type Wait } from "../chain/scope.ts";

export interface DeadLetter {
  readonly nodeId: string;
  readonly operator: string;
  /** Parallel instance, from 0. */
  readonly index: number;
  /** From 1, of the instance's input. */
  readonly recordNumber: number;
  readonly record: unknown;
  readonly error: unknown;
}

/** Takes a dead letter; a promise slows the pipeline down. */
export type TakeDeadLetter = (letter: DeadLetter) => Promise<void> | undefined | void;

/** Calls an operator's function with a record; with another context than its own where several calls run at once. */
export type Again = (record: never, context?: OperatorContext) => unknown;

const defaultBackoffMs = 100;
const longestBackoffMs = 30_000;

export class FailurePolicy {
  readonly scope: ChainScope;
  readonly node: ChainNode;
  readonly retries: number;
  skippedRecords = 0;
  deadLettered = 0;
  retried = 0;
  readonly #onDeadLetter: TakeDeadLetter;
  readonly #clock: Clock;
  readonly #policy: ErrorPolicy;

  constructor(scope: ChainScope, node: ChainNode, onDeadLetter: TakeDeadLetter, clock: Clock) {
    this.scope = scope;
    this.node = node;
    this.#onDeadLetter = onDeadLetter;
    this.#clock = clock;
    this.#policy = node.plan.onError;
    this.retries = typeof this.#policy === "string" ? 0 : this.#policy.retries;
  }

  /**
   * The record's result after a failure: a promise of a retry's, or `skipped`.
   *
   * @param again - calls the operator with the record once more.
   * @throws the failure, where the policy is to fail.
   */
  recover(error: unknown, record: unknown, again: Again | undefined, number = this.scope.numberOf(this.node.at)): unknown {
    if (this.scope.failure !== undefined && error === this.scope.failure) throw error; // E3
    return again !== undefined && this.retries > 0 ? this.#retry(error, record, again, number) : this.#giveUp(error, record, number);
  }

  /** Gives a record up without a retry; a promise where somebody has to take its letter first. */
  drop(error: unknown, record: unknown, number = this.scope.numberOf(this.node.at)): Wait {
    const result = this.recover(error, record, undefined, number);
    return isPromise(result) ? (result as Promise<unknown>).then(() => {}) : undefined;
  }

  #giveUp(error: unknown, record: unknown, number: number): typeof skipped | Promise<typeof skipped> {
    const policy = typeof this.#policy === "string" ? this.#policy : (this.#policy.then ?? "fail");
    if (policy === "fail") throw this.scope.fail(error, this.node.at, number);
    if (policy === "skip") this.skippedRecords++;
    else return this.#deadLetter(error, record, number);
    return skipped;
  }

  async #retry(first: unknown, record: unknown, again: Again, number: number): Promise<unknown> {
    let error = first;
    for (let attempt = 1; attempt <= this.retries; attempt++) {
      await this.wait(attempt);
      this.retried++;
      try {
        return await again(record as never);
      } catch (next) {
        if (this.scope.failure !== undefined && next === this.scope.failure) throw next;
        error = next;
      }
    }
    return this.#giveUp(error, record, number);
  }

  /** The pause before a retry. */
  wait(attempt: number): Promise<void> {
    const baseMs = typeof this.#policy === "string" ? defaultBackoffMs : (this.#policy.backoffMs ?? defaultBackoffMs);
    return this.#clock.sleep(backoffMs(attempt, baseMs, Math.max(baseMs, longestBackoffMs), () => 1), this.scope.signal);
  }

  /**
   * Waits for an operator's promised result and passes it on.
   *
   * @param pass - what follows; undefined where nothing does.
   */
  async later(promise: PromiseLike<unknown>, record: unknown, pass: ((result: never, record: never) => Wait) | undefined, again?: Again): Promise<void> {
    const number = this.scope.numberOf(this.node.at);
    const timeMs = this.scope.time[0]!;
    const result = await this.settled(promise, record, again, number);
    if (result === skipped || pass === undefined) return;
    this.scope.time[0] = timeMs;
    const wait = pass(result as never, record as never);
    if (wait !== undefined) await wait;
  }

  /** The result behind a promise, or what the policy makes of its failure. */
  async settled(promise: PromiseLike<unknown>, record: unknown, again: Again | undefined, number: number): Promise<unknown> {
    try {
      return await promise;
    } catch (error) {
      if (this.scope.failure !== undefined && error === this.scope.failure) throw error;
      const result = this.recover(error, record, again, number);
      return isPromise(result) ? await result : result;
    }
  }

  #deadLetter(error: unknown, record: unknown, recordNumber: number): typeof skipped | Promise<typeof skipped> {
    this.deadLettered++;
    const { id, name } = this.node.plan;
    const taken = this.#onDeadLetter({ nodeId: id, operator: name, index: this.scope.index, recordNumber, record, error });
    return isPromise(taken) ? taken.then(() => skipped) : skipped;
  }
}
