// One stream read by three operators: each gets every record.
import { environment } from "@sage/pipeline";

const env = environment("several-sinks");
const numbers = env.fromIterable(Array.from({ length: 1_000 }, (_, index) => index)).map((n) => n, { parallelism: 2 });
const all = numbers.collect();
const even = numbers.filter((n) => n % 2 === 0).collect();
const doubled = numbers.map((n) => n * 2, { parallelism: 3 }).collect();
const [, a, b, c] = await Promise.all([env.submit({ autostop: true }), all.toArray(), even.toArray(), doubled.toArray()]);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
console.log(JSON.stringify([a, b, c].map((rows) => [rows.length, sum(rows)])));
await env.close();
