// 120 task instances in three workers: more than any pool.
import { environment } from "@sage/pipeline";

const env = environment("many-tasks", { parallelism: 3 });
let stream = env.fromIterable(Array.from({ length: 300 }, (_, index) => index)).map((n) => n);
for (let stage = 0; stage < 40; stage++) stream = stream.rebalance().map((n) => n + 1);
const results = stream.collect();
const [, rows] = await Promise.all([env.submit({ autostop: true }), results.toArray()]);
console.log(JSON.stringify({ count: rows.length, sum: rows.reduce((sum, n) => sum + n, 0) }));
await env.close();
