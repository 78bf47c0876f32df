// Event-time windows in whole pipelines: the cases that Flink's documentation settles, written anew, and random ones
// against a naive evaluation over arrays.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outputTag, sliding, tumbling, type SlidingWindows, type TimeWindow, type WindowedStream } from "@sage/graph";
import { numbersTo, recordsOf, runPipeline, turn, type RunOptions } from "../testing/pipeline-run.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
}

const ofKeyA = (...times: readonly number[]): Reading[] => times.map((at) => ({ key: "a", at }));
const label = (n: number, key: unknown, { startMs, endMs }: TimeWindow) => `${String(key)} ${startMs}-${endMs}: ${n}`;
const counting = { init: () => 0, add: (n: number) => n + 1, merge: (a: number, b: number) => a + b, result: label };

type Windowed = WindowedStream<Reading, string>;

/** What the windows over some readings emit, in order; the watermark follows every record. */
const windowed = (records: readonly Reading[], windows: SlidingWindows, lagMs = 0, more: (windowed: Windowed) => Windowed = (same) => same): Promise<string[]> =>
  recordsOf((env) => more(env.fromIterable(records).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: lagMs, emit: "record" }).keyBy((r) => r.key).window(windows)).aggregate(counting));

test.each([1, 2, 3])("tumbling windows count what fell into them, at parallelism %i", async (parallelism) => {
  const records = numbersTo(3_000).map((i) => ({ key: `k${i % 7}`, at: i * 3 - (i % 5) }));
  const found = await recordsOf((env) => env.fromIterable(records).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: 5 }).keyBy((r) => r.key).window(tumbling(1_000)).aggregate(counting), { env: { parallelism } });
  expect(found.toSorted()).toEqual(naive(records, tumbling(1_000)));
});

describe("windows", () => {
  test("begin at the epoch, and a record on a boundary is in the window that begins there", async () => {
    expect(await windowed(ofKeyA(0, 999, 1_000, 1_999, 2_000), tumbling(1_000))).toEqual(["a 0-1000: 2", "a 1000-2000: 2", "a 2000-3000: 1"]);
  });

  test("reach before the epoch without a gap", async () => {
    expect(await windowed(ofKeyA(-1_001, -1_000, -1, 0), tumbling(1_000))).toEqual(["a -2000--1000: 1", "a -1000-0: 2", "a 0-1000: 1"]);
  });

  test("move by their offset, also a negative one", async () => {
    expect(await windowed(ofKeyA(249, 250, 1_249, 1_250), tumbling(1_000, 250))).toEqual(["a -750-250: 1", "a 250-1250: 2", "a 1250-2250: 1"]);
    expect(await windowed(ofKeyA(0, 899, 900), tumbling(1_000, -100))).toEqual(["a -100-900: 2", "a 900-1900: 1"]);
  });

  test("that slide hold a record as many times as they overlap", async () => {
    expect(await windowed(ofKeyA(0, 1_500, 2_999), sliding(2_000, 1_000))).toEqual(["a -1000-1000: 1", "a 0-2000: 2", "a 1000-3000: 2", "a 2000-4000: 1"]);
  });

  test("that slide further than their size leave gaps, whose records are counted as skipped", async () => {
    const run = await runPipeline((env) => env.fromIterable(ofKeyA(0, 500, 1_000, 1_999, 2_000)).assignTimestamps((r) => r.at).keyBy((r) => r.key).window(sliding(1_000, 2_000)).aggregate(counting, { name: "w" }).print());
    expect(run.printed).toEqual(["a 0-1000: 2", "a 2000-3000: 1"]);
    expect(run.metrics.find((each) => each.operator === "w")).toMatchObject({ recordsIn: 5, skipped: 2 });
  });

  test("hold equal timestamps all", async () => {
    expect(await windowed(ofKeyA(5, 5, 5), tumbling(10))).toEqual(["a 0-10: 3"]);
  });

  test("of a size that the slide does not divide share their greatest common parts", async () => {
    const records = numbersTo(50).map((i) => ({ key: "a", at: i * 3 }));
    expect((await windowed(records, sliding(25, 10, 3))).toSorted()).toEqual(naive(records, sliding(25, 10, 3)));
  });

  test("of a fold that cannot merge come out the same", async () => {
    const { merge: _, ...fold } = counting;
    const records = numbersTo(40).map((i) => ({ key: "a", at: i * 7 - 60 }));
    const found = await recordsOf((env) => env.fromIterable(records).assignTimestamps((r) => r.at).keyBy((r) => r.key).window(sliding(50, 20)).aggregate(fold));
    expect(found.toSorted()).toEqual(naive(records, sliding(50, 20)));
  });
});

describe("a window fires", () => {
  test("when the watermark reaches its last millisecond, not one before", async () => {
    const seen: string[] = [];
    const source = async function* () {
      for (const at of [500, 998, 999, 1_000, 1_001]) {
        seen.push(`gives ${at}`);
        yield { key: "a", at };
      }
    };
    await runPipeline((env) => env.fromIterable(source()).assignTimestamps((r) => r.at, { emit: "record" }).keyBy((r) => r.key).window(tumbling(1_000)).aggregate(counting).sink((text) => void seen.push(text)));
    // The watermark is a millisecond behind the latest record: 999 once 1,000 has come, and goes before the next one.
    const fired = seen.indexOf("a 0-1000: 3");
    expect(fired).toBeGreaterThan(seen.indexOf("gives 1000"));
    expect(fired).toBeLessThanOrEqual(seen.indexOf("gives 1001") + 1);
    expect(seen.at(-1)).toBe("a 1000-2000: 2");
  });

  test("at the end of the input, if no watermark came before", async () => {
    const never = () => ({ onEvent: () => {} });
    const found = await recordsOf((env) => env.fromIterable(ofKeyA(0, 5_000, 1)).assignTimestamps((r) => r.at, { generator: never }).keyBy((r) => r.key).window(tumbling(1_000)).aggregate(counting));
    expect(found).toEqual(["a 0-1000: 2", "a 5000-6000: 1"]);
  });

  test("by a generator of one's own, which may look at the record", async () => {
    const records = [{ key: "a", at: 1, flush: false }, { key: "a", at: 2, flush: true }, { key: "a", at: 3, flush: false }];
    const generator = () => ({ onEvent: (record: { flush: boolean }, _timeMs: number, output: { emit(ms: number): void }) => { if (record.flush) output.emit(100); } });
    const late = outputTag<(typeof records)[number]>("late");
    const run = await runPipeline((env) => {
      const counts = env.fromIterable(records).assignTimestamps((r) => r.at, { generator, emit: "record" }).keyBy((r) => r.key).window(tumbling(10)).lateTo(late).aggregate(counting);
      counts.print();
      counts.sideOutput(late).map((r) => `late ${r.at}`).print();
    });
    expect(run.printed).toEqual(["a 0-10: 2", "late 3"]);
  });
});

describe("a late record", () => {
  test("one millisecond behind the watermark's window is skipped and counted", async () => {
    const run = await runPipeline((env) => env.fromIterable(ofKeyA(500, 1_000, 999, 1_500)).assignTimestamps((r) => r.at, { emit: "record" }).keyBy((r) => r.key).window(tumbling(1_000)).aggregate(counting, { name: "w" }).print());
    expect(run.printed).toEqual(["a 0-1000: 1", "a 1000-2000: 2"]);
    expect(run.metrics.find((each) => each.operator === "w")).toMatchObject({ recordsIn: 4, recordsOut: 2, skipped: 1 });
  });

  test("inside the bound of out-of-orderness is not late", async () => {
    expect(await windowed(ofKeyA(500, 1_000, 999, 1_500), tumbling(1_000), 1)).toEqual(["a 0-1000: 2", "a 1000-2000: 2"]);
  });

  test("inside the allowed lateness makes its window fire again, with all its records", async () => {
    // The watermark is at 1,499 when 999 comes: the window's end, 999, and 500 more.
    expect(await windowed(ofKeyA(500, 1_499, 999, 1_500, 998), tumbling(1_000), 0, (w) => w.allowedLateness(500))).toEqual(["a 0-1000: 1", "a 0-1000: 2", "a 1000-2000: 2"]);
  });

  test("comes into those of its overlapping windows that are still kept", async () => {
    const late = await windowed(ofKeyA(0, 2_500, 500, 10_000), sliding(2_000, 1_000), 0, (w) => w.allowedLateness(1_000));
    expect(late).toEqual(["a -1000-1000: 1", "a 0-2000: 1", "a 0-2000: 2", "a 1000-3000: 1", "a 2000-4000: 1", "a 9000-11000: 1", "a 10000-12000: 1"]);
  });

  test("goes to the side output, each once", async () => {
    const late = outputTag<Reading>("late");
    const run = await runPipeline((env) => {
      const counts = env.fromIterable(ofKeyA(0, 5_000, 1, 4_999, 5_001)).assignTimestamps((r) => r.at, { emit: "record" }).keyBy((r) => r.key).window(sliding(2_000, 1_000)).lateTo(late).aggregate(counting, { name: "w" });
      counts.sideOutput(late).map((r) => `late ${r.at}`).print();
    });
    expect(run.printed).toEqual(["late 1"]);
    expect(run.metrics.find((each) => each.operator === "w")).toMatchObject({ skipped: 0 });
  });
});

describe("what comes out of a window", () => {
  test("has the window's last millisecond as its time, so that windows can follow", async () => {
    const found = await recordsOf((env) => env.fromIterable(ofKeyA(0, 400, 600, 1_200)).assignTimestamps((r) => r.at).keyBy((r) => r.key)
      .window(tumbling(500)).aggregate({ ...counting, result: (n) => n })
      .keyBy(() => "all").window(tumbling(1_000)).reduce((a, b) => a + b, (sum, window) => `${window.startMs}: ${sum}`));
    expect(found).toEqual(["0: 3", "1000: 1"]);
  });

  test("may be made of all its records, in the order they came", async () => {
    const found = await recordsOf((env) => env.fromIterable(ofKeyA(3, 1, 2, 11)).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: 5 }).keyBy((r) => r.key)
      .window(tumbling(10)).process<string>(async (all, ctx) => {
        await turn();
        await ctx.collect(`${ctx.key} ${ctx.window.startMs} at ${ctx.timestampMs}: ${all.map((r) => r.at).join()}`);
      }));
    expect(found).toEqual(["a 0 at 9: 3,1,2", "a 10 at 19: 11"]);
  });
});

async function* inTurn({ key }: Reading): AsyncGenerator<string> {
  await turn();
  yield key;
}

test("records keep their time through maps, filters, flatMaps, waits, unions and forks", async () => {
  const records = numbersTo(200).map((i) => ({ key: `k${i % 3}`, at: i * 10 }));
  for (const parallelism of [1, 2]) {
    const found = await recordsOf((env) => {
      const timed = env.fromIterable(records).assignTimestamps((r) => r.at);
      const slow = timed.filter((r) => r.at % 20 === 0).map(async (r) => (await turn(), r.key)).with({ concurrency: 8, ordered: false });
      const many = timed.filter((r) => r.at % 20 !== 0).rebalance().flatMap(inTurn);
      const other = timed.assignTimestamps(() => 5).filter(() => false).map((r) => r.key);
      return slow.union(many, other).keyBy((key) => key).window(tumbling(300)).aggregate(counting);
    }, { env: { parallelism } });
    expect(found.toSorted()).toEqual(naive(records, tumbling(300)));
  }
});

test("any windows over any records within the bound give what a naive evaluation gives", async () => {
  const shape = fc.record({
    sizeMs: fc.integer({ min: 1, max: 60 }), slideMs: fc.integer({ min: 1, max: 60 }), offsetMs: fc.integer({ min: -50, max: 50 }),
    bound: fc.integer({ min: 0, max: 40 }), keys: fc.integer({ min: 1, max: 4 }), parallelism: fc.integer({ min: 1, max: 3 }), sources: fc.integer({ min: 1, max: 2 }),
    steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.nat(), fc.nat()), { maxLength: 120 }),
    mode: fc.constantFrom("merge" as const, "no merge" as const, "process" as const), emit: fc.constantFrom("record" as const, "periodic" as const),
  });
  await fc.assert(fc.asyncProperty(shape, async ({ sizeMs, slideMs, offsetMs, bound, keys, parallelism, sources, steps, mode, emit }) => {
    let nowMs = -300;
    const records = steps.map(([aheadMs, backMs, key]) => ({ key: `k${key % keys}`, at: (nowMs += aheadMs) - (backMs % (bound + 1)) }));
    const windows = sliding(sizeMs, slideMs, offsetMs);
    const options: RunOptions = { env: { parallelism } };
    const found = await recordsOf((env) => {
      const keyed = env.fromIterable(records, { parallelism: sources }).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: bound + (sources > 1 ? 300 : 0), emit, everyMs: 0, parallelism: sources }).keyBy((r) => r.key).window(windows);
      if (mode === "process") return keyed.process<string>((all, ctx) => void ctx.collect(label(all.length, ctx.key, ctx.window)));
      const { merge, ...fold } = counting;
      return keyed.aggregate(mode === "merge" ? { ...fold, merge } : fold);
    }, options);
    expect(found.toSorted()).toEqual(naive(records, windows));
  }), { numRuns: 150 });
});

/** Counts by looking at every window that there can be. */
function naive(records: readonly Reading[], { sizeMs, slideMs, offsetMs }: SlidingWindows): string[] {
  const counts = new Map<string, number>();
  for (const { key, at } of records) {
    for (let startMs = offsetMs + Math.floor((at - offsetMs) / slideMs) * slideMs; startMs > at - sizeMs; startMs -= slideMs) {
      const window = `${key} ${startMs}-${startMs + sizeMs}`;
      counts.set(window, (counts.get(window) ?? 0) + 1);
    }
  }
  return [...counts].map(([window, n]) => `${window}: ${n}`).toSorted();
}
