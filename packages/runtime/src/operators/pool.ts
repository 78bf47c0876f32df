// An async operator that works on several records at once: `concurrency`, `ordered`.
//
// Invariants:
//   P1. At most `concurrency` records are in it, counted from the call until the result has gone on.
//   P2. Results go on one at a time; in the order of their records unless `ordered` is false.
//   P3. Every record that came in has gone on, or was given up by policy, when `finish` resolves.
//   P4. A watermark goes on when every record that came before it has, in unordered pools too.

import { deferred, type Deferred } from "@sage/core";
import type { OperatorContext } from "../operator-context.ts";
import type { WatermarkFlow } from "../time/watermark-flow.ts";
import { isPromise, skipped, type Wait } from "../chain/scope.ts";
import type { Collecting } from "./collecting.ts";
import { isAsyncIterable, iterable, type Emit } from "./expansion.ts";
import type { Again, FailurePolicy } from "./failure-policy.ts";

/** The records between two watermarks. */
interface Stretch {
  inside: number;
  /** What follows them; undefined: nothing yet. */
  watermarkMs: number | undefined;
}

interface Place {
  readonly record: unknown;
  /** Its event time. */
  readonly timeMs: number;
  readonly stretch: Stretch;
  result: unknown;
  done: boolean;
}

/** From so many on, calls are likely to end together. */
const manyAtOnce = 16;

type Pass = (result: unknown, record: unknown) => Wait;

export class Pool {
  readonly policy: FailurePolicy;
  readonly #context: OperatorContext;
  readonly #limit: number;
  readonly #ordered: boolean;
  readonly #finishing: Collecting | undefined;
  /** In the order of arrival; unordered pools keep only finished ones here. */
  readonly #places: Place[] = [];
  /** The oldest first; records come into the last one. */
  readonly #stretches: Stretch[] = [{ inside: 0, watermarkMs: undefined }];
  #flow: WatermarkFlow | undefined;
  #pass: Pass | undefined;
  #collects: { emit: Emit; sides: ReadonlyMap<string, Emit>; iterates: boolean } | undefined;
  #inside = 0;
  #passing = false;
  #room: Deferred<void> | undefined;
  #empty: Deferred<void> | undefined;
  #waking: NodeJS.Immediate | undefined;

  /** @param finishing - emits what a flatMap or process has left behind the last record. */
  constructor(policy: FailurePolicy, context: OperatorContext, finishing?: Collecting) {
    const { concurrency, ordered } = policy.node.plan;
    this.policy = policy;
    this.#context = context;
    this.#limit = concurrency;
    this.#ordered = ordered;
    this.#finishing = finishing;
  }

  get busy(): boolean {
    return this.#inside > 0;
  }

  /** @param pass - takes each result with its record; for flatMap and process, what takes each single result. */
  connect(pass: Pass | Emit | undefined, sides?: ReadonlyMap<string, Emit>): void {
    if (sides === undefined) {
      this.#pass = pass as Pass | undefined;
      return;
    }
    this.#finishing?.connect(pass as Emit, sides);
    this.#collects = { emit: pass as Emit, sides, iterates: this.policy.node.plan.kind === "flatMap" };
  }

  connectTime(flow: WatermarkFlow): void {
    this.#flow = flow;
  }

  onWatermark(timeMs: number): Wait {
    if (this.#inside === 0) return this.#flow!.outOf(this.policy.node.at, timeMs);
    const last = this.#stretches.at(-1)!;
    if (last.inside === 0) this.#stretches.at(-2)!.watermarkMs = timeMs;
    else {
      last.watermarkMs = timeMs;
      this.#stretches.push({ inside: 0, watermarkMs: undefined });
    }
    return undefined;
  }

  /** Takes a record; the promise resolves when there is room for the next one. */
  push(record: unknown, again: Again): Wait {
    const { scope, node } = this.policy;
    if (scope.failure !== undefined) throw scope.failure;
    const number = ++scope.counts[node.taken]!;
    const timeMs = scope.time[0]!;
    const call = this.#collects ? this.#gathering(again, timeMs) : again;
    let result: unknown;
    try {
      result = call(record as never);
    } catch (error) {
      result = this.policy.recover(error, record, call, number);
    }
    this.#context.state.release("concurrent");
    const stretch = this.#stretches.at(-1)!;
    const place: Place = { record, timeMs, stretch, result, done: false };
    this.#inside++;
    stretch.inside++;
    if (this.#ordered) this.#places.push(place);
    if (isPromise(result)) result.then((value) => this.#finished(place, value), (error: unknown) => this.#recover(place, error, call, number));
    else this.#finished(place, result);
    if (this.#inside < this.#limit) return undefined;
    return (this.#room ??= deferred()).promise;
  }

  /** What the policy makes of a failure is the record's result. */
  async #recover(place: Place, error: unknown, again: Again, number: number): Promise<void> {
    try {
      this.#finished(place, await this.policy.settled(Promise.reject(error as Error), place.record, again, number));
    } catch (failure) {
      this.policy.scope.abort(failure);
    }
  }

  #finished(place: Place, result: unknown): void {
    place.result = result;
    place.done = true;
    if (!this.#ordered) this.#places.push(place);
    if (!this.#passing) this.#passOn();
  }

  /** P2. Goes on behind every wait. */
  #passOn(): void {
    this.#passing = true;
    try {
      for (let place = this.#places[0]; place?.done; place = this.#places[0]) {
        const wait = place.result === skipped ? undefined : this.#passResult(place);
        if (wait !== undefined) return this.#passOnBehind(wait.then(() => this.#gone()));
        const watermark = this.#gone();
        if (watermark !== undefined) return this.#passOnBehind(watermark);
      }
      this.#passing = false;
    } catch (error) {
      this.policy.scope.abort(error);
    }
  }

  #passOnBehind(wait: Promise<void>): void {
    wait.then(() => this.#passOn(), (error: unknown) => this.policy.scope.abort(error));
  }

  /** The first record has gone on, and with it the watermarks that waited for it. */
  #gone(): Wait {
    this.#places.shift()!.stretch.inside--;
    const watermark = this.#passWatermarks();
    if (watermark !== undefined) return watermark.then(() => this.#left());
    this.#left();
    return undefined;
  }

  #passResult({ result, record, timeMs }: Place): Wait {
    this.policy.scope.time[0] = timeMs;
    if (this.#collects) return this.#passAll(result as [Emit, unknown][], timeMs);
    return this.#pass?.(result, record);
  }

  /** P4. */
  #passWatermarks(): Wait {
    for (let [first] = this.#stretches; first!.inside === 0 && first!.watermarkMs !== undefined; [first] = this.#stretches) {
      this.#stretches.shift();
      const wait = this.#flow!.outOf(this.policy.node.at, first!.watermarkMs);
      if (wait !== undefined) return wait.then(() => this.#passWatermarks());
    }
    return undefined;
  }

  async #passAll(results: readonly [Emit, unknown][], timeMs: number): Promise<void> {
    for (const [emit, value] of results) {
      this.policy.scope.time[0] = timeMs;
      const wait = emit(value);
      if (wait !== undefined) await wait;
    }
  }

  #left(): void {
    this.#inside--;
    if (this.#room !== undefined) this.#makeRoom();
    if (this.#inside > 0) return;
    this.#empty?.resolve();
    this.#empty = undefined;
  }

  /** Calls that end in the same turn of the event loop make room together: waking the task costs more than a call. */
  #makeRoom(): void {
    if (this.#limit < manyAtOnce) this.#wake();
    else if (this.#waking === undefined) this.#waking = setImmediate(() => this.#wake());
  }

  #wake(): void {
    this.#waking = undefined;
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** The call of a flatMap or process, with a context of its own that gathers what it emits. */
  #gathering(again: Again, timeMs: number): Again {
    const { emit, sides, iterates } = this.#collects!;
    return async (record) => {
      const results: [Emit, unknown][] = [];
      const take = (to: Emit | undefined, value: unknown) => {
        if (to !== undefined) results.push([to, value]);
        return undefined;
      };
      const context = this.#context.forCall((value) => take(emit, value), (tag, value) => take(sides.get(tag.name), value));
      context.call = { timeMs };
      const returned = await again(record, context);
      if (iterates && returned !== undefined && returned !== null) {
        for await (const value of isAsyncIterable(returned) ? returned : iterable(returned)) results.push([emit, value]);
      }
      return results;
    };
  }

  /** Resolves when every record that is in it has gone on. */
  async emptied(): Promise<void> {
    if (this.#inside > 0) await (this.#empty ??= deferred()).promise;
    if (this.policy.scope.failure !== undefined) throw this.policy.scope.failure;
  }

  async finish(): Promise<void> {
    await this.emptied();
    await this.#finishing?.finish();
  }
}
