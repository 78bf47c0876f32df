// One plan over several engines, as over several workers: every slot its own engine, channels between them.

import { expect, test } from "vitest";
import { PipelineBuilder } from "@sage/graph";
import { compile } from "@sage/graph";
import { endedLoops, sumLoops, type LoopSums } from "@sage/protocol/records";
import { Engine } from "./engine.ts";
import { localChannel } from "./exchange/local-channel.ts";
import { numbersTo, sorted, turn } from "./testing/pipeline-run.ts";
import type { RemoteChannels } from "./wiring.ts";

/** Runs a pipeline with one engine for each slot; decides about loops as the daemon does. */
async function runInSlots(build: (env: PipelineBuilder) => string): Promise<{ results: unknown[]; engines: Engine[] }> {
  const env = new PipelineBuilder("slots");
  const nodeId = build(env);
  const graph = env.graph();
  const plan = compile(graph);
  const channels = new Map<string, ReturnType<typeof localChannel>>();
  const channel = (...id: number[]) => {
    const found = channels.get(id.join("/")) ?? localChannel(2);
    channels.set(id.join("/"), found);
    return found;
  };
  const remote: RemoteChannels = { output: (edge, from, to) => channel(edge, from, to).output, input: (edge, from, to) => channel(edge, from, to).input };
  const results: unknown[] = [];
  const hooks = {
    onLog: () => {}, onPrint: () => {}, onDeadLetter: () => {}, data: () => undefined,
    onCollect: (id: string, _index: number, batch: unknown[]) => {
      if (id === nodeId) results.push(...batch);
      return undefined;
    },
  };
  const engines = await Promise.all(numbersTo(plan.slots).map((slot) => Engine.open({ plan, graph, jobId: "job", baseDir: ".", slots: [slot], channels: remote, hooks })));
  let running = true;
  const all = Promise.all(engines.map((engine) => engine.run())).finally(() => (running = false));
  const ended = new Set<string>();
  let earlier: LoopSums = new Map();
  while (running) {
    await turn();
    const later = sumLoops(engines.map((engine) => engine.loops()));
    for (const loopId of endedLoops(earlier, later)) {
      if (ended.has(loopId)) continue;
      ended.add(loopId);
      for (const engine of engines) engine.endLoop(loopId);
    }
    earlier = later;
  }
  await all;
  return { results, engines };
}

test("records, keys and ends cross slots", async () => {
  const { results, engines } = await runInSlots((env) => env.fromIterable(numbersTo(10_000), { parallelism: 2 }).map((n) => n + 1, { parallelism: 3 })
    .keyBy((n) => n % 100).aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => [key, count] }, { emit: "end", parallelism: 4 }).collect({ parallelism: 1 }).nodeId);
  expect(engines).toHaveLength(4);
  expect(sorted((results as [number, number][]).map(([key]) => key))).toEqual(numbersTo(100));
  expect((results as [number, number][]).every(([, count]) => count === 100)).toBe(true);
});

test("a loop over all slots ends by counting, with narrow channels and expansion", async () => {
  const { results } = await runInSlots((env) => {
    const back = env.fromFuture<number>("back");
    const nodes = env.fromIterable([1]).union(back).keyBy((n) => n).process<number>((n, ctx) => ctx.collect(n), { parallelism: 3 });
    nodes.flatMap((n) => [2 * n, 2 * n + 1], { parallelism: 3 }).filter((n) => n < 30_000, { parallelism: 3 }).fillFuture(back);
    return nodes.collect({ parallelism: 1 }).nodeId;
  });
  expect(sorted(results as number[])).toEqual(numbersTo(30_000).slice(1));
});

test("remote operators have slots apart from those of others; records, keys, loops and ends cross over and back", async () => {
  const { results, engines } = await runInSlots((env) => {
    const squares = env.fromIterable(numbersTo(3_000), { parallelism: 2 }).map((n) => n * n, { parallelism: 2, remote: true }).filter((n) => n % 2 === 0, { parallelism: 2 });
    const sums = squares.keyBy((n) => n % 7).reduce((a, b) => a + b, { parallelism: 3, remote: true, emit: "end" });
    return sums.collect({ parallelism: 1 }).nodeId;
  });
  const expected = new Map<number, number>();
  for (const n of numbersTo(3_000)) if ((n * n) % 2 === 0) expected.set((n * n) % 7, (expected.get((n * n) % 7) ?? 0) + n * n);
  expect(sorted(results as number[])).toEqual(sorted([...expected.values()]));
  const places = engines.map((engine) => engine.metrics().map(({ operator, index }) => `${operator} ${index}`));
  expect(places).toHaveLength(5);
  expect(places.slice(0, 2).flat().filter((each) => each.startsWith("map") || each.startsWith("reduce"))).toEqual([]);
  expect(places.slice(2).map((each) => each.filter((name) => !/^(map|reduce) \d$/.test(name)))).toEqual([[], [], []]);
});
