import { deferred } from "@sage/core";
import { PipelineBuilder, SourceFunction, type WatermarkAlignment } from "@sage/graph";
import { expect, test } from "vitest";
import { openInProcess } from "../in-process.ts";
import { inMemory } from "../testing/checkpointed-run.ts";
import { turn } from "../testing/pipeline-run.ts";

const alignment: WatermarkAlignment = { group: "g", maxDriftMs: 100, updateIntervalMs: 1 };

/** A source that could give times up to 100,000 at once, beside one whose time the test moves. */
function twoSources({ aligned = true, group = "g", idleAfterMs }: { aligned?: boolean; group?: string; idleAfterMs?: number } = {}) {
  const state = { fast: 0, slow: [0] as number[], isSlowOver: false, seen: 0 };
  const env = new PipelineBuilder("test");
  const options = aligned ? { alignment } : {};
  const fast = env.fromSource(() => (state.fast >= 100_000 ? null : state.fast++), { name: "fast" }).assignTimestamps((n) => n as number, options);
  const slow = env.fromSource(() => state.slow.shift() ?? (state.isSlowOver ? null : SourceFunction.IDLE), { name: "slow" })
    .assignTimestamps((n) => n as number, { ...(aligned ? { alignment: { ...alignment, group } } : {}), ...(idleAfterMs === undefined ? {} : { idleAfterMs }) });
  fast.union(slow).sink(() => { state.seen++; });
  return { state, graph: env.graph() };
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Resolves when the fast source has stopped where it is. */
async function rests(at: () => number): Promise<number> {
  for (let last = -1; ;) {
    const now = at();
    if (now === last) return now;
    last = now;
    for (let i = 0; i < 30; i++) await turn();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a source that is ahead of its group by more than the drift rests until the slowest has come on, or has ended", async () => {
  const { state, graph } = twoSources();
  await using engine = await openInProcess(graph);
  const run = engine.run();
  const first = await rests(() => state.fast);
  expect(first).toBeGreaterThan(100);
  expect(first).toBeLessThan(100_000);
  state.slow.push(50_000);
  await until(() => state.fast > 50_000);
  const second = await rests(() => state.fast);
  expect(second).toBeLessThan(100_000);
  state.isSlowOver = true;
  await run;
  expect(state.fast).toBe(100_000);
  expect(state.seen).toBe(100_002);
});

test("an idle source is not waited for, nor one of another group, nor without alignment", async () => {
  for (const given of [{ idleAfterMs: 5 }, { group: "another" }, { aligned: false }]) {
    const { state, graph } = twoSources(given);
    await using engine = await openInProcess(graph);
    const run = engine.run();
    await until(() => state.fast === 100_000);
    state.isSlowOver = true;
    await run;
  }
});

test("where other processes have sources of the group, what is said of all of them counts", async () => {
  const { state, graph } = twoSources();
  const reported = deferred<readonly { group: string; timeMs: number }[]>();
  await using engine = await openInProcess(graph, { onAlignment: (times) => { if (times[0]!.timeMs > -Infinity) reported.resolve(times); } });
  engine.align([{ group: "g", timeMs: -5_000 }]);
  const run = engine.run();
  expect((await reported.promise)[0]).toMatchObject({ group: "g" });
  expect(await rests(() => state.fast)).toBeLessThan(100_000);
  engine.align([{ group: "g", timeMs: Infinity }]);
  await until(() => state.fast === 100_000);
  state.isSlowOver = true;
  await run;
});

test("a source that rests takes its snapshot all the same, and rests on; told to end, it ends", async () => {
  const { state, graph } = twoSources();
  await using engine = await openInProcess(graph, { staging: inMemory });
  const run = engine.run();
  await rests(() => state.fast);
  const saved = await engine.triggerCheckpoint({ checkpointId: 1, savepoint: false, halt: false, drain: false });
  expect(saved.map(({ finished }) => finished)).not.toContain(true);
  expect(await rests(() => state.fast)).toBeLessThan(100_000);
  engine.drain();
  await run;
  expect(state.fast).toBeLessThan(100_000);
});

test("a group without a name, and a drift below 0, are refused", () => {
  const numbers = new PipelineBuilder("test").fromIterable([1]);
  expect(() => numbers.assignTimestamps((n) => n, { alignment: { group: "", maxDriftMs: 1 } })).toThrow("alignment.group must be a name");
  expect(() => numbers.assignTimestamps((n) => n, { alignment: { group: "g", maxDriftMs: -1 } })).toThrow("alignment.maxDriftMs must be 0 or more, not -1");
  expect(() => numbers.assignTimestamps((n) => n, { alignment: { group: "g", maxDriftMs: 1, updateIntervalMs: 0 } })).toThrow("alignment.updateIntervalMs must be more than 0");
});
