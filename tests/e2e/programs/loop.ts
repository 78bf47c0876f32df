// A loop that halves numbers until they are odd; it ends by itself, and no record is lost in it.
import { environment } from "@sage/pipeline";

const env = environment("loop");
const again = env.fromFuture<{ start: number; now: number; turns: number; odd: boolean }>("again");
const halved = env
  .fromIterable(Array.from({ length: 500 }, (_, index) => ({ start: index + 1, now: index + 1, turns: 0, odd: false })))
  .union(again)
  .map(({ start, now, turns }) => ({ start, now: now % 2 === 0 ? now / 2 : now, turns: turns + 1, odd: now % 2 === 1 }), { parallelism: 2 });
halved.filter((record) => !record.odd).fillFuture(again);
const done = halved.filter((record) => record.odd).collect();
const [, rows] = await Promise.all([env.submit({ autostop: true }), done.toArray()]);
console.log(JSON.stringify({ count: rows.length, starts: new Set(rows.map((row) => row.start)).size, turns: rows.reduce((sum, row) => sum + row.turns, 0) }));
await env.close();
