// Operators whose state is large enough to be written in layers, broken off at a checkpoint of several: what they give
// must be what they give in one run.

import { expect, test } from "vitest";
import { BatchFunction, session, sliding, tumbling, type PipelineBuilder, type Stream } from "@sage/graph";
import { openCheckpointed, type HeldCheckpoint } from "../testing/checkpointed-run.ts";
import { recordsOf, turn } from "../testing/pipeline-run.ts";

interface Reading {
  readonly key: number;
  readonly atMs: number;
  readonly text: string;
}

const count = 9_000;
const keys = 3_000;

/** Each key once, then a few of them again and again, while time goes on; gives the event loop its turn now and then. */
class Readings extends BatchFunction<Reading> {
  next = 0;
  async execute(): Promise<Reading | null> {
    if (this.next % 50 === 0) await turn();
    if (this.next >= count) return null;
    const n = this.next++;
    return { key: n < keys ? n : (n * 7) % 60, atMs: n, text: `${n} `.repeat(40) };
  }
}

const timed = (env: PipelineBuilder) => env.fromBatch(Readings).assignTimestamps(({ atMs }) => atMs, { maxOutOfOrdernessMs: 10 });
const lengths = { init: (): string[] => [], add: (all: string[], { text }: Reading) => [...all, text], merge: (a: string[], b: string[]) => [...a, ...b], result: (all: string[], key: unknown) => `${String(key)}: ${all.join("").length}` };

const shapes: Record<string, (env: PipelineBuilder) => Stream<string>> = {
  "tumbling windows": (env) => timed(env).keyBy(({ key }) => key).window(tumbling(8_000)).aggregate(lengths),
  "sliding windows": (env) => timed(env).keyBy(({ key }) => key).window(sliding(8_000, 2_000)).aggregate(lengths),
  "session windows": (env) => timed(env).keyBy(({ key }) => key).window(session(5_500)).aggregate(lengths),
  "sliding windows that stay": (env) => timed(env).keyBy(({ key }) => key).window(sliding(1_000, 500)).allowedLateness(100_000).aggregate(lengths),
  "session windows that stay": (env) => timed(env).keyBy(({ key }) => key).window(session(500)).allowedLateness(100_000).aggregate(lengths),
  timers: (env) => timed(env).keyBy(({ key }) => key).process<string>({
    execute: ({ key, text }, ctx) => {
      const texts = ctx.state.list<string>("texts");
      texts.add(text);
      for (const laterMs of [5_500, 50_000]) ctx.timers.onEventTime(ctx.timestampMs! + laterMs);
      void ctx.collect(`${key}: ${texts.get().length}`);
      if (texts.get().length === 10) texts.set([]);
    },
    onTimer: (timeMs, ctx) => void ctx.collect(`${String(ctx.key)} at ${timeMs}`),
  }),
  join: (env) => timed(env).keyBy(({ key }) => key).connect(timed(env).filter(({ atMs }) => atMs % 100 === 0).keyBy(({ key }) => key)).join((a, b) => `${a.atMs} ${b.atMs}`),
  "interval join": (env) => timed(env).keyBy(({ key }) => key).connect(timed(env).keyBy(({ key }) => key)).intervalJoin({ lowerMs: -5_500, upperMs: 0 }, (a, b) => `${a.atMs} ${b.atMs}`),
};

test.each(Object.keys(shapes))("%s", async (shape) => {
  const whole = (await recordsOf((env) => shapes[shape]!(env))).toSorted();
  const out: string[] = [];
  let from: HeldCheckpoint | undefined;
  let layered = 0;
  for (const checkpoints of [7, 3, 0]) {
    const { engine, take } = await openCheckpointed((env) => void shapes[shape]!(env).sink((text) => void out.push(text)), { from });
    await using _ = engine;
    const run = engine.run();
    run.catch(() => {}); // it is cancelled, but for the last
    for (let checkpoint = 1; checkpoint <= checkpoints; checkpoint++) {
      for (let i = 0; i < 20; i++) await turn();
      from = await take(checkpoint, { halt: checkpoint === checkpoints });
      await engine.commitCheckpoint(checkpoint);
      if (from.snapshots.some(({ files }) => files.some(({ kind }) => kind === "keyed-changes"))) layered++;
    }
    if (checkpoints === 0) await run;
    else await engine.cancel();
  }
  expect(layered).toBeGreaterThan(1); // else nothing was shown
  expect(out.toSorted()).toEqual(whole);
}, 60_000);
