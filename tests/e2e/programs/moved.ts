// Counts numbers per key on every host of a cluster, slowly enough to be moved while it does: each must be counted once.
import { environment } from "@sage/pipeline";
import { NumberBatch } from "./slow-numbers.ts";

const env = environment("moved", { parallelism: 4 });
env.fromBatch(NumberBatch, Number(env.params["limit"] ?? 20_000), 10).keyBy((n) => n % 10)
  .aggregate({ init: () => ({ count: 0, sum: 0 }), add: (all: { count: number; sum: number }, n: number) => ({ count: all.count + 1, sum: all.sum + n }), result: (all, key) => ({ key, ...all }) }, { name: "counts", emit: "end" })
  .print();
await env.submit({ autostop: true, timeoutMs: 0 });
