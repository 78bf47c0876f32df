// Counts numbers per key, slowly enough to be stopped and continued: every number must be counted once.
import { environment } from "@sage/pipeline";
import { NumberBatch } from "./slow-numbers.ts";

const env = environment("paused", { parallelism: 2 });
env.fromBatch(NumberBatch, Number(env.params["limit"] ?? 4_000), 5).keyBy((n) => n % 10)
  .aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => ({ key, count }) }, { name: "counts", emit: "end" })
  .print();
await env.submit({ autostop: true });
await env.close();
