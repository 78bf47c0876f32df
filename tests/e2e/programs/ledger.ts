// A pipeline of a given shape that writes a ledger of files, and kills its own worker once, at a step of a checkpoint.
//
// out: folder of the ledger, or `http://…` of a ledger-server.ts · shape: below · limit: numbers of each source
// kill: step@n, at the n-th such step of a worker's life
// slow: so many milliseconds between 40 numbers, until the file `<out>.hurry` is there, or the server says so
// overtake: after so many milliseconds barriers overtake records
import { existsSync, writeFileSync } from "node:fs";
import { BatchFunction, FileSink, MapFunction, environment, tumbling, type KeyedStream, type PreparedFile, type Stream } from "@sage/pipeline";
import { PostingSink, isInHurry } from "./posting-sink.ts";

const env = environment("ledger");
const { out = "", shape = "chain", limit = 6_000, kill = "", slow = 0, overtake = 1_000 } = env.params;
const [killStep, killNth] = String(kill).split("@");
const marker = `${String(out)}.killed`;
const met = new Map<string, number>();

/** Once in the life of the job. */
function die(step: string): void {
  if (step !== killStep) return;
  met.set(step, (met.get(step) ?? 0) + 1);
  if (met.get(step) !== Number(killNth) || existsSync(marker)) return;
  writeFileSync(marker, step);
  process.kill(process.pid, "SIGKILL");
}

const isPosted = String(out).startsWith("http:");
const isSlow = async () => Number(slow) > 0 && !(isPosted ? await isInHurry(String(out)) : existsSync(`${String(out)}.hurry`));

export class NumberBatch extends BatchFunction<number> {
  private counter = 0;
  private readonly limit: number;
  constructor(limit: number) {
    super();
    this.limit = limit;
  }
  async execute(): Promise<number | null> {
    if (this.counter % 40 === 0) {
      const isWaiting = await isSlow();
      await new Promise((resolve) => setTimeout(resolve, isWaiting ? Number(slow) : 2));
    }
    return this.counter < this.limit ? this.counter++ : null;
  }
}

/** Passes records on; dies while its state is saved. */
export class Fragile<T> extends MapFunction<T, T> {
  passed = 0;
  execute(value: T): T {
    this.passed++;
    return value;
  }
  override snapshot(): number {
    die("barrier");
    return this.passed;
  }
  override restore(passed: number): void {
    this.passed = passed;
  }
  override merge(parts: readonly number[]): number {
    return parts.reduce((sum, each) => sum + each, 0);
  }
}

export class DyingSink extends FileSink<unknown> {
  override async prepareCommit(checkpointId: number): Promise<PreparedFile | undefined> {
    die("preparing");
    const prepared = await super.prepareCommit(checkpointId);
    die("prepared");
    if (killStep === "acknowledged") setTimeout(() => die("acknowledged"), 20);
    return prepared;
  }
  override async commit(prepared: PreparedFile): Promise<void> {
    die("committing");
    await super.commit(prepared);
    die("committed");
  }
}

const Ledger: new (to: string) => DyingSink | PostingSink = isPosted ? PostingSink : DyingSink;
const numbers = (): Stream<number> => env.fromBatch(NumberBatch, Number(limit));
const keyed = (stream: Stream<number>): KeyedStream<number, number> => stream.keyBy((n) => n % 17);
const later = async <T>(value: T, n: number): Promise<T> => {
  if (n % 5 === 0) await new Promise((resolve) => setTimeout(resolve, n % 4));
  return value;
};
const to = (name: string) => `${String(out)}/${name}`;

const shapes: Record<string, () => void> = {
  chain: () => void numbers().map(Fragile<number>).sink(Ledger, to("all")),
  keyed: () => {
    keyed(numbers()).aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => ({ key, count }) })
      .map(Fragile<{ key: unknown; count: number }>).sink(Ledger, to("all"));
  },
  remote: () => { // as keyed, counted in workers apart
    keyed(numbers()).aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => ({ key, count }) }).with({ remote: true }).sink(Ledger, to("all"));
  },
  process: () => {
    keyed(numbers()).process<{ key: unknown; count: number; last: number }>((n, ctx) => {
      const count = ctx.state.value("count", 0);
      const seen = ctx.state.list<number>("seen");
      const last = seen.get().at(-1) ?? -1;
      seen.set([...seen.get().slice(-2), n]);
      count.set(count.get() + 1);
      void ctx.collect({ key: ctx.key, count: count.get(), last });
    }).sink(Ledger, to("all"));
  },
  shipped: () => { // records that travel with the job, and more state than lies in a manifest
    const rows = Array.from({ length: Number(limit) }, (_, n) => ({ n, text: `${n}`.padStart(100, "0") }));
    env.fromIterable(rows).map(async (row) => { await later(row, row.n); return row; }).keyBy(({ n }) => n % 1_000).process<{ key: unknown; texts: number }>(({ text }, ctx) => {
      const texts = ctx.state.list<string>("texts");
      texts.add(text);
      void ctx.collect({ key: ctx.key, texts: texts.get().join("").length });
    }).map(Fragile<{ key: unknown; texts: number }>).sink(Ledger, to("all"));
  },
  layers: () => { // so much of it is kept by key, and so little of that changes, that checkpoints write changes alone
    const half = Math.floor(Number(limit) / 2);
    numbers().keyBy((n) => (n < half ? n : n % 97)).process<{ key: unknown; count: number }>((n, ctx) => {
      const kept = ctx.state.value("kept", { count: 0, text: "" });
      const count = kept.get().count + 1;
      kept.set({ count, text: `${n} `.repeat(100) });
      void ctx.collect({ key: ctx.key, count });
    }).map(Fragile<{ key: unknown; count: number }>).sink(DyingSink, to("all"));
  },
  join: () => {
    const right = numbers().map((n) => ({ id: n, text: `r${n}` }));
    numbers().keyBy((n) => n).connect(right.keyBy(({ id }) => id)).join((n, { text }) => `${n}${text}`).sink(Ledger, to("all"));
  },
  windows: () => {
    numbers().assignTimestamps((n) => n, { maxOutOfOrdernessMs: 50 }).keyBy((n) => n % 17).window(tumbling(100))
      .aggregate({ init: () => 0, add: (sum: number, n: number) => sum + n, merge: (a: number, b: number) => a + b, result: (sum, key, { startMs }) => ({ key, startMs, sum }) })
      .sink(Ledger, to("all"));
  },
  union: () => void numbers().union(numbers().map((n) => n + 1_000_000)).rebalance().map(Fragile<number>).sink(Ledger, to("all")),
  slow: () => { // what waits before the sink is more than a second's work
    const all = env.fromBatch(NumberBatch, Number(limit)).rebalance().map(Fragile<number>).rebalance();
    all.map(async (n) => { await new Promise((resolve) => setTimeout(resolve, 1)); return n; }, { parallelism: 1, name: "slow" }).sink(Ledger, to("all"));
  },
  async: () => void numbers().rebalance().map((n) => later(n * 2, n), { concurrency: 16, ordered: false }).sink(Ledger, to("all")),
  loop: () => {
    const again = env.fromFuture<{ n: number; turns: number }>("again");
    const all = numbers().map((n) => ({ n, turns: 0 })).union(again).rebalance().map(({ n, turns }) => ({ n, turns: turns + 1 }));
    all.filter(({ turns }) => turns < 4).fillFuture(again);
    all.filter(({ turns }) => turns === 4).sink(Ledger, to("all"));
  },
  fanout: () => {
    const all = numbers().rebalance().map(Fragile<number>);
    all.sink(Ledger, to("all"));
    all.filter((n) => n % 2 === 0).sink(Ledger, to("even"));
  },
};

shapes[String(shape)]!();
const result = await env.submit({ autostop: true, checkpoints: { intervalMs: 50, alignmentTimeoutMs: Number(overtake) }, restart: { strategy: "exponential", initialMs: 10, maxMs: 200, attempts: 1_000 } });
console.log(JSON.stringify({ status: result.status }));
await env.close();
