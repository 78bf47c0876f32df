// Operators with any number of results for one record: flatMap and process.
//
// Invariants:
//   M1. Results go on one after the other, in the order they were emitted, also where nobody awaits `collect`.
//   M2. A record's call is over when its function has returned and all its results have gone on.
//   M3. A retried call emits nothing before it has succeeded.

import type { OperatorContext } from "../operator-context.ts";
import { LateCollectError } from "../errors.ts";
import { isPromise, skipped, type Wait } from "../chain/scope.ts";
import { Expansion, isAsyncIterable, iterable, type Emit } from "./expansion.ts";
import type { Again, FailurePolicy } from "./failure-policy.ts";

/** How `collect` behaves now. Read by the generated code, hence numbers. */
const direct = 0;
const closed = 1;
const queueing = 2;
const buffering = 3;

export class Collecting {
  readonly policy: FailurePolicy;
  readonly #context: OperatorContext;
  readonly #iterates: boolean;
  readonly #finishing: ((ctx: OperatorContext) => unknown) | undefined;
  mode = closed;
  /** Event time of the call's results. */
  timeMs = NaN;
  #emit!: Emit;
  #queue: [Emit, unknown][] = [];
  #draining: Promise<void> | undefined;
  #emitted = 0;

  /**
   * @param iterates - whether what the function returns are results too (flatMap).
   * @param finishing - called behind the last record; once per key on a keyed stream.
   */
  constructor(policy: FailurePolicy, context: OperatorContext, iterates: boolean, finishing?: (ctx: OperatorContext) => unknown) {
    this.policy = policy;
    this.#context = context;
    this.#iterates = iterates;
    this.#finishing = finishing;
    context.call = this;
  }

  connect(emit: Emit, sides: ReadonlyMap<string, Emit>): void {
    this.#emit = emit;
    this.#context.collect = (value) => this.#take(emit, value);
    this.#context.output = (tag, value) => {
      const side = sides.get(tag.name);
      return side === undefined ? undefined : this.#take(side, value);
    };
  }

  #take(emit: Emit, value: unknown): Wait {
    if (this.mode !== direct) return this.#hold(emit, value);
    this.policy.scope.time[0] = this.timeMs;
    const wait = emit(value);
    if (wait !== undefined) return this.#queueBehind(wait);
    if ((++this.#emitted & 1023) === 0 && this.policy.scope.slice.isOver()) return this.#queueBehind(this.policy.scope.slice.yield());
    return undefined;
  }

  #hold(emit: Emit, value: unknown): Wait {
    if (this.mode === closed) throw new LateCollectError(this.policy.node.plan.name);
    this.#queue.push([emit, value]);
    return this.#draining;
  }

  /** Results wait in the queue until `wait` is over. */
  #queueBehind(wait: Promise<void>): Promise<void> {
    this.mode = queueing;
    const draining = this.#drain(wait);
    draining.catch(() => {}); // settle() hears of it, also where the function ignores what collect() returned
    return (this.#draining = draining);
  }

  async #drain(wait: Promise<void>): Promise<void> {
    await wait;
    while (this.#queue.length > 0) {
      const queue = this.#queue;
      this.#queue = [];
      for (const [emit, value] of queue) {
        this.policy.scope.time[0] = this.timeMs;
        const next = emit(value);
        if (next !== undefined) await next;
      }
    }
    this.#draining = undefined;
    this.mode = direct;
  }

  /** Calls a function beside the path of records, for a timer or a window; its results get `timeMs`. */
  call(fn: () => unknown, timeMs: number, record: unknown): Wait {
    this.mode = direct;
    this.timeMs = timeMs;
    let result: unknown;
    try {
      result = fn();
    } catch (error) {
      return this.threw(error, record);
    }
    return this.settle(result, record);
  }

  /** The function threw at once. */
  threw(error: unknown, record: unknown): Wait {
    const { policy } = this;
    const number = policy.scope.numberOf(policy.node.at);
    if (this.mode === queueing) return this.#failedLater(error, record, number);
    this.mode = closed;
    return policy.drop(error, record, number);
  }

  async #failedLater(error: unknown, record: unknown, number: number): Promise<void> {
    await this.#draining;
    this.mode = closed;
    await this.policy.drop(error, record, number);
  }

  /** The function returned. */
  settle(result: unknown, record: unknown): Wait {
    if (this.policy.scope.failure !== undefined) throw this.policy.scope.failure;
    if (isPromise(result) || this.mode === queueing || (this.#iterates && isAsyncIterable(result))) {
      return this.#settleLater(result, record, this.policy.scope.numberOf(this.policy.node.at));
    }
    this.mode = closed;
    if (!this.#iterates || result === undefined || result === null) return undefined;
    const { policy } = this;
    policy.scope.time[0] = this.timeMs;
    return this.#expand(result, record, policy.scope.numberOf(policy.node.at));
  }

  async #settleLater(returned: unknown, record: unknown, number: number): Promise<void> {
    let result: unknown;
    try {
      result = await returned;
    } catch (error) {
      await this.#draining;
      this.mode = closed;
      return this.policy.drop(error, record, number);
    }
    await this.#draining;
    this.mode = closed;
    if (this.policy.scope.failure !== undefined) throw this.policy.scope.failure;
    if (!this.#iterates || result === undefined || result === null) return;
    this.policy.scope.time[0] = this.timeMs;
    await this.#expand(result, record, number);
  }

  /** Passes on what an iterable gives, until something has to wait. */
  #expand(result: unknown, record: unknown, number: number): Wait {
    return new Expansion(this.policy, this.#emit, record, number).run(result);
  }

  /** Passes on the rest of an array, behind `wait`. */
  async rest(wait: Promise<void>, results: readonly unknown[], from: number): Promise<void> {
    const { timeMs } = this;
    await wait;
    for (let i = from; i < results.length; i++) {
      this.policy.scope.time[0] = timeMs;
      const next = this.#emit(results[i]);
      if (next !== undefined) await next;
    }
  }

  /** Calls the function where the policy retries: its results are kept back until it has succeeded. */
  async attempt(record: unknown, again: Again): Promise<void> {
    const { policy } = this;
    const number = policy.scope.numberOf(policy.node.at);
    const call = async () => {
      this.mode = buffering;
      this.#queue = [];
      const result = await again(record as never);
      if (this.#iterates && result !== undefined && result !== null) await this.#gather(result);
    };
    let result: unknown;
    try {
      result = await call();
    } catch (error) {
      result = await policy.recover(error, record, call, number);
    }
    this.mode = closed;
    const queue = this.#queue;
    this.#queue = [];
    if (result === skipped) return;
    for (const [emit, value] of queue) {
      policy.scope.time[0] = this.timeMs;
      const wait = emit(value);
      if (wait !== undefined) await wait;
    }
  }

  async #gather(result: unknown): Promise<void> {
    const values = isAsyncIterable(result) ? result : iterable(result);
    for await (const value of values) this.#queue.push([this.#emit, value]);
  }

  async finish(): Promise<void> {
    if (this.#finishing === undefined) return;
    if (!this.policy.node.keyed) return this.#finishOnce();
    const { state } = this.#context;
    for (const entry of state.entries.values()) {
      state.select(entry.key);
      await this.#finishOnce();
    }
    state.release("no record");
  }

  async #finishOnce(): Promise<void> {
    const { scope } = this.policy;
    this.mode = direct;
    try {
      const returned = this.#finishing!(this.#context);
      if (isPromise(returned)) await returned;
    } catch (error) {
      throw scope.fail(error, this.policy.node.at, 0, " in finish");
    }
    await this.#draining;
    this.mode = closed;
    if (scope.failure !== undefined) throw scope.failure;
    if (scope.slice.isOver()) await scope.slice.yield();
  }
}
