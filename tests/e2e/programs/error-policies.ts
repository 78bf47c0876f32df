// What each error policy does with records on which an operator throws, and that each is counted.
import { environment } from "@sage/pipeline";

const failOdd = (n: number): number => {
  if (n % 2 === 1) throw new Error(`${n} is odd`);
  return n;
};
const attempts = new Map<number, number>();
const failTwice = (n: number): number => {
  attempts.set(n, (attempts.get(n) ?? 0) + 1);
  if (attempts.get(n)! <= 2) throw new Error(`try ${attempts.get(n)} of ${n}`);
  return n;
};

const env = environment("error-policies");
const numbers = env.fromIterable([1, 2, 3, 4, 5, 6]);
const results = [
  numbers.map(failOdd, { name: "skips", onError: "skip" }).collect(),
  numbers.map(failOdd, { name: "dead-letters", onError: "dead-letter" }).collect(),
  numbers.map(failTwice, { name: "retries", onError: { retries: 3, backoffMs: 1 } }).collect(),
  numbers.flatMap((n) => [n, n + 1]).map(failOdd, { name: "skips-in-flat-map", onError: "skip" }).collect(),
];
const [result, ...rows] = await Promise.all([env.submit({ autostop: true }), ...results.map((each) => each.toArray())]);
const counts = Object.fromEntries(result.operators.filter((each) => each.skipped + each.deadLettered + each.retried > 0).map(({ name, skipped, deadLettered, retried }) => [name, { skipped, deadLettered, retried }]));
console.log(JSON.stringify({ rows, counts }));
await env.close();
