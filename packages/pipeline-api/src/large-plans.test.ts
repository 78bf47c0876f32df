// Graphs of sizes that nobody draws by hand: they run, and no stack ends on the way.

import type { Stream } from "@sage/graph";
import { expect, test } from "vitest";
import { LocalEnvironment } from "./index.ts";
import { runToArray } from "./testing.ts";

const limits = { timeoutMs: 120_000 };

test("a chain of five hundred operators runs", async () => {
  const records = await runToArray((env) => {
    let stream: Stream<number> = env.fromIterable([1, 2, 3]);
    for (let i = 0; i < 500; i++) stream = stream.map((value) => value + 1);
    return stream;
  }, limits);
  expect(records).toEqual([501, 502, 503]);
}, limits.timeoutMs);

test("a graph of a thousand operators and ten thousand edges runs, with one record over each edge", async () => {
  const width = 100;
  const fanIn = 11;
  await using env = new LocalEnvironment("wide", { workers: "in-process" });
  let layer: Stream<number>[] = Array.from({ length: width }, (_, i) => env.fromIterable([i]));
  for (let depth = 1; depth < 10; depth++) {
    const former = layer;
    layer = former.map((first, i) => first.union(...Array.from({ length: fanIn - 1 }, (_, j) => former[(i + j + 1) % width]!))
      .filter((value) => value === i).with({ name: `${depth}.${i}` }));
  }
  const seen: number[] = [];
  layer[0]!.union(...layer.slice(1)).sink((value) => { seen.push(value); }, { name: "out" });
  const { status, operators } = await env.submit(limits);
  expect(status).toBe("completed");
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: width }, (_, i) => i));
  const layers = operators.filter(({ name }) => /^\d+\.\d+$/.test(name));
  expect(layers).toHaveLength(900);
  expect(layers.filter(({ recordsIn, recordsOut }) => recordsIn !== fanIn || recordsOut !== 1)).toEqual([]);
}, limits.timeoutMs);

test("a shuffle of 64 × 64 instances delivers each record once", async () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => i);
  const records = await runToArray((env) => env.fromIterable(numbers).rebalance().map((value) => value).keyBy((value) => value).reduce((a) => a), { ...limits, parallelism: 64 });
  expect(records.sort((a, b) => a - b)).toEqual(numbers);
}, limits.timeoutMs);
