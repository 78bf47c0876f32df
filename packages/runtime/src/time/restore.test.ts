// Windows, timers and joins by time over a checkpoint: what comes out before it and behind the restore is what comes out
// without either, with late records among the input, and whatever the parallelism.

import { expect, test } from "vitest";
import { continuousEventTimeTrigger, count, outputTag, session, sliding, tumbling, type PipelineBuilder, type Stream, type TimeWindow, type WindowSpec } from "@sage/graph";
import { openCheckpointed, type HeldCheckpoint } from "../testing/checkpointed-run.ts";
import { recordsOf, turn } from "../testing/pipeline-run.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
  readonly isLate: boolean;
}

const limit = 6_000;
/** Every 97th is 500 ms behind: too late for most windows. */
const reading = (i: number): Reading => ({ key: `k${(i * 7) % 13}`, at: i * 2 - ((i * 31) % 8) - (i % 97 === 0 ? 500 : 0), isLate: i % 97 === 0 });

/** Gives the event loop its turn now and then, so that a checkpoint comes amid the records. */
const slow = () => {
  let next = 0;
  return () => {
    if (next === limit) return null;
    const record = reading(next++);
    return next % 200 === 0 ? turn().then(() => record) : record;
  };
};

type Build = (env: PipelineBuilder) => Stream<string>;

async function inTwoRuns(build: Build, [from, to]: readonly [number, number]): Promise<string[]> {
  const found: string[] = [];
  const sinking = (env: PipelineBuilder) => void build(env).sink((text) => void found.push(text), { parallelism: 1 });
  let checkpoint: HeldCheckpoint;
  {
    const { engine, take } = await openCheckpointed(sinking, { parallelism: from });
    engine.run().catch(() => {});
    for (let i = 0; i < 12; i++) await turn();
    checkpoint = await take(1, { halt: true });
    expect(checkpoint.snapshots.every(({ finished }) => finished)).toBe(false); // else nothing is shown
    await engine.cancel();
    await engine[Symbol.asyncDispose]();
  }
  expect(found.length).toBeLessThan((await recordsOf(build)).length);
  const { engine } = await openCheckpointed(sinking, { parallelism: to, from: checkpoint });
  await using _ = engine;
  await engine.run();
  return found;
}

const counting = {
  init: () => 0, add: (n: number) => n + 1, merge: (a: number, b: number) => a + b,
  result: (n: number, key: unknown, { startMs, endMs }: TimeWindow) => `${String(key)} ${startMs}-${endMs}: ${n}`,
};
const late = outputTag<Reading>("late");
const timed = (env: PipelineBuilder) => env.fromBatch(slow()).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: 10, emit: "record" });
const windowed = (windows: WindowSpec, latenessMs = 0): Build => (env) => {
  const counts = timed(env).keyBy((r) => r.key).window(windows).allowedLateness(latenessMs).lateTo(late).aggregate(counting);
  return counts.union(counts.sideOutput(late).map((r) => `late ${r.key} ${r.at}`));
};

const pipelines: Record<string, Build> = {
  "tumbling windows": windowed(tumbling(100)),
  "sliding windows": windowed(sliding(300, 100)),
  "windows with lateness": windowed(tumbling(100), 450),
  "sessions": windowed(session(20)),
  "windows with a trigger": (env) => timed(env).keyBy((r) => r.key).window(tumbling(400)).trigger(continuousEventTimeTrigger(100)).aggregate(counting),
  "count windows": (env) => timed(env).keyBy((r) => r.key).window(count(7, 3)).process<string>((all, ctx) => void ctx.collect(`${ctx.key}: ${all.map((r) => r.at).join()}`)),
  "all records of windows": (env) => timed(env).keyBy((r) => r.key).window(tumbling(100)).process<string>((all, ctx) => void ctx.collect(`${ctx.key}: ${all.map((r) => r.at).join()}`)),
  "timers": (env) => timed(env).keyBy((r) => r.key).process<string>({
    execute: (r, ctx) => {
      const seen = ctx.state.value("seen", 0);
      seen.set(seen.get() + 1);
      if (r.at > ctx.timers.watermarkMs) ctx.timers.onEventTime(Math.ceil(r.at / 50) * 50);
    },
    onTimer: (timeMs, ctx) => void ctx.collect(`${String(ctx.key)} at ${timeMs}: ${ctx.state.value("seen", 0).get()}`),
  }),
  "an interval join": (env) => {
    const readings = timed(env).filter((r) => !r.isLate); // what is late of two streams depends on their pace
    const [odd, even] = [readings.filter((r) => r.at % 2 !== 0), readings.filter((r) => r.at % 2 === 0)];
    return odd.keyBy((r) => r.key).connect(even.keyBy((r) => r.key)).intervalJoin({ lowerMs: -30, upperMs: 40 }, (a, b) => `${a.key} ${a.at} ${b.at}`);
  },
  "a window join": (env) => {
    const readings = timed(env).filter((r) => !r.isLate); // what is late of two streams depends on their pace
    const [odd, even] = [readings.filter((r) => r.at % 2 !== 0), readings.filter((r) => r.at % 2 === 0)];
    return odd.keyBy((r) => r.key).connect(even.keyBy((r) => r.key)).windowJoin(tumbling(100), (a, b) => `${a.key} ${a.at} ${b.at}`);
  },
};

test.each(Object.keys(pipelines).flatMap((name) => ([[1, 1], [1, 3], [3, 1], [2, 2]] as const).map((parallelism) => [name, ...parallelism] as const)))("%s go on over a restore, parallelism %i → %i", async (name, from, to) => {
  const build = pipelines[name]!;
  expect((await inTwoRuns(build, [from, to])).toSorted()).toEqual((await recordsOf(build)).toSorted());
});
