// 400 records over two instances, of which one is slow: every record must arrive once.
import { environment, MapFunction } from "@sage/pipeline";

class Uneven extends MapFunction<number, { value: number; by: number }> {
  async execute(value: number): Promise<{ value: number; by: number }> {
    if (this.ctx.parallelIndex === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    return { value, by: this.ctx.parallelIndex };
  }
}

const env = environment("slow-instance");
const results = env.fromIterable(Array.from({ length: 400 }, (_, index) => index)).map(Uneven).with({ parallelism: 2 }).collect();
const [, rows] = await Promise.all([env.submit({ autostop: true }), results.toArray()]);
console.log(JSON.stringify({ count: rows.length, sum: rows.reduce((sum, row) => sum + row.value, 0), instances: new Set(rows.map((row) => row.by)).size }));
await env.close();
