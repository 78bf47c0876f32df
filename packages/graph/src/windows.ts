// Windows over a keyed stream: `keyed.window(tumbling(60_000)).reduce(…)`.

import type { GraphBuilder } from "./builder.ts";
import { InvalidOperatorError } from "./errors.ts";
import { PipelineFunction, type OutputTag, type ProcessContext } from "./functions.ts";
import { toUserFunction, type NodeInput, type OperatorOptions, type UserFunction } from "./graph.ts";
// oxlint-disable-next-line import/no-cycle -- a keyed stream makes windows, and windows make streams; neither needs the other while loading
import { Stream } from "./stream.ts";
import type { Trigger } from "./triggers.ts";
import type { TimeWindow, WindowSpec } from "./window-specs.ts";

/** Folds the records of a window into an accumulator; only the accumulator is kept. */
export interface WindowAggregate<T, A, O, K = unknown> {
  init(): A;
  add(accumulator: A, record: T): A;
  /**
   * One accumulator for two. With it, windows that overlap share their parts, and sessions can merge, which without it
   * they cannot. It may change and return `left`, never `right`.
   */
  merge?(left: A, right: A): A;
  /** Called whenever the window fires. */
  result(accumulator: A, key: K, window: TimeWindow): O;
}

/** The surroundings of a window's function. */
export interface WindowContext<O, K = unknown> extends ProcessContext<O> {
  readonly key: K;
  readonly window: TimeWindow;
}

/** Sees all records of a window each time it fires. */
export abstract class WindowFunction<I, O, K = unknown> extends PipelineFunction {
  /** @param records - in the order they came. */
  abstract execute(records: readonly I[], ctx: WindowContext<O, K>): void | Promise<void>;
}

type WindowClass<I, K> = new (...args: never[]) => { execute: (records: readonly I[], ctx: WindowContext<never, K>) => unknown };
type WindowOutput<C> = C extends new (...args: never[]) => { execute(records: never, ctx: WindowContext<infer O, never>): unknown } ? O : never;
type Args<C> = C extends new (...args: infer A) => unknown ? A : never;
type Settings = { readonly windows: WindowSpec; readonly allowedLatenessMs: number; readonly lateTag?: string };

/** A keyed stream cut into windows. Late are records whose windows have all been closed; they are counted as skipped, or go to `lateTo`. */
export class WindowedStream<T, K> {
  readonly #graph: GraphBuilder;
  readonly #inputs: readonly NodeInput[];
  readonly #settings: Settings;
  readonly #trigger: Trigger<T> | undefined;

  constructor(graph: GraphBuilder, inputs: readonly NodeInput[], settings: Settings, trigger?: Trigger<T>) {
    this.#graph = graph;
    this.#inputs = inputs;
    this.#settings = settings;
    this.#trigger = trigger;
  }

  /** A window stays so long after the watermark has passed its end, and fires again for every record that comes yet. Default 0. */
  allowedLateness(ms: number): WindowedStream<T, K> {
    if (!Number.isFinite(ms) || ms < 0) throw new InvalidOperatorError("window", `allowedLateness must be 0 or more milliseconds, not ${String(ms)}`);
    return this.#with({ ...this.#settings, allowedLatenessMs: ms }, this.#trigger);
  }

  /** Sends late records to a side output of the result: `windowed.reduce(…).sideOutput(tag)`. */
  lateTo(tag: OutputTag<T>): WindowedStream<T, K> {
    return this.#with({ ...this.#settings, lateTag: tag.name }, this.#trigger);
  }

  /** Decides otherwise when the windows fire. */
  trigger(trigger: Trigger<T>): WindowedStream<T, K> {
    return this.#with(this.#settings, trigger);
  }

  /** Folds the records of a window into one; `fn` must be associative. `toResult` makes something else of it, with window and key. */
  reduce(fn: (accumulated: T, record: T) => T, options?: OperatorOptions): Stream<T>;
  reduce<O>(fn: (accumulated: T, record: T) => T, toResult: (accumulated: T, window: TimeWindow, key: K) => O, options?: OperatorOptions): Stream<O>;
  reduce(fn: (accumulated: T, record: T) => T, ...rest: unknown[]): Stream<unknown> {
    const toResult = typeof rest[0] === "function" ? (rest.shift() as (accumulated: T, window: TimeWindow, key: K) => unknown) : undefined;
    const aggregate: WindowAggregate<T, T | undefined, unknown, K> = {
      init: () => undefined,
      add: (accumulated, record) => (accumulated === undefined ? record : fn(accumulated, record)),
      merge: (left, right) => (left === undefined ? right : right === undefined ? left : fn(left, right)),
      result: toResult ? (accumulated, key, window) => toResult(accumulated as T, window, key) : (accumulated) => accumulated,
    };
    return this.#node("aggregate", { form: "object", object: aggregate }, rest[0] as OperatorOptions);
  }

  /** Folds the records of a window into an accumulator, one by one, and emits what `result` makes of it. */
  aggregate<A, O>(fn: WindowAggregate<T, A, O, K>, options?: OperatorOptions): Stream<O> {
    if (this.#settings.windows.type === "session" && typeof fn.merge !== "function") {
      throw new InvalidOperatorError("window", "sessions merge, so their aggregate needs a merge(left, right)");
    }
    return this.#node("aggregate", { form: "object", object: fn }, options);
  }

  /** Keeps all records of a window and calls the function with them; it may emit any number of results. */
  process<O>(fn: (records: readonly T[], ctx: WindowContext<O, K>) => void | Promise<void>, options?: OperatorOptions): Stream<O>;
  process<C extends WindowClass<T, K>>(make: C, ...args: Args<C>): Stream<WindowOutput<C>>;
  process(fn: unknown, ...args: unknown[]): Stream<unknown> {
    const user = toUserFunction(fn, args);
    return this.#node("process", user, user.form === "class" ? {} : (args[0] as OperatorOptions | undefined));
  }

  #node(mode: "aggregate" | "process", fn: UserFunction, options: OperatorOptions = {}): Stream<never> {
    const { type } = this.#settings.windows;
    if (type === "count" && this.#trigger !== undefined) throw new InvalidOperatorError("window", "count windows fire by their count and take no other trigger; globalWindow() does");
    if (type === "session" && this.#trigger !== undefined && this.#trigger.onMerge === undefined) throw new InvalidOperatorError("window", "sessions merge, so their trigger needs an onMerge(states, ctx)");
    if (type === "global" && this.#trigger === undefined) throw new InvalidOperatorError("window", "a global window needs a trigger(…)");
    const more = this.#trigger && { more: { trigger: { form: "object", object: this.#trigger } as const } };
    return new Stream(this.#graph, [{ node: this.#graph.add("window", { inputs: this.#inputs, options, fn, settings: { ...this.#settings, mode }, ...more }) }]);
  }

  #with(settings: Settings, trigger: Trigger<T> | undefined): WindowedStream<T, K> {
    return new WindowedStream(this.#graph, this.#inputs, settings, trigger);
  }
}
