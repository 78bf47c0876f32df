// Sessions, count windows and triggers in whole pipelines.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  continuousEventTimeTrigger, count, countTrigger, eventTimeTrigger, globalWindow, outputTag, processingTime, purging, session, sliding, tumbling,
  type TimeWindow, type Trigger, type WindowedStream, type WindowSpec,
} from "@sage/graph";
import { ManualClock } from "../testing/manual-clock.ts";
import { recordsOf, runPipeline } from "../testing/pipeline-run.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
}

const ofKeyA = (...times: readonly number[]): Reading[] => times.map((at) => ({ key: "a", at }));
const counting = {
  init: () => 0, add: (n: number) => n + 1, merge: (a: number, b: number) => a + b,
  result: (n: number, key: unknown, { startMs, endMs }: TimeWindow) => `${String(key)} ${startMs}-${endMs}: ${n}`,
};

type Windowed = WindowedStream<Reading, string>;

/** What windows emit, in order; the watermark follows every record. */
const windowed = (records: readonly Reading[], windows: WindowSpec, more: (windowed: Windowed) => Windowed = (same) => same, lagMs = 0): Promise<string[]> =>
  recordsOf((env) => more(env.fromIterable(records).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: lagMs, emit: "record" }).keyBy((r) => r.key).window(windows)).aggregate(counting));

describe("a session", () => {
  test("lasts until nothing came for its gap", async () => {
    expect(await windowed(ofKeyA(0, 5, 9, 25, 30), session(10))).toEqual(["a 0-19: 3", "a 25-40: 2"]);
  });

  test("goes on with a record exactly a gap behind the last one", async () => {
    expect(await windowed(ofKeyA(0, 10, 21), session(10), undefined, 5)).toEqual(["a 0-20: 2", "a 21-31: 1"]);
  });

  test("holds equal timestamps all", async () => {
    expect(await windowed(ofKeyA(5, 5, 5, 16), session(10))).toEqual(["a 5-15: 3", "a 16-26: 1"]);
  });

  test("merges with another when a record comes between them", async () => {
    expect(await windowed(ofKeyA(0, 20, 10, 50), session(12), undefined, 30)).toEqual(["a 0-32: 3", "a 50-62: 1"]);
  });

  test("of each key is its own", async () => {
    expect(await windowed([{ key: "a", at: 0 }, { key: "b", at: 5 }, { key: "a", at: 9 }], session(10))).toEqual(["b 5-15: 1", "a 0-19: 2"]);
  });

  test("reaches over the epoch", async () => {
    expect(await windowed(ofKeyA(-12, -5, 3), session(10))).toEqual(["a -12-13: 3"]);
  });

  test("that has fired takes a late record that touches it, and fires anew as the whole", async () => {
    // 40 moves the watermark to 39: the session 0-19 has fired; 15 comes within the lateness, and reaches to 25.
    expect(await windowed(ofKeyA(0, 9, 40, 15), session(10), (w) => w.allowedLateness(100))).toEqual(["a 0-19: 2", "a 0-25: 3", "a 40-50: 1"]);
  });

  test("that is over takes no record any more; one that begins late is late", async () => {
    const late = outputTag<Reading>("late");
    const run = await runPipeline((env) => {
      const counts = env.fromIterable(ofKeyA(0, 40, 5, 39)).assignTimestamps((r) => r.at, { emit: "record" }).keyBy((r) => r.key).window(session(10)).lateTo(late).aggregate(counting);
      counts.print();
      counts.sideOutput(late).map((r) => `late ${r.at}`).print();
    });
    // 39 is behind the watermark too, but the session that it belongs to is not over.
    expect(run.printed).toEqual(["a 0-10: 1", "late 5", "a 39-50: 2"]);
  });

  test("gives its records in the order they came, once merged by their sessions' order", async () => {
    const found = await recordsOf((env) => env.fromIterable(ofKeyA(0, 20, 10)).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: 30 }).keyBy((r) => r.key)
      .window(session(12)).process<string>((all, ctx) => void ctx.collect(`${ctx.window.endMs}: ${all.map((r) => r.at).join()}`)));
    expect(found).toEqual(["32: 0,20,10"]);
  });

  test("that merges has what the triggers of its parts have counted", async () => {
    expect(await windowed(ofKeyA(0, 20, 10), session(12), (w) => w.trigger(countTrigger(3)), 30)).toEqual(["a 0-32: 3"]);
  });

  test("needs a fold that merges", async () => {
    const { merge: _, ...fold } = counting;
    await expect(recordsOf((env) => env.fromIterable(ofKeyA(1)).assignTimestamps((r) => r.at).keyBy((r) => r.key).window(session(10)).aggregate(fold))).rejects.toThrow("sessions merge");
  });

  test("of any records within the bound is what a naive evaluation finds", async () => {
    const shape = fc.record({
      gapMs: fc.integer({ min: 1, max: 30 }), bound: fc.integer({ min: 0, max: 60 }), keys: fc.integer({ min: 1, max: 3 }), parallelism: fc.integer({ min: 1, max: 3 }),
      steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.nat(), fc.nat()), { maxLength: 100 }),
    });
    await fc.assert(fc.asyncProperty(shape, async ({ gapMs, bound, keys, parallelism, steps }) => {
      let nowMs = -200;
      const records = steps.map(([aheadMs, backMs, key]) => ({ key: `k${key % keys}`, at: (nowMs += aheadMs) - (backMs % (bound + 1)) }));
      const found = await recordsOf((env) => env.fromIterable(records).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: bound, emit: "record" }).keyBy((r) => r.key).window(session(gapMs)).aggregate(counting), { env: { parallelism } });
      expect(found.toSorted()).toEqual(naiveSessions(records, gapMs));
    }), { numRuns: 80 });
  });
});

function naiveSessions(records: readonly Reading[], gapMs: number): string[] {
  const found: string[] = [];
  for (const key of new Set(records.map((r) => r.key))) {
    const times = records.filter((r) => r.key === key).map((r) => r.at).toSorted((a, b) => a - b);
    let from = 0;
    for (let i = 1; i <= times.length; i++) {
      if (i < times.length && times[i]! - times[i - 1]! <= gapMs) continue;
      found.push(`${key} ${times[from]!}-${times[i - 1]! + gapMs}: ${i - from}`);
      from = i;
    }
  }
  return found.toSorted();
}

describe("count windows", () => {
  const keyed = (n: number) => Array.from({ length: n }, (_, i) => ({ key: i % 3 === 0 ? "b" : "a", n: i }));
  const sums = (windows: WindowSpec, n: number) =>
    recordsOf((env) => env.fromIterable(keyed(n)).keyBy((r) => r.key).window(windows).aggregate({ init: () => [] as number[], add: (all, r) => [...all, r.n], result: (all, key) => `${key} ${all.join()}` }));

  test("hold so many records of a key; what is left at the end is no window", async () => {
    expect(await sums(count(2), 9)).toEqual(["a 1,2", "b 0,3", "a 4,5", "a 7,8"]);
  });

  test("that slide hold the last records each time", async () => {
    expect(await sums(count(3, 2), 9)).toEqual(["a 1,2", "b 0,3", "a 2,4,5", "a 5,7,8"]);
  });

  test("that slide further than their size leave records out", async () => {
    expect(await sums(count(1, 2), 9)).toEqual(["a 2", "b 3", "a 5", "a 8"]);
  });
});

describe("a trigger", () => {
  test("fires with every so many records, and the records stay", async () => {
    expect(await windowed(ofKeyA(1, 2, 3, 4, 5), tumbling(10), (w) => w.trigger(countTrigger(2)))).toEqual(["a 0-10: 2", "a 0-10: 4"]);
  });

  test("that purges begins anew", async () => {
    expect(await windowed(ofKeyA(1, 2, 3, 4, 5), tumbling(10), (w) => w.trigger(purging(countTrigger(2))))).toEqual(["a 0-10: 2", "a 0-10: 2"]);
    expect(await windowed(ofKeyA(1, 2, 3), globalWindow(), (w) => w.trigger(purging(countTrigger(2))))).toEqual(["a -Infinity-Infinity: 2"]);
  });

  test("fires early and at the end", async () => {
    expect(await windowed(ofKeyA(1, 12, 23, 31, 60), tumbling(50), (w) => w.trigger(continuousEventTimeTrigger(20))))
      // 23 has come when the watermark passes 20; then at 40 and at the end, and the second window likewise.
      .toEqual(["a 0-50: 3", "a 0-50: 4", "a 0-50: 4", "a 50-100: 1", "a 50-100: 1"]);
  });

  test("of the windows themselves does what they do without", async () => {
    const records = ofKeyA(0, 3, 11, 12, 9, 25, 40, 2, 41);
    for (const windows of [tumbling(10), sliding(20, 10), sliding(10, 20)]) {
      for (const latenessMs of [0, 15]) {
        const own = await windowed(records, windows, (w) => w.allowedLateness(latenessMs), 3);
        expect((await windowed(records, windows, (w) => w.allowedLateness(latenessMs).trigger(eventTimeTrigger()), 3)).toSorted()).toEqual(own.toSorted());
      }
    }
  });

  test("of one's own has state and timers per window", async () => {
    // Fires 5 ms of event time behind a window's first record.
    const soon: Trigger<Reading> = {
      onRecord: (_record, timeMs, ctx) => {
        if (ctx.state === undefined) ctx.onEventTime(timeMs + 5);
        ctx.state = true;
        return "continue";
      },
      onEventTime: () => "fire-and-purge",
    };
    expect(await windowed(ofKeyA(1, 3, 8, 9, 101), tumbling(100), (w) => w.trigger(soon))).toEqual(["a 0-100: 3", "a 100-200: 1"]);
  });
});

describe("by the machine's clock, windows", () => {
  const source = async function* (clock: ManualClock, steps: readonly (readonly [advanceMs: number, key: string])[]) {
    for (const [advanceMs, key] of steps) {
      await clock.advance(advanceMs);
      yield key;
    }
  };
  const run = async (windows: WindowSpec, steps: readonly (readonly [number, string])[]): Promise<string[]> => {
    const clock = new ManualClock(1_000);
    return recordsOf((env) => env.fromIterable(source(clock, steps)).keyBy((key) => key).window(windows).aggregate(counting), { clock });
  };

  test("fire when their end has come, without another record, and at the end of the input", async () => {
    const printed: string[] = [];
    const clock = new ManualClock(1_000);
    const records = async function* () {
      yield "a";
      await clock.advance(50);
      yield "a";
      await clock.advance(50);
      printed.push("100 ms later");
      yield "a";
    };
    await runPipeline((env) => env.fromIterable(records()).keyBy((key) => key).window(processingTime(tumbling(100))).aggregate(counting).sink((text) => void printed.push(text)), { clock });
    expect(printed).toEqual(["a 1000-1100: 2", "100 ms later", "a 1100-1200: 1"]);
  });

  test("slide, and sessions merge", async () => {
    expect(await run(processingTime(sliding(100, 50)), [[0, "a"], [60, "a"], [100, "a"]])).toEqual(["a 950-1050: 1", "a 1000-1100: 2", "a 1050-1150: 1", "a 1100-1200: 1", "a 1150-1250: 1"]);
    expect(await run(processingTime(session(30)), [[0, "a"], [20, "a"], [10, "b"], [100, "a"]])).toEqual(["a 1000-1050: 2", "b 1030-1060: 1", "a 1130-1160: 1"]);
  });
});
