// What must compile, with the types that must come out.

import {
  BatchFunction, BroadcastProcessFunction, CoMapFunction, FlatMapFunction, JoinFunction, MapFunction, PipelineBuilder, ProcessFunction, SinkFunction, SourceFunction, WindowFunction,
  countTrigger, outputTag, processingTime, purging, session, sliding, tumbling,
  type BesideBroadcastContext, type BroadcastContext, type Collector, type ProcessContext, type RecordOf, type Stream, type TimerContext, type WindowContext,
} from "@sage/graph";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};

class NumberBatch extends BatchFunction<number> {
  readonly #limit: number;
  constructor(options: { limit: number }) {
    super();
    this.#limit = options.limit;
  }
  execute(): number | null {
    return this.#limit;
  }
}
class Ticks extends SourceFunction<{ at: Date }> {
  execute() {
    return Math.random() < 0.5 ? SourceFunction.IDLE : { at: new Date() };
  }
}
class Label extends MapFunction<number, string> {
  async execute(value: number): Promise<string> {
    return `${this.ctx.parallelIndex}:${value}`;
  }
}
class Words extends FlatMapFunction<string, string> {
  execute(text: string, out: Collector<string>): void {
    for (const word of text.split(" ")) void out.collect(word);
  }
}
const late = outputTag<Date>("late");
class Split extends ProcessFunction<number, bigint> {
  async execute(value: number, ctx: ProcessContext<bigint>): Promise<void> {
    if (value < 0) await ctx.output(late, new Date());
    await ctx.collect(BigInt(ctx.state.value("sum", 0).get() + value));
  }
}
class Both extends CoMapFunction {
  map0(value: number): string {
    return String(value);
  }
  map1(value: string): number {
    return value.length;
  }
}
class Pair extends JoinFunction<{ id: number }, { id: number; name: string }, string> {
  execute(left: { id: number }, right: { id: number; name: string }): string {
    return `${left.id} ${right.name}`;
  }
}
class Print extends SinkFunction<unknown> {
  execute(value: unknown): void {
    this.logger.info(String(value));
  }
}

const env = new PipelineBuilder("types");
const numbers = env.fromBatch(NumberBatch, { limit: 5 });
same<typeof numbers, Stream<number>>(true);
same<RecordOf<typeof numbers>, number>(true);
same<RecordOf<ReturnType<typeof ticks>>, { at: Date }>(true);
function ticks() {
  return env.fromSource(Ticks);
}
const labels = numbers.map(Label).with({ parallelism: 2, name: "labels" });
same<RecordOf<typeof labels>, string>(true);
same<RecordOf<ReturnType<typeof words>>, string>(true);
function words() {
  return labels.flatMap(Words);
}
const lengths = labels.flatMap((text) => [text.length]);
same<RecordOf<typeof lengths>, number>(true);
const generated = labels.flatMap(function* (text) {
  yield text.length > 3;
});
same<RecordOf<typeof generated>, boolean>(true);
const awaited = labels.map(async (text) => ({ text }), { concurrency: 4, ordered: false });
same<RecordOf<typeof awaited>, { text: string }>(true);
const narrowed = env.fromIterable([1, "a", null]).filter((value): value is string => typeof value === "string");
same<RecordOf<typeof narrowed>, string>(true);
const split = numbers.keyBy((value) => [value % 2, "x"] as const).process(Split);
same<RecordOf<typeof split>, bigint>(true);
const lateOnes = split.sideOutput(late);
same<RecordOf<typeof lateOnes>, Date>(true);
const united = numbers.union(labels);
same<RecordOf<typeof united>, number | string>(true);
const mixed = numbers.connect(labels).coMap(Both);
same<RecordOf<typeof mixed>, string | number>(true);
const mixedObject = numbers.connect(labels, split).coMap({ map0: (n) => n, map1: (s) => s.length, map2: (b) => b > 0n });
same<RecordOf<typeof mixedObject>, number | boolean>(true);
const users = env.fromIterable([{ id: 1, name: "a" }]).keyBy((user) => user.id);
const orders = env.fromIterable([{ id: 1 }]).keyBy((order) => order.id);
const joined = orders.connect(users).join(Pair);
same<RecordOf<typeof joined>, string>(true);
const left = orders.connect(users).join((order, user) => user?.name ?? order.id, { type: "left" });
same<RecordOf<typeof left>, string | number>(true);
const reduced = numbers.keyBy((value) => value % 2).reduce((a, b) => a + b, { emit: "end" });
same<RecordOf<typeof reduced>, number>(true);
const mean = numbers.keyBy((value) => value % 2).aggregate({ init: () => ({ n: 0, sum: 0 }), add: (a, v) => ({ n: a.n + 1, sum: a.sum + v }), result: (a) => a.sum / a.n });
same<RecordOf<typeof mean>, number>(true);
const loop = env.fromFuture<number>("loop");
numbers.union(loop).filter((value) => value > 0).fillFuture(loop);
const collected = mean.collect();
same<ReturnType<typeof collected.toArray>, Promise<number[]>>(true);
class Counter {
  count(by: number): number {
    return by;
  }
}
const counter = env.registerService("counter", Counter);
const counted = numbers.map(async (value, ctx) => await ctx.service(counter).count(value));
same<RecordOf<typeof counted>, number>(true);
labels.sink(Print);
env.fromFile<{ origin: string }>("*.parquet", { columns: ["origin"] }).map((row) => row.origin).print();

// event time
interface Click {
  readonly user: string;
  readonly at: number;
}
class Session extends WindowFunction<Click, { user: string; clicks: number }, string> {
  execute(clicks: readonly Click[], ctx: WindowContext<{ user: string; clicks: number }, string>): void {
    void ctx.collect({ user: ctx.key, clicks: clicks.length });
  }
}
class Alarm extends ProcessFunction<Click, Date> {
  execute(click: Click, ctx: ProcessContext<Date>): void {
    ctx.timers.onEventTime(click.at + 1_000);
  }
  override onTimer(timeMs: number, ctx: TimerContext<Date>): void {
    if (ctx.timeKind === "event") void ctx.collect(new Date(timeMs));
  }
}
class Blocked extends BroadcastProcessFunction<Click, string, Click> {
  execute(click: Click, ctx: BesideBroadcastContext<Click>): void {
    if (!ctx.broadcastState<string, boolean>("blocked").has(click.user)) void ctx.collect(click);
  }
  executeBroadcast(user: string, ctx: BroadcastContext<Click>): void {
    ctx.broadcastState<string, boolean>("blocked").set(user, true);
  }
}
const clicks = env.fromIterable<Click>([]).assignTimestamps((click) => click.at, { maxOutOfOrdernessMs: 1_000, idleAfterMs: 5_000 });
same<RecordOf<typeof clicks>, Click>(true);
const byUser = clicks.keyBy((click) => click.user);
const perMinute = byUser.window(tumbling(60_000)).allowedLateness(5_000).aggregate({ init: () => 0, add: (n) => n + 1, result: (n, user, window) => ({ user: user.toUpperCase(), at: window.startMs, n }) });
same<RecordOf<typeof perMinute>, { user: string; at: number; n: number }>(true);
const lateClicks = outputTag<Click>("late clicks");
const latest = byUser.window(sliding(60_000, 10_000)).lateTo(lateClicks).reduce((a, b) => (a.at > b.at ? a : b));
same<RecordOf<typeof latest>, Click>(true);
const latestAt = byUser.window(processingTime(session(1_000))).reduce((_, b) => b, (click, window, user) => [user, click.at - window.startMs] as const);
same<RecordOf<typeof latestAt>, readonly [string, number]>(true);
const sessions = byUser.window(session(30_000)).trigger(purging(countTrigger(10))).process(Session);
same<RecordOf<typeof sessions>, { user: string; clicks: number }>(true);
const alarms = byUser.process(Alarm);
same<RecordOf<typeof alarms>, Date>(true);
const near = byUser.connect(perMinute.keyBy((row) => row.user)).intervalJoin({ lowerMs: -1_000, upperMs: 0 }, (click, row) => click.at - row.at);
same<RecordOf<typeof near>, number>(true);
const paired = byUser.connect(byUser).windowJoin(tumbling(1_000), async (a, b) => a.at === b.at);
same<RecordOf<typeof paired>, boolean>(true);
const allowed = clicks.connect(env.fromIterable(["mallory"]).broadcast()).process(Blocked);
same<RecordOf<typeof allowed>, Click>(true);
