import { pipeline, MapFunction, SinkFunction } from "@sage/pipeline";
class Count extends SinkFunction<number> { n = 0; sum = 0; execute(v: number) { this.n++; this.sum += v; } close() { console.log("got", this.n, this.sum); } }
class Boom extends MapFunction<number, number> { execute(v: number) { if (v === 77) throw new TypeError("bad 77"); return v; } }
class Exit extends MapFunction<number, number> { execute(v: number) { if (v === 77) process.exit(0); return v; } }
class Oom extends MapFunction<number, number> { execute(v: number) { const all: number[][] = []; for (;;) all.push(new Array(1e6).fill(v)); return 1; } }
export default pipeline("tmp", (env, params) => {
  const src = env.fromBatch(function* () { for (let i = 0; i < 1000; i++) yield i; });
  if (params.mode === "loop") {
    const f = env.fromFuture<number>("f");
    const body = src.union(f).map((n: number) => n + 1000).with({ parallelism: 2 }).rebalance();
    body.filter((n: number) => n < 5000).with({ parallelism: 2 }).fillFuture(f);
    body.filter((n: number) => n >= 5000).with({ parallelism: 2 }).sink(Count).with({ parallelism: 2 });
  }
  if (params.mode === "flood") env.fromBatch(function* () { for (let i = 0; i < 300000; i++) yield i; }).print("line");
  if (params.mode === "fail") src.map(Boom).with({ parallelism: 2 }).sink(Count);
  if (params.mode === "exit") src.map(Exit).with({ parallelism: 2 }).sink(Count);
  if (params.mode === "oom") src.map(Oom).with({ parallelism: 2 }).sink(Count);
  if (params.mode === "mismatch") src.map(Boom).with({ name: `m${process.pid}` }).sink(Count);
});
