// Task instances by the hundred, more than any pool: `stages` times `parallelism` of them, and a few more.
import { environment } from "@sage/pipeline";

const env = environment("many-tasks", { parallelism: 3 });
const stages = Number(env.params["stages"] ?? 40);
let stream = env.fromIterable(Array.from({ length: 300 }, (_, index) => index)).map((n) => n);
for (let stage = 0; stage < stages; stage++) stream = stream.rebalance().map((n) => n + 1);
const results = stream.collect();
const [, rows] = await Promise.all([env.submit({ autostop: true }), results.toArray()]);
console.log(JSON.stringify({ count: rows.length, sum: rows.reduce((sum, n) => sum + n, 0) }));
await env.close();
