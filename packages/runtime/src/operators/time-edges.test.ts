// Further cases that Flink's documentation of windows, joins, timers, watermarks and broadcast state settles, written anew.

import { deferred } from "@sage/core";
import { describe, expect, test } from "vitest";
import {
  countTrigger, eventTimeTrigger, globalWindow, outputTag, processingTime, purging, session, tumbling,
  type BroadcastContext, type PipelineBuilder, type TimeWindow, type WatermarkOutput, type WindowedStream, type WindowSpec,
} from "@sage/graph";
import { ManualClock } from "../testing/manual-clock.ts";
import { recordsOf, runPipeline } from "../testing/pipeline-run.ts";

const counting = {
  init: () => 0, add: (n: number) => n + 1, merge: (a: number, b: number) => a + b,
  result: (n: number, _key: unknown, { startMs, endMs }: TimeWindow) => `${startMs}-${endMs}: ${n}`,
};
const timed = (env: PipelineBuilder, times: readonly number[]) => env.fromIterable(times).assignTimestamps((at) => at, { emit: "record" }).keyBy(() => "all");
type Windowed = WindowedStream<number, string>;
/** What windows emit, in order; the watermark follows every record. */
const windowed = (times: readonly number[], windows: WindowSpec, more: (windowed: Windowed) => Windowed): Promise<string[]> =>
  recordsOf((env) => more(timed(env, times).window(windows)).aggregate(counting));

describe("allowed lateness", () => {
  test.each([["of the windows' own", (w: Windowed) => w], ["with a trigger", (w: Windowed) => w.trigger(eventTimeTrigger())]])("ends when the watermark reaches the last millisecond and the lateness, not one before; %s", async (_how, more) => {
    expect(await windowed([5, 14, 6], tumbling(10), (w) => more(w).allowedLateness(5))).toEqual(["0-10: 1", "0-10: 2", "10-20: 1"]); // 13: one before
    expect(await windowed([5, 15, 6], tumbling(10), (w) => more(w).allowedLateness(5))).toEqual(["0-10: 1", "10-20: 1"]);
  });

  test("lets a late record bridge two sessions that have fired: they fire anew as one", async () => {
    expect(await windowed([0, 15, 60, 8], session(10), (w) => w.allowedLateness(100))).toEqual(["0-10: 1", "15-25: 1", "0-25: 3", "60-70: 1"]);
  });

  test("of a window that is purged as it fires: a late record fires alone", async () => {
    expect(await windowed([1, 2, 15, 3], tumbling(10), (w) => w.trigger(purging(eventTimeTrigger())).allowedLateness(50))).toEqual(["0-10: 2", "0-10: 1", "10-20: 1"]);
  });
});

describe("windows", () => {
  test("for all of time take every record: none is late", async () => {
    expect(await windowed([1_000, 5, -7, 2_000], globalWindow(), (w) => w.trigger(countTrigger(2)))).toEqual(["-Infinity-Infinity: 2", "-Infinity-Infinity: 4"]);
  });

  test("by the clock give their results their last millisecond as time, too", async () => {
    const clock = new ManualClock(1_030);
    const found = await recordsOf((env) => env.fromIterable([7]).assignTimestamps((at) => at).keyBy(() => "all").window(processingTime(tumbling(100))).aggregate(counting)
      .process<string>((text, ctx) => void ctx.collect(`${text} at ${ctx.timestampMs}`)), { clock });
    expect(found).toEqual(["1000-1100: 1 at 1099"]);
  });

  test("fold by reduce what came in, and a second function makes the result of it with window and key", async () => {
    expect(await recordsOf((env) => timed(env, [7, 3, 12]).window(tumbling(10)).reduce(Math.min, (least, { startMs }, key) => `${key} ${startMs}: ${least}`))).toEqual(["all 0: 3", "all 10: 12"]);
  });

  test("of all records have state of their key over all of its windows, and side outputs", async () => {
    const long = outputTag<string>("long");
    const run = await runPipeline((env) => {
      const all = timed(env, [1, 2, 11, 21, 22]).window(tumbling(10)).process<string>((records, ctx) => {
        const windows = ctx.state.value("windows", 0);
        windows.set(windows.get() + 1);
        if (records.length > 1) void ctx.output(long, `${ctx.window.startMs} is long`);
        void ctx.collect(`${windows.get()}: ${records.join()}`);
      });
      all.print();
      all.sideOutput(long).print();
    });
    expect(run.printed.toSorted()).toEqual(["0 is long", "20 is long", "1: 1,2", "2: 11", "3: 21,22"].toSorted());
  });
});

describe("a window join", () => {
  const pair = (left: string, right: string) => `${left} ${right}`;

  /** One record of each side in the window 0 to 10; when that has fired, with the watermark at 99, another one on the left. */
  async function lateLeft(allowedLatenessMs: number) {
    const hasFired = deferred();
    const lefts = async function* () {
      yield* [5, 100];
      await hasFired.promise;
      yield 6;
    };
    const keyed = (env: PipelineBuilder, side: string, times: Iterable<number> | AsyncIterable<number>) =>
      env.fromIterable(times).assignTimestamps((at) => at).map((at) => `${side}${at}`).keyBy(() => "all");
    const found: string[] = [];
    const run = await runPipeline((env) => {
      keyed(env, "l", lefts()).connect(keyed(env, "r", [7, 100])).windowJoin(tumbling(10), pair, { name: "join", allowedLatenessMs }).process<string>({
        execute: (joined, ctx) => void ctx.collect(`${joined} at ${ctx.timestampMs}`),
      }).sink((text) => {
        found.push(text);
        hasFired.resolve();
      });
    });
    return { found, skipped: run.metrics.find(({ operator }) => operator === "join")?.skipped };
  }

  test("gives its pairs the last millisecond of their window as time", async () => {
    expect((await lateLeft(0)).found).toEqual(["l5 r7 at 9", "l100 r100 at 109"]);
  });

  test("takes no record whose window is over, and counts it as skipped", async () => {
    expect((await lateLeft(90)).skipped).toBe(1); // 9 + 90 is where the watermark is
    expect((await lateLeft(0)).skipped).toBe(1);
  });

  test("joins a window again for a record that comes within the allowed lateness", async () => {
    expect(await lateLeft(91)).toEqual({ found: ["l5 r7 at 9", "l5 r7 at 9", "l6 r7 at 9", "l100 r100 at 109"], skipped: 0 });
  });
});

describe("timers", () => {
  test("of one time are one, by the clock too; the same time by the records is another; what is not there can be deleted", async () => {
    const clock = new ManualClock(1_000);
    const source = async function* () {
      yield 1_000;
      await clock.advance(100);
      yield 2_000;
    };
    const found = await recordsOf((env) => env.fromIterable(source()).assignTimestamps((at) => at, { emit: "record" }).keyBy(() => "all").process<string>({
      execute: (at, { timers }) => {
        if (at > 1_000) return;
        for (const timeMs of [1_050, 1_050, 1_060]) timers.onProcessingTime(timeMs);
        timers.onEventTime(1_050);
        timers.deleteProcessingTime(1_060);
        timers.deleteProcessingTime(7);
        timers.deleteEventTime(1_060);
      },
      onTimer: (timeMs, ctx) => void ctx.collect(`${timeMs} ${ctx.timeKind}`),
    }), { clock });
    expect(found).toEqual(["1050 processing", "1050 event"]);
  });
});

describe("a watermark generator", () => {
  const thereAndBack = (_at: number, timeMs: number, output: WatermarkOutput) => {
    output.emit(timeMs);
    output.emit(timeMs - 40);
  };

  test("is heard before the next record; going back, it changes nothing", async () => {
    const found = await recordsOf((env) => env.fromIterable([1, 50, 30, 12, 60]).assignTimestamps((at) => at, { generator: () => ({ onEvent: thereAndBack }) })
      .keyBy(() => "all").window(tumbling(10)).aggregate(counting));
    expect(found).toEqual(["0-10: 1", "50-60: 1", "60-70: 1"]); // 30 and 12 are late behind 50
  });

  test("is asked now and then without records, and may go by the clock", async () => {
    const clock = new ManualClock(0);
    const fired = deferred();
    const source = async function* () {
      yield 5;
      await clock.advance(20);
      await fired.promise; // or the test hangs
    };
    const found: string[] = [];
    await runPipeline((env) => env.fromIterable(source()).assignTimestamps((at) => at, { generator: () => ({ onEvent: () => {}, onPeriodic: (output) => output.emit(clock.now()) }) })
      .keyBy(() => "all").window(tumbling(10)).aggregate(counting).sink((text) => {
        found.push(text);
        fired.resolve();
      }), { clock });
    expect(found).toEqual(["0-10: 1"]);
  });

  test("may say that nobody needs to wait for its stream: then the last watermark of one that has ended counts", async () => {
    const [fired, hasCome] = [deferred(), deferred()];
    const ending = async function* () {
      yield 2;
      await hasCome.promise;
      yield 30;
    };
    const silent = async function* () {
      yield 1;
      await fired.promise; // or the test hangs
    };
    const found: string[] = [];
    await runPipeline((env) => {
      const idle = env.fromIterable(silent()).assignTimestamps((at) => at, { generator: () => ({ onEvent: (_at: number, _timeMs, output) => output.markIdle() }) });
      env.fromIterable(ending()).assignTimestamps((at) => at, { everyMs: 60_000 }).union(idle).map((at) => {
        if (at === 1) hasCome.resolve();
        return at;
      }).keyBy(() => "all").window(tumbling(10)).aggregate(counting).sink((text) => {
        found.push(text);
        fired.resolve();
      });
    });
    expect(found.at(-1)).toBe("30-40: 1");
  });
});

describe("beside a broadcast stream", () => {
  const rule = (env: PipelineBuilder) => env.fromIterable([9]).assignTimestamps((at) => at);
  type Hidden = BroadcastContext<string> & { readonly timers: { onEventTime(timeMs: number): void } };

  test("both sides have the time of their record and side outputs; a timer sees what was broadcast, and cannot write it", async () => {
    const aside = outputTag<string>("aside");
    const run = await runPipeline((env) => {
      const main = timed(env, [5]).connect(rule(env).broadcast()).process<string>({
        execute: (_at, ctx) => {
          void ctx.output(aside, `record at ${ctx.timestampMs}`);
          ctx.timers.onEventTime(100);
        },
        executeBroadcast: (at, ctx) => {
          ctx.broadcastState<string, number>("rules").set("last", at);
          void ctx.output(aside, `rule at ${ctx.timestampMs}`);
        },
        onTimer: (_timeMs, ctx) => {
          const rules = (ctx as unknown as BroadcastContext<string>).broadcastState<string, number>("rules");
          expect(() => rules.set("last", 0)).toThrow(expect.objectContaining({ code: "SAGE_BROADCAST_READ_ONLY" }) as Error);
          void ctx.collect(`${String(ctx.key)}: ${rules.get("last")}`);
        },
      });
      main.print();
      main.sideOutput(aside).print();
    });
    expect(run.printed.toSorted()).toEqual(["all: 9", "record at 5", "rule at 9"]);
  });

  test("a broadcast record has no key, and so no timers", async () => {
    const asking = recordsOf((env) => timed(env, [5]).connect(rule(env).broadcast()).process<string>({
      execute: () => {},
      executeBroadcast: (_at, ctx) => (ctx as Hidden).timers.onEventTime(1),
      onTimer: () => {},
    }));
    await expect(asking).rejects.toMatchObject({ code: "SAGE_OPERATOR_FAILED", message: expect.stringMatching(/key/) });
  });
});
