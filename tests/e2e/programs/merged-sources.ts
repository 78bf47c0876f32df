// Two sources of very different length, merged before one operator.
import { BatchFunction, environment } from "@sage/pipeline";

class Short extends BatchFunction<string> {
  left = 3;
  execute(): string | null {
    return this.left-- > 0 ? "short" : null;
  }
}
class Long extends BatchFunction<string> {
  left = 60;
  async execute(): Promise<string | null> {
    return this.left-- > 0 ? "long" : null;
  }
}

const env = environment("merged-sources");
const results = env.fromBatch(Short).union(env.fromBatch(Long)).map((name) => name, { parallelism: 2 }).collect();
const [, rows] = await Promise.all([env.submit({ autostop: true }), results.toArray()]);
console.log(JSON.stringify({ short: rows.filter((row) => row === "short").length, long: rows.filter((row) => row === "long").length }));
await env.close();
