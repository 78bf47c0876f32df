// Interval joins, window joins and broadcast state in whole pipelines.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deferred } from "@sage/core";
import { BroadcastProcessFunction, JoinFunction, session, sliding, tumbling, type BesideBroadcastContext, type BroadcastContext, type PipelineBuilder, type Stream } from "@sage/graph";
import { recordsOf, runPipeline, turn } from "../testing/pipeline-run.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
  readonly n: string;
}

const readings = (name: string, ...times: readonly number[]): Reading[] => times.map((at) => ({ key: "a", at, n: `${name}${at}` }));
const timed = (env: PipelineBuilder, records: readonly Reading[], lagMs = 1_000) => env.fromIterable(records).assignTimestamps((r) => r.at, { maxOutOfOrdernessMs: lagMs }).keyBy((r) => r.key);
const both = (left: Reading, right: Reading) => `${left.n} ${right.n}`;

describe("an interval join", () => {
  test("joins right records from the lower to the upper bound, both included", async () => {
    const found = await recordsOf((env) => timed(env, readings("l", 0, 10)).connect(timed(env, readings("r", -3, -2, 0, 1, 2, 11, 13))).intervalJoin({ lowerMs: -2, upperMs: 1 }, both));
    expect(found.toSorted()).toEqual(["l0 r-2", "l0 r0", "l0 r1", "l10 r11"]);
  });

  test("leaves out bounds that are excluded", async () => {
    const found = await recordsOf((env) => timed(env, readings("l", 0)).connect(timed(env, readings("r", -2, -1, 1, 2))).intervalJoin({ lowerMs: -2, upperMs: 2, lowerExclusive: true, upperExclusive: true }, both));
    expect(found.toSorted()).toEqual(["l0 r-1", "l0 r1"]);
  });

  test("gives pairs the later one's time", async () => {
    const found = await recordsOf((env) => timed(env, readings("l", 0, 7)).connect(timed(env, readings("r", 5))).intervalJoin({ lowerMs: -5, upperMs: 5 }, both)
      .keyBy(() => "all").process<string>((pair, ctx) => void ctx.collect(`${pair} at ${ctx.timestampMs}`)));
    expect(found.toSorted()).toEqual(["l0 r5 at 5", "l7 r5 at 7"]);
  });

  test("takes a record at the watermark; one a millisecond behind it is late, and counted as skipped", async () => {
    const watermarkIs99 = deferred();
    const rights = async function* () {
      yield* readings("r", 100);
      await watermarkIs99.promise;
      yield* readings("r", 99, 98);
    };
    const run = await runPipeline((env) => {
      const right = env.fromIterable(rights()).assignTimestamps((r) => r.at).keyBy((r) => r.key);
      timed(env, readings("l", 100)).connect(right).intervalJoin({ lowerMs: -2, upperMs: 0 }, both, { name: "join" })
        .keyBy(() => "all").process<string>({
          execute: (pair, ctx) => {
            ctx.timers.onEventTime(99);
            void ctx.collect(pair);
          },
          onTimer: () => watermarkIs99.resolve(),
        }).print();
    });
    expect(run.printed).toEqual(["l100 r100", "l100 r99"]);
    expect(run.metrics.find((each) => each.operator === "join")).toMatchObject({ recordsIn: 4, skipped: 1 });
  });

  test("keeps a record as long as something can match it, and no longer", async () => {
    const watermarkIs49 = deferred();
    const rights = async function* () {
      yield* readings("r", 50);
      await watermarkIs49.promise;
      yield* readings("r", 100, 101);
    };
    const found = await recordsOf((env) => {
      const right = env.fromIterable(rights()).assignTimestamps((r) => r.at).keyBy((r) => r.key);
      return timed(env, readings("l", 0, 50), 0).connect(right).intervalJoin({ lowerMs: 0, upperMs: 100 }, both).keyBy(() => "all").process<string>({
        execute: (pair, ctx) => {
          ctx.timers.onEventTime(49);
          void ctx.collect(pair);
        },
        onTimer: () => watermarkIs49.resolve(),
      });
    });
    expect(found.toSorted()).toEqual(["l0 r100", "l0 r50", "l50 r100", "l50 r101", "l50 r50"]);
    const ofManyKeys = Array.from({ length: 100 }, (_, i) => ({ key: `k${i}`, at: i * 1_000, n: "" }));
    const run = await runPipeline((env) => { timed(env, ofManyKeys, 0).connect(timed(env, ofManyKeys, 0)).intervalJoin({ lowerMs: -1, upperMs: 1 }, both, { name: "join" }).sink(() => {}); });
    expect(run.metrics.find(({ operator }) => operator === "join")).toMatchObject({ stateKeys: 1 }); // the last one's
  });

  test("takes classes and functions that wait", async () => {
    class Pair extends JoinFunction<Reading, Reading, string> {
      async execute(left: Reading, right: Reading, key: unknown): Promise<string> {
        await turn();
        return `${String(key)}: ${both(left, right)}`;
      }
    }
    const found = await recordsOf((env) => timed(env, readings("l", 0)).connect(timed(env, readings("r", 0, 1))).intervalJoin({ lowerMs: 0, upperMs: 1 }, Pair));
    expect(found.toSorted()).toEqual(["a: l0 r0", "a: l0 r1"]);
  });

  test("of any records is what a naive evaluation finds, whatever the parallelism", async () => {
    const side = fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.nat({ max: 2 })), { maxLength: 60 });
    await fc.assert(fc.asyncProperty(side, side, fc.integer({ min: -15, max: 5 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 3 }), async (lefts, rights, lowerMs, span, parallelism) => {
      const records = (name: string, steps: readonly (readonly [number, number])[]) => {
        let at = 0;
        return steps.map(([aheadMs, key], i) => ({ key: `k${key}`, at: (at += aheadMs), n: `${name}${i}` }));
      };
      const [left, right] = [records("l", lefts), records("r", rights)];
      const upperMs = lowerMs + span;
      const found = await recordsOf((env) => timed(env, left, 0).connect(timed(env, right, 0)).intervalJoin({ lowerMs, upperMs }, both), { env: { parallelism } });
      const expected = left.flatMap((l) => right.filter((r) => r.key === l.key && r.at - l.at >= lowerMs && r.at - l.at <= upperMs).map((r) => both(l, r)));
      expect(found.toSorted()).toEqual(expected.toSorted());
    }), { numRuns: 80 });
  });

  test("over a long stream finds each pair once", async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => ({ key: "a", at, n: "" }));
    let kept = 0;
    await runPipeline((env) => {
      timed(env, many, 0).connect(timed(env, many, 0)).intervalJoin({ lowerMs: -1, upperMs: 1 }, (left, right) => Math.abs(left.at - right.at)).sink((apart) => { if (apart <= 1) kept++; });
    });
    expect(kept).toBe(3 * 5_000 - 2);
  });

  test("by records without a time is refused before anything runs", async () => {
    const mixed = recordsOf((env) => timed(env, []).connect(env.fromIterable(readings("r", 1)).keyBy((r) => r.key)).intervalJoin({ lowerMs: 0, upperMs: 1 }, both));
    await expect(mixed).rejects.toMatchObject({ code: "SAGE_INVALID_OPERATOR" });
    await expect(recordsOf((env) => timed(env, []).connect(timed(env, [])).intervalJoin({ lowerMs: 1, upperMs: 0 }, both))).rejects.toThrow("lowerMs");
  });
});

describe("a window join", () => {
  test("gives every left record with every right one of its window and key", async () => {
    const found = await recordsOf((env) => timed(env, readings("l", 0, 5, 12)).connect(timed(env, readings("r", 9, 10, 19, 25))).windowJoin(tumbling(10), both));
    expect(found).toEqual(["l0 r9", "l5 r9", "l12 r10", "l12 r19"]);
  });

  test("works on windows that slide, and on sessions", async () => {
    const slid = await recordsOf((env) => timed(env, readings("l", 0)).connect(timed(env, readings("r", 1))).windowJoin(sliding(4, 2), both));
    expect(slid).toEqual(["l0 r1", "l0 r1"]);
    const met = await recordsOf((env) => timed(env, readings("l", 0, 30)).connect(timed(env, readings("r", 8, 50))).windowJoin(session(10), both));
    expect(met).toEqual(["l0 r8"]);
  });

  test("keeps its order where the function waits", async () => {
    const found = await recordsOf((env) => timed(env, readings("l", 0, 1)).connect(timed(env, readings("r", 0, 1))).windowJoin(tumbling(10), async (left, right) => {
      for (let i = left.at + right.at; i < 3; i++) await turn();
      return both(left, right);
    }));
    expect(found.toSorted()).toEqual(["l0 r0", "l0 r1", "l1 r0", "l1 r1"]);
  });
});

describe("beside a broadcast stream", () => {
  class Rules extends BroadcastProcessFunction<number, { readonly name: string; readonly above: number }, string> {
    execute(value: number, ctx: BesideBroadcastContext<string>): void {
      for (const [name, above] of ctx.broadcastState<string, number>("rules").entries()) if (value > above) void ctx.collect(`${value} ${name}`);
    }
    executeBroadcast(rule: { readonly name: string; readonly above: number }, ctx: BroadcastContext<string>): void {
      ctx.broadcastState<string, number>("rules").set(rule.name, rule.above);
    }
  }
  const rules = [{ name: "low", above: 3 }, { name: "high", above: 8 }];

  /** Numbers that wait until every instance has had all rules. */
  const held = (numbers: readonly number[], ready: () => boolean) => async function* () {
    while (!ready()) await turn();
    yield* numbers;
  };

  test.each([1, 3])("every instance has all rules, at parallelism %i", async (parallelism) => {
    let taken = 0;
    class Counted extends Rules {
      override executeBroadcast(rule: { readonly name: string; readonly above: number }, ctx: BroadcastContext<string>): void {
        super.executeBroadcast(rule, ctx);
        taken++;
      }
    }
    const found = await recordsOf((env) => {
      const numbers = env.fromBatch(held([1, 5, 9, 10], () => taken === rules.length * parallelism)) as Stream<number>;
      return numbers.rebalance().connect(env.fromIterable(rules).broadcast()).process(Counted);
    }, { env: { parallelism } });
    expect(found.toSorted()).toEqual(["10 high", "10 low", "5 low", "9 high", "9 low"].toSorted());
  });

  test("keys have state and timers, and a rule can look at every key", async () => {
    let sums = 0;
    const found = await recordsOf((env) => {
      const numbers = env.fromIterable([1, 2, 3, 4]).assignTimestamps((n) => n).keyBy((n) => n % 2);
      const late = env.fromBatch(held([0], () => sums === 4)) as Stream<number>;
      return numbers.connect(late.broadcast()).process<string>({
        execute: (n, ctx) => {
          const sum = ctx.state.value("sum", 0);
          sum.set(sum.get() + n);
          sums++;
          ctx.timers.onEventTime(100);
        },
        executeBroadcast: (_rule, ctx) => ctx.forEachKey((key, state) => void ctx.collect(`rule: ${String(key)} has ${state.value("sum", 0).get()}`)),
        onTimer: (timeMs, ctx) => void ctx.collect(`timer: ${String(ctx.key)} at ${timeMs}`),
      });
    });
    expect(found.toSorted()).toEqual(["rule: 0 has 6", "rule: 1 has 4", "timer: 0 at 100", "timer: 1 at 100"]);
  });

  test("only broadcast records may write their state", async () => {
    const writing = recordsOf((env) => env.fromIterable([1]).connect(env.fromIterable([2]).broadcast()).process<number>({
      execute: (n, ctx) => (ctx as unknown as BroadcastContext<number>).broadcastState<number, number>("s").set(n, n),
      executeBroadcast: () => {},
    }));
    await expect(writing).rejects.toMatchObject({ cause: { code: "SAGE_BROADCAST_READ_ONLY" } });
  });

  test("a second stream that is not broadcast is refused before anything runs", async () => {
    await expect(recordsOf((env) => env.fromIterable([1]).connect(env.fromIterable(rules)).process(Rules))).rejects.toThrow("needs that one broadcast");
  });
});
