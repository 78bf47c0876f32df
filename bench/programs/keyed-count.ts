// The keyed running count as a job: bids are made in one worker, keyed over an exchange, counted in two.
import { BatchFunction, environment, SinkFunction } from "@sage/pipeline";

interface Bid {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly ts: number;
}

class Bids extends BatchFunction<Bid> {
  at = 0;
  readonly count: number;
  constructor(count: number) {
    super();
    this.count = count;
  }
  execute(): Bid | null {
    if (this.at >= this.count) return null;
    const i = this.at++;
    const h = Math.imul(i, 0x9e3779b1) >>> 0;
    return { auction: h % 1000, bidder: (h >>> 10) % 5000, price: 100 + ((h >>> 7) % 10_000), ts: Math.floor(i / 10) };
  }
}

class Sum extends SinkFunction<number> {
  sum = 0;
  execute(count: number): void {
    this.sum += count;
  }
  override close(): void {
    console.log(`sum=${this.sum}`);
  }
}

const env = environment("keyed-count", { parallelism: 2, params: { records: 4_000_000 } });
env
  .fromBatch(Bids, Number(env.params["records"]))
  .keyBy((bid) => bid.auction)
  .aggregate({ init: () => 0, add: (count) => count + 1, result: (count) => count })
  .sink(Sum);
const result = await env.submit({ autostop: true });
console.log(JSON.stringify({ ms: result.endedAtMs! - result.startedAtMs }));
await env.close();
