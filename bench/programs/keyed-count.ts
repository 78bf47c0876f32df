// The keyed running count as a job: bids are made in one worker (or `--param sources=2`: in both), keyed over an exchange,
// counted in two. With `--param text=1` each bid is first written as JSON and read again, as bids from outside would be. The
// processor time that a worker tells of is that of all bids but the first `--param unmeasured=N`, which pay for compiling.
import { BatchFunction, environment, SinkFunction, type FunctionContext } from "@sage/pipeline";

interface Bid {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly ts: number;
}

/** Every instance makes its share of the bids. */
class Bids extends BatchFunction<Bid> {
  at = 0;
  step = 1;
  readonly count: number;
  constructor(count: number) {
    super();
    this.count = count;
  }
  override open(ctx: FunctionContext): void {
    this.at = ctx.parallelIndex;
    this.step = ctx.parallelism;
  }
  execute(): Bid | null {
    if (this.at >= this.count) return null;
    const i = this.at;
    this.at += this.step;
    const h = Math.imul(i, 0x9e3779b1) >>> 0;
    return { auction: h % 1000, bidder: (h >>> 10) % 5000, price: 100 + ((h >>> 7) % 10_000), ts: Math.floor(i / 10) };
  }
}

class Sum extends SinkFunction<number> {
  sum = 0;
  /** Bids that come before the measuring begins. */
  unmeasured: number;
  #cpu = process.cpuUsage();
  #openedAtMs = 0;
  constructor(unmeasured: number) {
    super();
    this.unmeasured = unmeasured;
  }
  override open({ parallelism }: FunctionContext): void {
    this.unmeasured = Math.floor(this.unmeasured / parallelism);
    this.#openedAtMs = performance.now();
    this.#cpu = process.cpuUsage();
  }
  execute(count: number): void {
    this.sum += count;
    if (--this.unmeasured === 0) this.#cpu = process.cpuUsage();
  }
  override close(): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    console.log(`sum=${this.sum} cpuMs=${Math.round((user + system) / 1_000)} flowMs=${Math.round(performance.now() - this.#openedAtMs)}`);
  }
}

const env = environment("keyed-count", { parallelism: 2, params: { records: 4_000_000, sources: 1, text: 0, unmeasured: 0 } });
const made = env.fromBatch(Bids, Number(env.params["records"])).with({ parallelism: Number(env.params["sources"]) });
const bids = Number(env.params["text"]) === 0 ? made : made.map((bid) => JSON.stringify(bid)).with({ parallelism: Number(env.params["sources"]) }).map((text) => JSON.parse(text) as Bid).with({ parallelism: Number(env.params["sources"]) });
bids
  .keyBy((bid) => bid.auction)
  .aggregate({ init: () => 0, add: (count) => count + 1, result: (count) => count })
  .sink(Sum, Number(env.params["unmeasured"]));
const result = await env.submit({ autostop: true });
console.log(JSON.stringify({ ms: result.endedAtMs! - result.startedAtMs }));
await env.close();
