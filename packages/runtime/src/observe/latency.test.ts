import { PipelineBuilder, SourceFunction } from "@sage/graph";
import { expect, test } from "vitest";
import { openInProcess } from "../in-process.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { Latency, markEveryMs } from "./latency.ts";

test("latency has the middle, the 99th of a hundred and the longest of the last minute", () => {
  const latency = new Latency();
  expect(latency.report(0)).toBeUndefined();
  for (let ms = 1; ms <= 100; ms++) latency.add(1_000, 1_000 + ms);
  expect(latency.report(1_100)).toEqual({ p50Ms: 51, p99Ms: 100, maxMs: 100, samples: 100 });
  latency.add(9_000, 8_990); // two clocks
  expect(latency.report(61_100)).toEqual({ p50Ms: 100, p99Ms: 100, maxMs: 100, samples: 2 });
  expect(latency.report(100_000)).toBeUndefined();
});

test("markers go from the source over every exchange to the sink, and no operator sees them", async () => {
  const clock = new ManualClock();
  let isOver = false;
  const seen: unknown[] = [];
  const env = new PipelineBuilder("test");
  env.fromSource(() => (isOver ? null : SourceFunction.IDLE), { name: "quiet" }).map((n) => n, { name: "middle", parallelism: 2 }).sink((n) => { seen.push(n); }, { name: "end", parallelism: 1 });
  await using engine = await openInProcess(env.graph(), { clock });
  const run = engine.run();
  const found = () => engine.metrics().filter(({ latency }) => latency !== undefined).map(({ operator }) => operator);
  for (let i = 0; i < 200 && found().length === 0; i++) {
    await clock.advance(markEveryMs);
  }
  expect(found()).toEqual(["end"]);
  expect(seen).toEqual([]);
  isOver = true;
  const moving = new AbortController();
  const moved = (async () => { while (!moving.signal.aborted) await clock.advance(100); })();
  await run;
  moving.abort();
  await moved;
});
