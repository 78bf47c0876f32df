import { describe, expect, test } from "vitest";
import { FlatMapFunction, MapFunction, type Collector, type PipelineBuilder } from "@sage/graph";
import { countsOf, numbersTo, recordsOf, runPipeline, turn } from "../testing/pipeline-run.ts";

const failAt = (bad: number) => (n: number) => {
  if (n === bad) throw new Error(`bad ${n}`);
  return n;
};

const deadLetter = { onError: "dead-letter" } as const;

function broken(n: number): number {
  throw new Error(`broken ${n}`);
}

describe("a function that throws fails the job", () => {
  test("with operator, instance and record number, and the original error as its cause", async () => {
    const run = recordsOf((env) => env.fromIterable(numbersTo(100)).map((n) => n).filter((n) => n % 2 === 0).map(failAt(42), { name: "picky" }).map((n) => n));
    await expect(run).rejects.toMatchObject({ code: "SAGE_OPERATOR_FAILED", fault: "user", operator: "picky", index: 0, recordNumber: 22, cause: new Error("bad 42") });
  });

  test("also when it is async, in any place of a chain", async () => {
    for (const place of [0, 1, 2]) {
      const run = recordsOf((env) => {
        let stream = env.fromIterable(numbersTo(100));
        for (let i = 0; i < 3; i++) {
          stream = stream.map(i === place ? async (n) => (await turn(), failAt(7)(n)) : async (n) => n, { name: `map${i}` });
        }
        return stream;
      });
      await expect(run).rejects.toMatchObject({ operator: `map${place}`, recordNumber: 8 });
    }
  });

  test("in a filter, sink, reduce, aggregate, join, process and coMap", async () => {
    const bad = () => {
      throw new Error("bad");
    };
    const failureOf = (build: Parameters<typeof runPipeline>[0]) => runPipeline(build).then(() => "no failure", (error: unknown) => error);
    const name = "broken";
    expect(await failureOf((env) => env.fromIterable([1]).filter(bad, { name }).print())).toMatchObject({ operator: name, recordNumber: 1 });
    expect(await failureOf((env) => env.fromIterable([1, 2]).sink((n) => n === 2 && bad(), { name }))).toMatchObject({ operator: name, recordNumber: 2 });
    expect(await failureOf((env) => env.fromIterable([1, 2]).keyBy(() => 0).reduce(bad, { name }).print())).toMatchObject({ operator: name, recordNumber: 2 });
    expect(await failureOf((env) => env.fromIterable([1]).keyBy(() => 0).aggregate({ init: () => 0, add: bad, result: (a) => a }, { name }).print())).toMatchObject({ operator: name, recordNumber: 1 });
    expect(await failureOf((env) => env.fromIterable([1]).keyBy(() => 0).connect(env.fromIterable([1]).keyBy(() => 0)).join(bad, { name }).print())).toMatchObject({ operator: name, recordNumber: 2 });
    expect(await failureOf((env) => env.fromIterable([1, 2, 3]).process((n) => (n === 3 ? bad() : undefined), { name }).print())).toMatchObject({ operator: name, recordNumber: 3 });
    expect(await failureOf((env) => env.fromIterable([1]).connect(env.fromIterable([2])).coMap({ map0: (n) => n, map1: bad }, { name }).print())).toMatchObject({ operator: name });
  });

  test("also when a flatMap above swallows what collect() throws", async () => {
    class Swallowing extends FlatMapFunction<number, number> {
      execute(value: number, out: Collector<number>) {
        try {
          void out.collect(value);
        } catch {
          // on purpose
        }
      }
    }
    await expect(recordsOf((env) => env.fromIterable([1, 2, 3]).flatMap(Swallowing).map(failAt(2), { name: "below" }))).rejects.toMatchObject({ operator: "below", recordNumber: 2 });
  });

  test("a constructor and open, with the operator's name", async () => {
    class BadConstructor extends MapFunction<number, number> {
      constructor() {
        super();
        throw new Error("made wrongly");
      }
      execute(n: number) {
        return n;
      }
    }
    class BadOpen extends MapFunction<number, number> {
      override async open() {
        await turn();
        throw new Error("not opened");
      }
      execute(n: number) {
        return n;
      }
    }
    await expect(recordsOf((env) => env.fromIterable([1]).map(BadConstructor))).rejects.toMatchObject({ operator: "BadConstructor", recordNumber: 0 });
    await expect(recordsOf((env) => env.fromIterable([1]).map(BadOpen))).rejects.toThrow(/"BadOpen" \(instance 0\) failed in open: not opened/);
  });
});

describe("onError", () => {
  test("skip: the record goes no further, and is counted", async () => {
    const run = await runPipeline((env) => void env.fromIterable(numbersTo(10)).map(failAt(3), { name: "map", onError: "skip" }).print());
    expect(run.printed).toEqual(["0", "1", "2", "4", "5", "6", "7", "8", "9"]);
    expect(countsOf(run, "map")).toMatchObject({ recordsIn: 10, recordsOut: 9, skipped: 1 });
  });

  test("dead-letter: the record goes aside with its number and error", async () => {
    const run = await runPipeline((env) => void env.fromIterable(numbersTo(10)).filter((n) => n > 4).map(failAt(6), { name: "map", onError: "dead-letter" }).print());
    expect(run.deadLetters).toMatchObject([{ operator: "map", index: 0, recordNumber: 2, record: 6, error: new Error("bad 6") }]);
    expect(countsOf(run, "map")).toMatchObject({ recordsIn: 5, recordsOut: 4, deadLettered: 1 });
  });

  test.each(["skip", "dead-letter", "fail"] as const)("retries see the same record, and then: %s", async (then) => {
    const tries: unknown[] = [];
    const record = { id: 1 };
    const flaky = (value: { id: number }) => {
      tries.push(value);
      if (tries.length < 3) throw new Error("not yet");
      return value;
    };
    const retried = await runPipeline((env) => void env.fromIterable([record]).map(flaky, { name: "flaky", onError: { retries: 2, backoffMs: 1, then } }).print());
    expect(tries).toEqual([record, record, record]);
    expect(tries.every((value) => value === record)).toBe(true);
    expect(countsOf(retried, "flaky")).toMatchObject({ retried: 2, recordsOut: 1, skipped: 0, deadLettered: 0 });

    const never = runPipeline((env) => void env.fromIterable([1, 2]).map(failAt(1), { name: "never", onError: { retries: 2, backoffMs: 1, then } }).print());
    if (then === "fail") return expect(never).rejects.toMatchObject({ operator: "never", recordNumber: 1 });
    const run = await never;
    expect(run.printed).toEqual(["2"]);
    expect(countsOf(run, "never")).toMatchObject({ retried: 2, skipped: then === "skip" ? 1 : 0, deadLettered: then === "skip" ? 0 : 1 });
  });

  test("a skip below a flatMap does not lose the flatMap's other records", async () => {
    class Expand extends FlatMapFunction<number, number> {
      execute(value: number, out: Collector<number>) {
        for (let i = 0; i < 4; i++) void out.collect(value * 10 + i);
      }
    }
    for (const flat of [(n: number) => [0, 1, 2, 3].map((i) => n * 10 + i), function* (n: number) { for (let i = 0; i < 4; i++) yield n * 10 + i; }, Expand]) {
      const run = await runPipeline((env) => void env.fromIterable([1, 2]).flatMap(flat as typeof Expand).map(failAt(11), { onError: "skip" }).map(failAt(22), { onError: "skip" }).print());
      expect(run.printed).toEqual(["10", "12", "13", "20", "21", "23"]);
    }
  });

  test("a flatMap's own failure is its own: what it emitted before stays, unless it is retried", async () => {
    let calls = 0;
    class Failing extends FlatMapFunction<number, number> {
      execute(value: number, out: Collector<number>) {
        void out.collect(value);
        if (calls++ === 0) throw new Error("after the first");
        void out.collect(value + 1);
      }
    }
    expect((await runPipeline((env) => void env.fromIterable([1, 5]).flatMap(Failing).with({ onError: "skip" }).print())).printed).toEqual(["1", "5", "6"]);
    calls = 0;
    expect((await runPipeline((env) => void env.fromIterable([1, 5]).flatMap(Failing).with({ onError: { retries: 1, backoffMs: 0 } }).print())).printed).toEqual(["1", "2", "5", "6"]);
  });

  test("works for async functions, with concurrency too", async () => {
    for (const concurrency of [1, 4]) {
      const run = await runPipeline((env) => void env.fromIterable(numbersTo(20)).map(async (n) => (await turn(), failAt(11)(n)), { name: "map", concurrency, onError: "dead-letter" }).print());
      expect(run.printed).toEqual(numbersTo(20).filter((n) => n !== 11).map(String));
      expect(run.deadLetters).toMatchObject([{ recordNumber: 12, record: 11 }]);
    }
  });

  test("in a reduce and an aggregate: the accumulator is as before the record", async () => {
    const failing = (n: number) => {
      if (n === 3) throw new Error("three");
      return n;
    };
    const options = { onError: "skip", emit: "end" } as const;
    expect(await recordsOf((env) => env.fromIterable(numbersTo(6)).keyBy(() => 0).reduce((a, n) => a + failing(n), options))).toEqual([12]);
    expect(await recordsOf((env) => env.fromIterable(numbersTo(6)).keyBy(() => 0).aggregate({ init: () => 0, add: (a, n) => a + failing(n), result: (a) => a }, options))).toEqual([12]);
  });

  test("a source that fails now and then is asked again", async () => {
    let asked = 0;
    const source = () => {
      asked++;
      if (asked % 3 === 0) throw new Error("now and then");
      return asked < 8 ? asked : null;
    };
    const run = await runPipeline((env) => void env.fromBatch(source, { name: "source", onError: { retries: 0 + 1, backoffMs: 0 } }).print());
    expect(run.printed).toEqual(["1", "2", "4", "5", "7"]);
    expect(countsOf(run, "source").retried).toBe(2);
  });

  test("is not asked about a failure further down, which ends the job at once", async () => {
    class Pass extends FlatMapFunction<number, number> {
      execute(value: number, out: Collector<number>) {
        void out.collect(value);
      }
    }
    const seen: number[] = [];
    const run = runPipeline((env) => void env.fromIterable(numbersTo(5)).flatMap(Pass).with({ onError: "skip" }).map(failAt(2), { name: "below" }).sink((n) => void seen.push(n)));
    await expect(run).rejects.toMatchObject({ operator: "below", recordNumber: 3 });
    expect(seen).toEqual([0, 1]);
  });

  test.each([
    ["a map", (env: PipelineBuilder) => env.fromIterable(numbersTo(200)).map(failAt(-1)).map(broken, deadLetter)],
    ["an async map", (env: PipelineBuilder) => env.fromIterable(numbersTo(200)).map(async (n) => broken(n), deadLetter)],
    ["a concurrent map", (env: PipelineBuilder) => env.fromIterable(numbersTo(200)).map(async (n) => broken(n), { ...deadLetter, concurrency: 4 })],
    ["a flatMap", (env: PipelineBuilder) => env.fromIterable(numbersTo(200)).flatMap((n) => [broken(n)], deadLetter)],
    ["a generator", (env: PipelineBuilder) => env.fromIterable(numbersTo(200)).flatMap(function* (n) { yield broken(n); }, deadLetter)],
    ["a reduce", (env: PipelineBuilder) => env.fromIterable(numbersTo(200)).keyBy(() => 1).reduce((a, n) => broken(a + n), deadLetter)],
  ])("who takes dead letters slowly holds back %s", async (_name, build) => {
    let taking = 0;
    let most = 0;
    let taken = 0;
    await runPipeline((env) => void build(env).sink(() => {}), {
      hooks: {
        onDeadLetter: async () => {
          most = Math.max(most, ++taking);
          await turn();
          taking--;
          taken++;
        },
      },
    });
    expect(taken).toBeGreaterThanOrEqual(199);
    expect(most).toBeLessThanOrEqual(4);
  });
});
