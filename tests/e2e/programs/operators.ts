// Every source and operator once; packages/pipeline-api/README.md shows the part between the two marks.
import { fileURLToPath } from "node:url";
import {
  BatchFunction, CoMapFunction, environment, FilterFunction, FlatMapFunction, JoinFunction, KeyByFunction, MapFunction, outputTag, ProcessFunction,
  ReduceFunction, SinkFunction, SourceFunction, type Collected, type Collector, type Idle, type ProcessContext,
} from "@sage/pipeline";

const data = (name: string) => fileURLToPath(new URL(`./data/${name}`, import.meta.url));
const sleep = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms); });
const rows: Record<string, Collected<unknown>> = {};
await using env = environment("operators", { parallelism: 2 });
const before = [(await env.healthCheck()).healthy, (await env.getJobStatus()).status];

// --- README
// Sources.
class Count extends BatchFunction<number> {
  private next = 0;
  private readonly end: number;
  constructor(end: number) { super(); this.end = end; }
  execute(): number | null { return this.next < this.end ? this.next++ : null; }     // null ends the input
}
class Poll extends SourceFunction<string> {
  private readonly waiting = ["a", "b"];
  private asked = 0;
  execute(): string | Idle | undefined {                                             // IDLE: nothing now, ask again
    return this.asked++ % 2 === 0 ? SourceFunction.IDLE : this.waiting.shift();
  }
}
const numbers = env.fromBatch(Count, 10);
rows["polled"] = env.fromSource(Poll).collect();
rows["generated"] = env.fromBatch(function* () { yield 1; yield 2; }).collect();
rows["given"] = env.fromIterable([1, null, 2]).collect();                            // here null is a record
rows["awaited"] = env.fromIterable((async function* () { yield "x"; yield null; })()).collect();
rows["lines"] = env.fromFile<{ n: number }>(data("numbers-*.jsonl"), { parallelism: env.parallelism }).map(({ n }) => n).collect();
rows["table"] = env.fromFile<{ city: string; people: number }>(data("cities.csv"), { csv: { types: { people: "number" } } }).collect();
rows["text"] = env.fromFile<string>(data("words.txt")).collect();                    // .parquet and .gz as well

// One record at a time: classes with constructor arguments, or functions, sync or async.
class Times extends MapFunction<number, number> {
  private readonly factor: number;
  constructor(factor: number) { super(); this.factor = factor; }
  override open(): void { this.logger.debug(`instance ${this.ctx.parallelIndex} of ${this.ctx.parallelism}`); }
  execute(n: number): number { return n * this.factor; }
}
class Even extends FilterFunction<number> { execute(n: number): boolean { return n % 2 === 0; } }
class Spell extends FlatMapFunction<number, string> {
  async execute(n: number, out: Collector<string>): Promise<void> { for (const digit of String(n)) await out.collect(digit); }
}
rows["mapped"] = numbers.map(Times, 3).filter(Even).collect();
rows["spelled"] = numbers.map((n) => n + 8).flatMap(Spell).collect();
rows["repeated"] = numbers.filter((n) => n < 3).flatMap(function* (n) { for (let i = 0; i < n; i++) yield n; }).collect();
rows["fetched"] = numbers.map(async (n) => { await sleep(n % 3); return n; }, { concurrency: 4, parallelism: 1 }).collect();
rows["hasty"] = numbers.map(async (n) => { await sleep(n % 3); return n; }, { concurrency: 4, ordered: false }).collect();

// By key: equal keys meet in one instance.
class Last extends KeyByFunction<number, number> { execute(n: number): number { return n % 3; } }
class Sum extends ReduceFunction<number> { execute(a: number, b: number): number { return a + b; } }
const large = outputTag<string>("large");
class Rank extends ProcessFunction<number, string> {
  async execute(n: number, ctx: ProcessContext<string>): Promise<void> {
    const seen = ctx.state.value("seen", 0);
    const rank = seen.get() + 1;
    seen.set(rank);
    if (n > 7) await ctx.output(large, `large ${n}`);
    await ctx.collect(`${String(ctx.key)}:${rank}`);
  }
}
rows["running"] = numbers.keyBy(Last).reduce(Sum).collect();
rows["totals"] = numbers.keyBy((n) => n % 3).reduce((a, b) => a + b, { emit: "end" }).collect();
rows["counts"] = numbers.keyBy((n) => n % 2).aggregate({ init: () => 0, add: (sum: number) => sum + 1, result: (sum, key) => [key, sum] }, { emit: "end" }).collect();
const ranked = numbers.keyBy((n) => n % 2).process(Rank);
rows["ranked"] = ranked.collect();
rows["large"] = ranked.sideOutput(large).collect();

// Several streams.
class Either extends CoMapFunction {
  map0(n: number): string { return `n${n}`; }
  map1(text: string): string { return `t${text}`; }
}
class Match extends JoinFunction<{ id: number }, { id: number; name: string } | null, string> {
  execute(order: { id: number }, user: { name: string } | null): string { return `${order.id}:${user?.name ?? "nobody"}`; }
}
const orders = env.fromIterable([{ id: 1 }, { id: 2 }, { id: 1 }]).keyBy(({ id }) => id);
const users = env.fromIterable([{ id: 1, name: "Ann" }]).keyBy(({ id }) => id);
rows["merged"] = numbers.union(env.fromIterable([100])).collect();
rows["either"] = env.fromIterable([1, 2]).connect(env.fromIterable(["a"])).coMap(Either).collect();
rows["inline"] = env.fromIterable([1]).connect(env.fromIterable(["a"])).coMap({ map0: (n: number) => n, map1: async (text: string) => text }).collect();
rows["joined"] = orders.connect(users).join((order, user) => `${order.id}:${user.name}`).collect();
rows["left"] = orders.connect(users).leftJoin(Match).collect();
rows["copies"] = env.fromIterable(["to all"]).broadcast().map((text) => text).collect();

// A loop: ends when it is empty and its input has ended.
const again = env.fromFuture<number>("again");
const halved = env.fromIterable([8, 5]).union(again).map((n) => Math.floor(n / 2));
halved.filter((n) => n > 0).fillFuture(again);
rows["loop"] = halved.collect();

// What happens to a record on which the function throws, and where records go.
const refuse = (n: number): number => { if (n === 2) throw new Error("no twos"); return n; };
rows["skipped"] = numbers.map(refuse, { onError: "skip" }).collect();
rows["lettered"] = numbers.map(refuse, { onError: "dead-letter", name: "strict" }).collect();
rows["retried"] = numbers.map(refuse, { onError: { retries: 2, backoffMs: 1, then: "skip" } }).collect();
class Tally extends SinkFunction<number> {
  private seen = 0;
  execute(): void { this.seen++; }
  override close(): void { console.log(`saw ${this.seen}`); }
}
numbers.sink(Tally).with({ name: "tally", parallelism: 1 });
numbers.filter((n) => n === 7).print("seven: ");
// --- README

const submitted = env.submit({ autostop: true });
const found = await Promise.all(Object.entries(rows).map(async ([name, collected]) => [name, await collected.toArray()] as const));
const result = await submitted;
await env.close();
await env.close();
const after = [result.status, (await env.getJobStatus()).status, env.jobId === result.jobId];
console.log(JSON.stringify({ before, after, rows: Object.fromEntries(found) }));
