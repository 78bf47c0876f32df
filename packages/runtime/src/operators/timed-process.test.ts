// Timers of process functions in whole pipelines.

import { expect, test } from "vitest";
import { ProcessFunction, type ProcessContext, type TimerContext } from "@sage/graph";
import { ManualClock } from "../testing/manual-clock.ts";
import { recordsOf, turn } from "../testing/pipeline-run.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
}

const readings = (...rows: readonly (readonly [string, number])[]): Reading[] => rows.map(([key, at]) => ({ key, at }));

/** Says when a key has been silent for 10 ms of event time. */
class Silence extends ProcessFunction<Reading, string> {
  execute(_reading: Reading, ctx: ProcessContext<string>): void {
    const last = ctx.state.value<number | null>("timer", null);
    const due = last.get();
    if (due !== null) ctx.timers.deleteEventTime(due);
    last.set(ctx.timestampMs! + 10);
    ctx.timers.onEventTime(ctx.timestampMs! + 10);
  }
  override async onTimer(timeMs: number, ctx: TimerContext<string>): Promise<void> {
    ctx.state.value<number | null>("timer", null).clear();
    await turn();
    await ctx.collect(`${String(ctx.key)} silent at ${timeMs} (${ctx.timeKind}, ${ctx.timestampMs})`);
  }
}

test.each([1, 2])("a timer fires when the watermark reaches it, once, unless it was deleted; at parallelism %i", async (parallelism) => {
  const records = readings(["a", 0], ["b", 3], ["a", 8], ["c", 30], ["a", 31], ["c", 33], ["d", 60]);
  const found = await recordsOf((env) => env.fromIterable(records).assignTimestamps((r) => r.at, { emit: "record" }).keyBy((r) => r.key).process(Silence), { env: { parallelism } });
  const expected = ["b silent at 13", "a silent at 18", "a silent at 41", "c silent at 43", "d silent at 70"].map((text) => `${text} (event, ${text.split(" ").at(-1)})`);
  if (parallelism === 1) expect(found).toEqual(expected);
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test("timers of all keys fire in the order of their times, also those that a timer asks for", async () => {
  const found = await recordsOf((env) => env.fromIterable(readings(["a", 5], ["b", 1], ["a", 3])).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: 10 }).keyBy((r) => r.key).process<string>({
    execute: (r, ctx) => {
      ctx.timers.onEventTime(r.at * 10);
      ctx.timers.onEventTime(r.at * 10);
    },
    onTimer: (timeMs, ctx) => {
      void ctx.collect(`${String(ctx.key)} ${timeMs}`);
      if (timeMs === 10) ctx.timers.onEventTime(40);
    },
  }));
  expect(found).toEqual(["b 10", "a 30", "b 40", "a 50"]);
});

test("a timer behind the watermark fires with the next one", async () => {
  const found = await recordsOf((env) => env.fromIterable(readings(["a", 100], ["a", 101], ["a", 102])).assignTimestamps((r) => r.at, { emit: "record" }).keyBy((r) => r.key).process<string>({
    execute: (r, ctx) => {
      if (r.at === 101) ctx.timers.onEventTime(7);
      void ctx.collect(`record ${r.at}`);
    },
    onTimer: (timeMs, ctx) => void ctx.collect(`timer ${timeMs}`),
  }));
  expect(found).toEqual(["record 100", "record 101", "timer 7", "record 102"]);
});

test("timers by the clock fire without records, and those left at the end do not", async () => {
  const clock = new ManualClock(1_000);
  const source = async function* () {
    yield { key: "a", waitMs: 50 };
    yield { key: "b", waitMs: 20 };
    await clock.advance(30);
    await clock.advance(30);
    yield { key: "c", waitMs: 10 };
  };
  const found = await recordsOf((env) => env.fromIterable(source()).keyBy((r) => r.key).process<string>({
    execute: (r, ctx) => {
      ctx.timers.onProcessingTime(ctx.timers.nowMs() + r.waitMs);
      void ctx.collect(`record ${r.key}`);
    },
    onTimer: (timeMs, ctx) => void ctx.collect(`${String(ctx.key)} at ${timeMs}, ${ctx.timeKind}, ${String(ctx.timestampMs)}`),
  }), { clock });
  expect(found).toEqual(["record a", "record b", "b at 1020, processing, undefined", "a at 1050, processing, undefined", "record c"]);
});

test("timers without a key, or without an onTimer, are an error that says so", async () => {
  const unkeyed = recordsOf((env) => env.fromIterable([1]).process<number>({ execute: (_n, ctx) => ctx.timers.onEventTime(1), onTimer: () => {} }));
  await expect(unkeyed).rejects.toMatchObject({ cause: { code: "SAGE_NO_TIMERS" } });
  const deaf = recordsOf((env) => env.fromIterable([1]).keyBy((n) => n).process<number>((_n, ctx) => ctx.timers.onEventTime(1)));
  await expect(deaf).rejects.toMatchObject({ cause: { code: "SAGE_NO_TIMERS" } });
});

test("an error in onTimer names the operator, and is its policy's to handle", async () => {
  const broken = { execute: (n: number, ctx: ProcessContext<number>) => ctx.timers.onEventTime(n), onTimer: () => { throw new Error("no"); } };
  const failing = recordsOf((env) => env.fromIterable([1]).assignTimestamps((n) => n).keyBy((n) => n).process(broken, { name: "broken" }));
  await expect(failing).rejects.toMatchObject({ code: "SAGE_OPERATOR_FAILED", operator: "broken" });
  expect(await recordsOf((env) => env.fromIterable([1, 2]).assignTimestamps((n) => n).keyBy((n) => n).process(broken, { onError: "skip" }))).toEqual([]);
});
