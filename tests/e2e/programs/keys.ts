// Keys that are falsy, boxed or composite: each goes to one instance, the same from every upstream process.
import { environment, MapFunction, type Key } from "@sage/pipeline";

const keys: Key[] = [0, -0, "", false, null, true, 1, "1", "a", [1, "a"], ["1", "a"], { x: 1, y: 2 }, { y: 2, x: 1 }, 10n];

class Owner extends MapFunction<{ key: number }, { key: number; owner: number }> {
  execute({ key }: { key: number }): { key: number; owner: number } {
    return { key, owner: this.ctx.parallelIndex };
  }
}

const env = environment("keys");
const owners = env
  .fromIterable(Array.from({ length: keys.length * 20 }, (_, index) => ({ key: index % keys.length })))
  .map((record) => record, { parallelism: 3 }) // from three processes
  .keyBy(({ key }) => (keys[key] === "a" && Math.random() < 0.5 ? (new String("a") as unknown as string) : keys[key]!))
  .map(Owner).with({ parallelism: 3 })
  .collect();
const [, rows] = await Promise.all([env.submit({ autostop: true }), owners.toArray()]);
const seen = keys.map((_, key) => new Set(rows.filter((row) => row.key === key).map((row) => row.owner)));
const sameOwner = (a: number, b: number) => [...seen[a]!][0] === [...seen[b]!][0];
console.log(JSON.stringify({ rows: rows.length, owners: seen.map((set) => set.size), zeros: sameOwner(0, 1), objects: sameOwner(11, 12) }));
await env.close();
