// Counts numbers per key, slowly enough to be stopped and continued: every number must be counted once.
import { environment, BatchFunction } from "@sage/pipeline";

class NumberBatch extends BatchFunction<number> {
  private counter = 0;
  private readonly limit: number;
  constructor(limit: number) {
    super();
    this.limit = limit;
  }
  async execute(): Promise<number | null> {
    if (this.counter >= this.limit) return null;
    if (this.counter % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.counter++;
  }
}

const env = environment("paused", { parallelism: 2 });
env.fromBatch(NumberBatch, Number(env.params["limit"] ?? 4_000)).keyBy((n) => n % 10)
  .aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => ({ key, count }) }, { name: "counts", emit: "end" })
  .print();
await env.submit({ autostop: true });
await env.close();
