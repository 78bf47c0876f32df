// What the generated code of one chain instance shares with the rest: counters, the first failure, the time slice.

import { OperatorFailedError } from "../errors.ts";
import type { TimeSlice } from "../time-slice.ts";
import type { ChainNode } from "./layout.ts";

export type Wait = Promise<void> | undefined;

/** Says that a record goes no further. */
export const skipped: unique symbol = Symbol("skipped") as never;

export class ChainScope {
  readonly index: number;
  readonly slice: TimeSlice;
  readonly signal: AbortSignal;
  readonly counts: Float64Array;
  /** Event time of the record in work, in milliseconds; NaN where it has none. Whoever goes on after a wait sets it again. */
  readonly time = new Float64Array(1).fill(NaN);
  readonly #nodes: readonly ChainNode[];
  readonly #abort: (error: unknown) => void;
  /** Where in the batch to go on after a wait. */
  next = 0;
  /** Set by a pulled source: its end, and "nothing now". */
  ended = false;
  idle = false;
  /** The error that ended this instance; set once. */
  failure: unknown;
  /** Place of the operator whose code runs, or ran last; -1: none of them, the failure is not theirs. */
  at = 0;

  /** @param abort - told of failures that happen beside the path of records. */
  constructor(nodes: readonly ChainNode[], counters: number, index: number, slice: TimeSlice, signal: AbortSignal, abort: (error: unknown) => void) {
    this.#nodes = nodes;
    this.counts = new Float64Array(counters);
    this.index = index;
    this.slice = slice;
    this.signal = signal;
    this.#abort = abort;
  }

  /** The error to throw for one that the operator at `at` threw: names operator and record. */
  fail(error: unknown, at: number, recordNumber = this.numberOf(at), during = ""): unknown {
    if (error === this.failure || at < 0 || error instanceof OperatorFailedError) return (this.failure ??= error);
    return (this.failure ??= this.failureOf(error, at, recordNumber, during));
  }

  failureOf(error: unknown, at: number, recordNumber: number, during = ""): OperatorFailedError {
    const { plan } = this.#nodes[at]!;
    return new OperatorFailedError({ operator: plan.name, nodeId: plan.id, index: this.index }, recordNumber, error, during);
  }

  /** Number of the record that an operator is processing, from 1. */
  numberOf(at: number): number {
    const node = this.#nodes[at];
    if (node === undefined) return 0;
    return node.taken < 0 ? this.counts[node.emitted]! + 1 : this.counts[node.taken]!;
  }

  /** Ends the instance with an error that nobody in the path of records sees. */
  abort(error: unknown): void {
    this.failure ??= error;
    this.#abort(this.failure);
  }

  /** Waits for both; the first error counts, but only when both have ended. */
  both(first: Wait, second: Wait): Wait {
    if (first === undefined || second === undefined) return first ?? second;
    return Promise.allSettled([first, second]).then((results) => {
      for (const result of results) if (result.status === "rejected") throw result.reason;
    });
  }
}

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
