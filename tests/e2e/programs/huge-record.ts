// A record of 100 MB on its way from one worker to another.
import { MapFunction, environment } from "@sage/pipeline";

class Inflate extends MapFunction<number, string> {
  execute(): string {
    return "x".repeat(100 * 1024 * 1024);
  }
}

const env = environment("huge-record", { parallelism: 2 });
env.fromIterable([1, 2]).rebalance().map(Inflate).keyBy((text) => text.length).reduce((a) => a).rebalance().sink(() => {});
await env.submit({ autostop: true });
await env.close();
