// Streams: typed views of a graph's nodes. Every method only adds nodes; nothing runs before submit().

import type { GraphBuilder } from "./builder.ts";
import type {
  AggregateFunction, CoMapFunction, CoMapMethods, Collector, FlatMapResult, FunctionContext, Key,
  OutputTag, ProcessContext, ProcessMethods,
} from "./functions.ts";
import { ForeignStreamError, FutureFilledTwiceError, InvalidOperatorError } from "./errors.ts";
import { isReadySink, toUserFunction, type NodeInput, type OperatorOptions, type ReadySink, type UserFunction } from "./graph.ts";
import type { Collected } from "./collected.ts";
import type { BroadcastMethods, BesideBroadcastContext, BroadcastContext } from "./broadcast.ts";
import { intervalSettings, type Interval, type WindowJoinOptions } from "./interval.ts";
import { checkedAlignment, type WatermarkGenerator, type WatermarkOptions } from "./watermarks.ts";
import type { TimeWindows, WindowSpec } from "./window-specs.ts";
// oxlint-disable-next-line import/no-cycle -- see windows.ts
import { WindowedStream } from "./windows.ts";

/** A class whose instances have `execute` with this argument. The property form makes the check contravariant. */
type ClassWith<I, R = unknown> = new (...args: never[]) => { execute: (value: I) => R };
type ResultOf<C> = C extends new (...args: never[]) => { execute(...args: never[]): infer R } ? Awaited<R> : never;
type Args<C> = C extends new (...args: infer A) => unknown ? A : never;
type ElementOf<R> = R extends Iterable<infer O> ? O : R extends AsyncIterable<infer O> ? O : never;
type FlatMapClass<I> = new (...args: never[]) => { execute: (value: I, out: Collector<never>) => FlatMapResult<unknown> };
type FlatMapOutput<C> = C extends new (...args: never[]) => { execute(value: never, out: Collector<infer O>): infer R }
  ? unknown extends O ? ElementOf<Awaited<R>> : O
  : never;
type ProcessClass<I> = new (...args: never[]) => { execute: (value: I, ctx: ProcessContext<never>) => unknown };
type ProcessOutput<C> = C extends new (...args: never[]) => { execute(value: never, ctx: ProcessContext<infer O>): unknown } ? O : never;
type SinkClass<I> = ClassWith<I>;

/** Where records come out of a node. */
export interface Outlet {
  readonly node: string;
  readonly tag?: string;
}

interface Routing {
  readonly partitioning: NodeInput["partitioning"];
  readonly key?: UserFunction;
}

const asIs: Routing = { partitioning: "default" };

export class Stream<T> {
  /** Never there: carries the type. */
  declare readonly type?: T;
  protected readonly graph: GraphBuilder;
  protected readonly outlets: readonly Outlet[];
  protected readonly routing: Routing;

  /** Made by an environment's `from…` and by other streams. */
  constructor(graph: GraphBuilder, outlets: readonly Outlet[], routing: Routing = asIs) {
    this.graph = graph;
    this.outlets = outlets;
    this.routing = routing;
  }

  /** Sets options of the operator that made this stream: `.map(Scale, 2).with({ parallelism: 4 })`. */
  with(options: OperatorOptions): this {
    for (const outlet of this.outlets) this.graph.setOptions(outlet.node, options);
    return this;
  }

  /** One result per record, whatever it is: null is a record too. */
  map<O>(fn: (value: T, ctx: FunctionContext) => O, options?: OperatorOptions): Stream<Awaited<O>>;
  map<C extends ClassWith<T>>(make: C, ...args: Args<C>): Stream<ResultOf<C>>;
  map(fn: unknown, ...args: unknown[]): Stream<unknown> {
    return this.#operator("map", fn, args);
  }

  /** Keeps the records for which the function returns true. */
  filter<S extends T>(fn: (value: T, ctx: FunctionContext) => value is S, options?: OperatorOptions): Stream<S>;
  filter(fn: (value: T, ctx: FunctionContext) => boolean | Promise<boolean>, options?: OperatorOptions): Stream<T>;
  filter<C extends ClassWith<T, boolean | Promise<boolean>>>(make: C, ...args: Args<C>): Stream<T>;
  filter(fn: unknown, ...args: unknown[]): Stream<unknown> {
    return this.#operator("filter", fn, args);
  }

  /** Any number of results per record: return an iterable, yield from a generator, or `out.collect(…)` in a class. */
  flatMap<O>(fn: (value: T, ctx: FunctionContext) => Iterable<O> | AsyncIterable<O> | Promise<Iterable<O>>, options?: OperatorOptions): Stream<O>;
  flatMap<C extends FlatMapClass<T>>(make: C, ...args: Args<C>): Stream<FlatMapOutput<C>>;
  flatMap(fn: unknown, ...args: unknown[]): Stream<unknown> {
    return this.#operator("flatMap", fn, args);
  }

  /**
   * Says which moment each record belongs to, in milliseconds since the epoch, and how far that time has come: event-time
   * windows, timers and joins behind it go by that. See `docs/event-time.md`. Runs at the parallelism of what it reads.
   */
  assignTimestamps(
    timeOf: (record: T) => number, options: WatermarkOptions & { readonly generator?: () => WatermarkGenerator<T> } = {},
  ): Stream<T> {
    const { maxOutOfOrdernessMs = 0, idleAfterMs = null, emit = "periodic", everyMs = 10, generator, alignment, ...rest } = options;
    if (!(maxOutOfOrdernessMs >= 0)) throw new InvalidOperatorError("assignTimestamps", `maxOutOfOrdernessMs must be 0 or more, not ${String(maxOutOfOrdernessMs)}`);
    const settings = { maxOutOfOrdernessMs, idleAfterMs, emit, everyMs, ...(alignment ? { alignment: checkedAlignment(alignment) } : {}) };
    const more = generator && { more: { generator: { form: "function", call: generator } as const } };
    return new Stream(this.graph, [{ node: this.graph.add("assignTimestamps", { inputs: this.inputsAt(0), options: rest, fn: { form: "function", call: timeOf }, settings, ...more }) }]);
  }

  /** Sends equal keys to the same instance of the next operator, whose state is then per key. */
  keyBy<K extends Key>(fn: (value: T) => K): KeyedStream<T, K>;
  keyBy<C extends ClassWith<T, Key>>(make: C, ...args: Args<C>): KeyedStream<T, ResultOf<C>>;
  keyBy(fn: unknown, ...args: unknown[]): KeyedStream<T, unknown> {
    return new KeyedStream(this.graph, this.outlets, { partitioning: "hash", key: toUserFunction(fn, args) });
  }

  /** The general operator: any number of results, side outputs, and on a keyed stream state. */
  process<O>(fn: (value: T, ctx: ProcessContext<O>) => void | Promise<void>, options?: OperatorOptions): Stream<O>;
  process<O>(methods: ProcessMethods<T, O>, options?: OperatorOptions): Stream<O>;
  process<C extends ProcessClass<T>>(make: C, ...args: Args<C>): Stream<ProcessOutput<C>>;
  process(fn: unknown, ...args: unknown[]): Stream<unknown> {
    return this.#operator("process", fn, args);
  }

  /** The records of several streams in one; no order between them. */
  union<U>(...others: Stream<U>[]): Stream<T | U> {
    for (const other of others) if (other.graph !== this.graph) throw new ForeignStreamError("union");
    return new Stream(this.graph, [...this.outlets, ...others.flatMap((other) => other.outlets)]);
  }

  /** Several streams side by side, for `coMap` and `join`. */
  connect<const Others extends readonly Stream<unknown>[]>(
    ...others: Others
  ): ConnectedStreams<[T, ...{ [Index in keyof Others]: RecordOf<Others[Index]> }]> {
    for (const other of others) if (other.graph !== this.graph) throw new ForeignStreamError("connect");
    return new ConnectedStreams(this.graph, [this, ...others]);
  }

  /** Every instance of the next operator gets every record. */
  broadcast(): Stream<T> {
    return new Stream(this.graph, this.outlets, { partitioning: "broadcast" });
  }

  /** Spreads records evenly over the instances of the next operator, also where they could stay. */
  rebalance(): Stream<T> {
    return new Stream(this.graph, this.outlets, { partitioning: "rebalance" });
  }

  /** What the operator that made this stream sent to a side output. */
  sideOutput<S>(tag: OutputTag<S>): Stream<S> {
    return new Stream(this.graph, this.outlets.map((outlet) => ({ node: outlet.node, tag: tag.name })));
  }

  /** Ends here: `execute` is called with each record. */
  sink(fn: (value: T, ctx: FunctionContext) => unknown, options?: OperatorOptions): Sink;
  sink<C extends SinkClass<T>>(make: C, ...args: Args<C>): Sink;
  /** Ends in a sink that is ready to use: `fileSink("out")`. */
  sink(ready: ReadySink<T>, options?: OperatorOptions): Sink;
  sink(fn: unknown, ...args: unknown[]): Sink {
    if (isReadySink(fn)) {
      const { make, args: made } = fn;
      return new Sink(this.graph, [{ node: this.graph.add("sink", { inputs: this.inputsAt(0), options: (args[0] as OperatorOptions | undefined) ?? {}, fn: { form: "class", make, args: made } }) }]);
    }
    return new Sink(this.graph, this.#operator("sink", fn, args).outlets);
  }

  /** Writes each record as a line, with a prefix if given; on a cluster the line comes back to the submitter. */
  print(prefix = "", options: OperatorOptions = {}): Sink {
    return new Sink(this.graph, [{ node: this.graph.add("print", { inputs: this.inputsAt(0), options, settings: { prefix } }) }]);
  }

  /** Brings the records back to the caller: an async iterable with back-pressure. Read it while or after submit(). */
  collect(options: OperatorOptions = {}): Collected<T> {
    return this.graph.collected(this.graph.add("collect", { inputs: this.inputsAt(0), options }));
  }

  /** Closes a loop: the records of this stream come out of the future. */
  fillFuture(future: FutureStream<T>): void {
    future.fill(this.inputsAt(0));
  }

  /** The inputs that an operator reading this stream gets. */
  inputsAt(port: number): NodeInput[] {
    return this.outlets.map(({ node, tag }) => ({ from: node, port, ...this.routing, ...(tag === undefined ? {} : { tag }) }));
  }

  #operator(kind: "map" | "filter" | "flatMap" | "process" | "sink", fn: unknown, args: readonly unknown[]): Stream<unknown> {
    const user = toUserFunction(fn, args);
    const options = user.form === "class" ? {} : ((args[0] as OperatorOptions | undefined) ?? {});
    return new Stream(this.graph, [{ node: this.graph.add(kind, { inputs: this.inputsAt(0), options, fn: user }) }]);
  }
}

export type RecordOf<S> = S extends Stream<infer T> ? T : never;

export class Sink {
  readonly #graph: GraphBuilder;
  readonly #outlets: readonly Outlet[];

  constructor(graph: GraphBuilder, outlets: readonly Outlet[]) {
    this.#graph = graph;
    this.#outlets = outlets;
  }

  /** Sets options of the sink. */
  with(options: OperatorOptions): this {
    for (const outlet of this.#outlets) this.#graph.setOptions(outlet.node, options);
    return this;
  }
}

/** When an accumulating operator emits: with every record, or once per key behind the last record. */
export interface EmitOptions extends OperatorOptions {
  /** Default "update". */
  readonly emit?: "update" | "end";
}

export class KeyedStream<T, K> extends Stream<T> {
  /** Folds the records of a key into one of the same type. */
  reduce(fn: (accumulated: T, value: T) => T | Promise<T>, options?: EmitOptions): Stream<T>;
  reduce<C extends new (...args: never[]) => { execute: (accumulated: T, value: T) => T | Promise<T> }>(make: C, ...args: Args<C>): Stream<T>;
  reduce(fn: unknown, ...args: unknown[]): Stream<T> {
    return this.#accumulate("reduce", toUserFunction(fn, args), args);
  }

  /** Folds the records of a key into an accumulator and emits what `result` makes of it. */
  aggregate<A, O>(fn: AggregateFunction<T, A, O>, options: EmitOptions = {}): Stream<O> {
    return this.#accumulate("aggregate", { form: "object", object: fn }, [options]);
  }

  /** Cuts the records of each key into windows: `tumbling`, `sliding`, `session`, `count`, `globalWindow`, or `processingTime(…)`. */
  window(windows: WindowSpec): WindowedStream<T, K> {
    return new WindowedStream(this.graph, this.inputsAt(0), { windows, allowedLatenessMs: 0 });
  }

  /** Carries the type of the key to `connect(…).join`. */
  declare readonly keyType?: K;

  #accumulate<O>(kind: "reduce" | "aggregate", fn: UserFunction, args: readonly unknown[]): Stream<O> {
    const { emit = "update", ...options } = fn.form === "class" ? {} : ((args[0] as EmitOptions | undefined) ?? {});
    return new Stream(this.graph, [{ node: this.graph.add(kind, { inputs: this.inputsAt(0), options, fn, settings: { emit } }) }]);
  }
}

type BroadcastClass<I, B> = new (...args: never[]) => {
  execute: (value: I, ctx: BesideBroadcastContext<never>) => unknown;
  executeBroadcast: (value: B, ctx: BroadcastContext<never>) => unknown;
};
type BroadcastOutput<C> = C extends new (...args: never[]) => { execute(value: never, ctx: BesideBroadcastContext<infer O>): unknown } ? O : never;

/** The options behind an operator's function; a class takes arguments instead. */
const optionsOf = <O extends OperatorOptions>(fn: unknown, args: readonly unknown[]): O => (toUserFunction(fn, args).form === "class" ? {} : (args[0] ?? {})) as O;

type JoinClass<L, R> = new (...args: never[]) => { execute: (left: L, right: R, key: unknown) => unknown };

export interface JoinOptions extends OperatorOptions {
  /** Default "inner". In a left join every left record comes out; unmatched ones, with right null, when the input ends. */
  readonly type?: "inner" | "left";
}

export class ConnectedStreams<Inputs extends readonly unknown[]> {
  readonly #graph: GraphBuilder;
  readonly #streams: readonly Stream<unknown>[];

  constructor(graph: GraphBuilder, streams: readonly Stream<unknown>[]) {
    this.#graph = graph;
    this.#streams = streams;
  }

  /** One function per stream, `map0`, `map1`, …, sharing the instance's fields. */
  coMap<const M extends CoMapMethods<Inputs, unknown>>(methods: M, options?: OperatorOptions): Stream<CoMapOutput<M>>;
  coMap<C extends new (...args: never[]) => CoMapFunction & CoMapMethods<Inputs, unknown>>(make: C, ...args: Args<C>): Stream<CoMapOutput<InstanceType<C>>>;
  coMap(fn: unknown, ...args: unknown[]): Stream<unknown> {
    const user = toUserFunction(fn, args, ["map0"]);
    const options = user.form === "class" ? {} : ((args[0] as OperatorOptions | undefined) ?? {});
    return new Stream(this.#graph, [{ node: this.#graph.add("coMap", { inputs: this.#inputs(), options, fn: user }) }]);
  }

  /** Joins exactly two streams keyed by the same type of key. */
  join<O>(
    fn: (left: Inputs[0], right: Inputs[1], key: unknown) => O, options?: JoinOptions & { readonly type?: "inner" },
  ): Stream<Awaited<O>>;
  join<O>(
    fn: (left: Inputs[0], right: Inputs[1] | null, key: unknown) => O, options: JoinOptions & { readonly type: "left" },
  ): Stream<Awaited<O>>;
  join<C extends JoinClass<Inputs[0], Inputs[1]>>(
    this: ConnectedStreams<readonly [Inputs[0], Inputs[1]]>, make: C, ...args: Args<C>
  ): Stream<ResultOf<C>>;
  join(fn: unknown, ...args: unknown[]): Stream<unknown> {
    const user = toUserFunction(fn, args);
    const { type = "inner", ...options } = user.form === "class" ? {} : ((args[0] as JoinOptions | undefined) ?? {});
    return new Stream(this.#graph, [{ node: this.#graph.add("join", { inputs: this.#inputs(), options, fn: user, settings: { type } }) }]);
  }

  /** A left join with a class: every left record comes out; unmatched ones, with right null, when the input ends. */
  leftJoin<C extends JoinClass<Inputs[0], Inputs[1] | null>>(make: C, ...args: Args<C>): Stream<ResultOf<C>> {
    const user = toUserFunction(make, args);
    return new Stream(this.#graph, [{ node: this.#graph.add("join", { inputs: this.#inputs(), options: {}, fn: user, settings: { type: "left" } }) }]);
  }

  /** Joins the records of one key that are in the same window: every left one with every right one, when the window fires. */
  windowJoin<O>(windows: TimeWindows, fn: (left: Inputs[0], right: Inputs[1], key: unknown) => O, options?: WindowJoinOptions): Stream<Awaited<O>>;
  windowJoin<C extends JoinClass<Inputs[0], Inputs[1]>>(windows: TimeWindows, make: C, ...args: Args<C>): Stream<ResultOf<C>>;
  windowJoin(windows: TimeWindows, fn: unknown, ...args: unknown[]): Stream<unknown> {
    const { allowedLatenessMs = 0, ...options } = optionsOf<WindowJoinOptions>(fn, args);
    return this.#add("windowJoin", toUserFunction(fn, args), options, { windows, allowedLatenessMs, mode: "process" });
  }

  /** Joins the records of one key whose times are close. The result has the later one's time. */
  intervalJoin<O>(within: Interval, fn: (left: Inputs[0], right: Inputs[1], key: unknown) => O, options?: OperatorOptions): Stream<Awaited<O>>;
  intervalJoin<C extends JoinClass<Inputs[0], Inputs[1]>>(within: Interval, make: C, ...args: Args<C>): Stream<ResultOf<C>>;
  intervalJoin(within: Interval, fn: unknown, ...args: unknown[]): Stream<unknown> {
    return this.#add("intervalJoin", toUserFunction(fn, args), optionsOf(fn, args), { ...intervalSettings(within) });
  }

  /** Processes a stream beside a broadcast one, whose records make the state that all instances have: `a.connect(rules.broadcast())`. */
  process<O>(methods: BroadcastMethods<Inputs[0], Inputs[1], O>, options?: OperatorOptions): Stream<O>;
  process<C extends BroadcastClass<Inputs[0], Inputs[1]>>(make: C, ...args: Args<C>): Stream<BroadcastOutput<C>>;
  process(fn: unknown, ...args: unknown[]): Stream<unknown> {
    return this.#add("broadcastProcess", toUserFunction(fn, args), optionsOf(fn, args), {});
  }

  #add(kind: "windowJoin" | "intervalJoin" | "broadcastProcess", fn: UserFunction, options: OperatorOptions, settings: Readonly<Record<string, unknown>>): Stream<never> {
    return new Stream(this.#graph, [{ node: this.#graph.add(kind, { inputs: this.#inputs(), options, fn, settings }) }]);
  }

  #inputs(): NodeInput[] {
    return this.#streams.flatMap((stream, port) => stream.inputsAt(port));
  }
}

type CoMapOutput<M> = { [Name in keyof M]-?: Name extends `map${number}` ? M[Name] extends (value: never) => infer R ? Awaited<R> : never : never }[keyof M];

/** The head of a loop: a stream that is filled later with its own results. */
export class FutureStream<T> extends Stream<T> {
  readonly name: string;

  constructor(graph: GraphBuilder, node: string, name: string) {
    super(graph, [{ node }]);
    this.name = name;
  }

  fill(inputs: readonly NodeInput[]): void {
    const node = this.outlets[0]!.node;
    if (this.graph.node(node).inputs.length > 0) throw new FutureFilledTwiceError(this.name);
    this.graph.setInputs(node, inputs.map((input) => ({ ...input, feedback: true })));
  }
}
