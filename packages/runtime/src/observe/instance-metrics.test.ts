import { deferred } from "@sage/core";
import { PipelineBuilder, SourceFunction } from "@sage/graph";
import { expect, test } from "vitest";
import type { Engine } from "../engine.ts";
import { openInProcess } from "../in-process.ts";
import { numbersTo, runPipeline, turn } from "../testing/pipeline-run.ts";
import type { InstanceMetrics } from "./instance-metrics.ts";

const of = (metrics: readonly InstanceMetrics[], operator: string) => metrics.find((each) => each.operator === operator)!;

/** How each operator's time grows while nothing happens. */
async function growing(engine: Engine, ...operators: readonly string[]): Promise<string[]> {
  const totals = () => operators.map((operator) => of(engine.metrics(), operator).load!.total);
  const before = totals();
  await turn();
  const after = totals();
  return operators.map((_, i) => (["busy", "backPressured", "idle"] as const).filter((field) => after[i]![field] > before[i]![field]).join());
}

async function afterTurns(): Promise<void> {
  for (let i = 0; i < 100; i++) await turn();
}

test("in front of an operator that holds its records a source is back-pressured, the holder is busy, and who comes behind is idle", async () => {
  const held = deferred();
  const env = new PipelineBuilder("test");
  env.fromIterable(numbersTo(40_000), { name: "numbers" }).map(async (n) => {
    await held.promise;
    return n;
  }, { name: "holder", parallelism: 2 }).sink(() => {}, { name: "out", parallelism: 1 });
  await using engine = await openInProcess(env.graph());
  const run = engine.run();
  await afterTurns();
  expect(await growing(engine, "numbers", "holder", "out")).toEqual(["backPressured", "busy", "idle"]);
  held.resolve();
  await run;
  expect(await growing(engine, "numbers", "holder", "out")).toEqual(["", "", ""]);
  expect(of(engine.metrics(), "numbers").load!.perSecond.busy).toBe(0);
});

test("a source that has nothing now is idle", async () => {
  let isOver = false;
  const env = new PipelineBuilder("test");
  env.fromSource(() => (isOver ? null : SourceFunction.IDLE), { name: "quiet" }).sink(() => {});
  await using engine = await openInProcess(env.graph());
  const run = engine.run();
  await afterTurns();
  const { idle, busy, backPressured } = of(engine.metrics(), "quiet").load!.total;
  expect(idle).toBeGreaterThan(0);
  expect(backPressured).toBe(0);
  expect(busy).toBeGreaterThan(0);
  isOver = true;
  await run;
});

test("what waits in a task's inputs is its queue; where nobody observes, times are absent", async () => {
  const held = deferred();
  const env = new PipelineBuilder("test");
  env.fromIterable(numbersTo(5_000), { name: "numbers" }).sink(async () => held.promise, { name: "held", parallelism: 2 });
  await using engine = await openInProcess(env.graph(), { observed: false });
  const run = engine.run();
  for (let i = 0; i < 20; i++) await turn();
  expect(of(engine.metrics(), "held")).toMatchObject({ bytesIn: 0, stateKeys: 0 });
  expect(of(engine.metrics(), "held").queued).toBeGreaterThan(0);
  expect(of(engine.metrics(), "held").load).toBeUndefined();
  held.resolve();
  await run;
  expect(of(engine.metrics(), "held").queued).toBe(0);
});

test("every operator says how far event time has come behind assignTimestamps, and how many keys it keeps", async () => {
  const { metrics } = await runPipeline((env) => void env.fromIterable(numbersTo(100), { name: "numbers" })
    .assignTimestamps((n) => n, { maxOutOfOrdernessMs: 0, emit: "record" }).keyBy((n) => n % 3)
    .process<number>((n, ctx) => { ctx.state.value("last", 0).set(n); }, { name: "kept" }).sink(() => {}));
  expect(of(metrics, "numbers").watermarkMs).toBeUndefined();
  expect(of(metrics, "kept").watermarkMs).toBeGreaterThanOrEqual(97);
  expect(of(metrics, "kept").stateKeys).toBe(3);
});
