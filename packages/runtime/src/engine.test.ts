import { describe, expect, test } from "vitest";
import { BatchFunction, KeyByFunction, MapFunction, SinkFunction, SourceFunction } from "@sage/graph";
import { countsOf, numbersTo, recordsOf, runPipeline, sorted, turn } from "./testing/pipeline-run.ts";

class Counting extends BatchFunction<number> {
  #next = 0;
  readonly #limit: number;
  constructor(limit: number) {
    super();
    this.#limit = limit;
  }
  execute(): number | null {
    return this.#next < this.#limit ? this.#next++ : null;
  }
}

class Doubling extends MapFunction<number, number> {
  execute(value: number) {
    return value * 2;
  }
}

describe("every record arrives exactly once", () => {
  test("through a chain of classes in one task", async () => {
    const seen: number[] = [];
    class Keeping extends SinkFunction<number> {
      execute(value: number) {
        seen.push(value);
      }
    }
    const run = await runPipeline((env) => void env.fromBatch(Counting, 5_000).map(Doubling).sink(Keeping));
    expect(seen).toEqual(numbersTo(5_000).map((n) => n * 2));
    expect(countsOf(run, "Doubling")).toMatchObject({ recordsIn: 5_000, recordsOut: 5_000 });
    expect(countsOf(run, "Keeping")).toMatchObject({ recordsIn: 5_000, recordsOut: 0 });
  });

  test("with one slow instance of two", async () => {
    const byInstance = [0, 0];
    class Uneven extends MapFunction<number, number> {
      async execute(value: number) {
        byInstance[this.ctx.parallelIndex]!++;
        if (this.ctx.parallelIndex === 1) await turn();
        return value;
      }
    }
    const results = await recordsOf((env) => env.fromBatch(Counting, 3_000).map(Uneven).with({ parallelism: 2 }));
    expect(sorted(results)).toEqual(numbersTo(3_000));
    expect(byInstance.every((count) => count > 0)).toBe(true);
  });

  test("20 records over two instances: ten each", async () => {
    const run = await runPipeline((env) => void env.fromBatch(Counting, 20).map((n) => n, { parallelism: 2, name: "map" }).sink(() => {}, { parallelism: 2 }));
    expect(run.metrics.filter((each) => each.operator === "map").map((each) => each.recordsIn)).toEqual([10, 10]);
  });

  test("from two merged sources of different length", async () => {
    const results = await recordsOf((env) => env.fromBatch(Counting, 3).union(env.fromBatch(Counting, 60)));
    expect(sorted(results)).toEqual(sorted([...numbersTo(3), ...numbersTo(60)]));
  });

  test("into several sinks, each of which gets every record", async () => {
    const sinks = [[], [], []] as number[][];
    await runPipeline((env) => {
      const numbers = env.fromIterable(numbersTo(100));
      for (const sink of sinks) numbers.sink((n) => void sink.push(n));
    });
    expect(sinks).toEqual([numbersTo(100), numbersTo(100), numbersTo(100)]);
  });

  test("through different parallelisms one after the other, with more instances than any pool has threads", async () => {
    const results = await recordsOf((env) => env.fromBatch(Counting, 2_000)
      .map((n) => n + 1, { parallelism: 13 }).map((n) => n - 1, { parallelism: 40 }).map((n) => n, { parallelism: 3 }).rebalance().map((n) => n, { parallelism: 3 }));
    expect(sorted(results)).toEqual(numbersTo(2_000));
  });

  test("broadcast: to all three instances", async () => {
    const seen = [[], [], []] as number[][];
    class Keeping extends SinkFunction<number> {
      execute(value: number) {
        seen[this.ctx.parallelIndex]!.push(value);
      }
    }
    await runPipeline((env) => void env.fromBatch(Counting, 1_500).broadcast().sink(Keeping).with({ parallelism: 3 }));
    expect(seen).toEqual([numbersTo(1_500), numbersTo(1_500), numbersTo(1_500)]);
  });

  test("an empty input ends at once, also beside one that is not empty", async () => {
    expect(await recordsOf((env) => env.fromIterable<number>([]))).toEqual([]);
    expect(await recordsOf((env) => env.fromIterable<number>([]).union(env.fromIterable([1])))).toEqual([1]);
  });
});

describe("keys", () => {
  test("each key goes to one instance, also 0, \"\", false, null, undefined, boxed and composite ones", async () => {
    const keys = [0, -0, "", false, null, undefined, "a", new String("a"), "0", 1n, ["a", 1], ["a", "1"], { x: 1, y: 2 }, { y: 2, x: 1 }, new Date(5), Number.NaN];
    const seen = new Map<string, Set<number>>();
    await runPipeline((env) => void env.fromIterable(numbersTo(keys.length * 20)).map((n) => n, { parallelism: 3 }).keyBy((n) => keys[n % keys.length] as never)
      .process((n, ctx) => {
        const count = ctx.state.value("count", 0);
        count.set(count.get() + 1);
        const place = seen.get(String(n % keys.length)) ?? new Set();
        seen.set(String(n % keys.length), place.add(ctx.parallelIndex * 1_000 + 0));
      }, { parallelism: 4 }).sink(() => {}));
    expect(seen.size).toBe(keys.length);
    for (const instances of seen.values()) expect(instances.size).toBe(1);
    expect(seen.get("6")).toEqual(seen.get("7")); // "a" and new String("a")
    expect(seen.get("12")).toEqual(seen.get("13")); // the order of fields does not matter
  });

  test.each([1, 4])("state is kept per key and never leaks to another (parallelism %i)", async (parallelism) => {
    const results = await recordsOf((env) => env.fromIterable(numbersTo(1_000)).keyBy((n) => n % 7).process<[number, number]>((n, ctx) => {
      const sum = ctx.state.value("sum", 0);
      sum.set(sum.get() + n);
      void ctx.collect([ctx.key as number, sum.get()]);
    }, { parallelism }));
    const last = new Map(results);
    for (let key = 0; key < 7; key++) expect(last.get(key)).toBe(numbersTo(1_000).filter((n) => n % 7 === key).reduce((a, b) => a + b));
  });

  test("a KeyByFunction class has its context, and a key that cannot be one fails with the operator's name", async () => {
    class ByName extends KeyByFunction<{ id: number }, string> {
      execute(value: { id: number }) {
        return `${this.ctx.jobName}-${value.id}`;
      }
    }
    const results = await recordsOf((env) => env.fromIterable([{ id: 1 }, { id: 1 }]).keyBy(ByName).aggregate({ init: () => 0, add: (n) => n + 1, result: (n, key) => [key, n] }, { emit: "end" }));
    expect(results).toEqual([["test-1", 2]]);
    const bad = recordsOf((env) => env.fromIterable([1]).keyBy((() => () => 1) as never).reduce((a) => a, { name: "sum" }));
    await expect(bad).rejects.toMatchObject({ code: "SAGE_OPERATOR_FAILED", operator: "sum", recordNumber: 1 });
    const badElsewhere = recordsOf((env) => env.fromIterable([1]).keyBy((() => () => 1) as never).reduce((a) => a, { name: "sum", parallelism: 2 }));
    await expect(badElsewhere).rejects.toMatchObject({ operator: "sum", index: 0, recordNumber: 1 });
  });

  test("state behind no keyBy is a clear error", async () => {
    const run = recordsOf((env) => env.fromIterable([1]).process((_, ctx) => ctx.state.value("n", 0).set(1), { name: "stateful" }));
    await expect(run).rejects.toThrow(/stateful.*no current key: its input is not keyed/);
  });
});

describe("sources", () => {
  test("null inside an iterable is a record; null from a BatchFunction ends it", async () => {
    expect(await recordsOf((env) => env.fromBatch([3, null, 5]))).toEqual([3, null, 5]);
    expect(await recordsOf((env) => env.fromIterable(new Set([1, null, undefined])))).toEqual([1, null, undefined]);
    const answers = [1, 2, null, 3];
    expect(await recordsOf((env) => env.fromBatch(() => answers.shift()!))).toEqual([1, 2]);
  });

  test("a map's null is a record", async () => {
    expect(await recordsOf((env) => env.fromIterable([1, 2]).map((n) => (n === 1 ? null : n)))).toEqual([null, 2]);
  });

  test("IDLE means nothing now: the source is asked again", async () => {
    class Sometimes extends SourceFunction<number> {
      #calls = 0;
      execute() {
        this.#calls++;
        if (this.#calls > 6) return null;
        return this.#calls % 2 === 0 ? this.#calls : SourceFunction.IDLE;
      }
    }
    expect(await recordsOf((env) => env.fromSource(Sometimes))).toEqual([2, 4, 6]);
  });

  test("async classes, async functions, generators and async generators", async () => {
    class Async extends BatchFunction<number> {
      #next = 0;
      async execute() {
        await turn();
        return this.#next < 3 ? this.#next++ : null;
      }
    }
    expect(await recordsOf((env) => env.fromBatch(Async))).toEqual([0, 1, 2]);
    let next = 0;
    expect(await recordsOf((env) => env.fromBatch(async () => (next < 3 ? next++ : undefined)))).toEqual([0, 1, 2]);
    expect(await recordsOf((env) => env.fromBatch(function* () { yield* [1, null, 3]; }))).toEqual([1, null, 3]);
    expect(await recordsOf((env) => env.fromSource(async function* () { yield 1; await turn(); yield 2; }))).toEqual([1, 2]);
  });

  test.each([1, 2, 3])("an iterable is split over %i instances, also one that can be iterated only once", async (parallelism) => {
    function* once() { yield* numbersTo(1_000); }
    async function* onceAsync() { yield* numbersTo(1_000); }
    for (const records of [new Set(numbersTo(1_000)), once(), onceAsync()]) {
      const byInstance: number[][] = [];
      const results = await recordsOf((env) => env.fromIterable(records as Iterable<number>, { parallelism }).map((n, ctx) => {
        (byInstance[ctx.parallelIndex] ??= []).push(n);
        return n;
      }, { parallelism }));
      expect(sorted(results)).toEqual(numbersTo(1_000));
      for (const [index, own] of byInstance.entries()) expect(own).toEqual(numbersTo(1_000).filter((n) => n % parallelism === index));
    }
  });

  test("arrays are split by ranges, or loaded by the host", async () => {
    expect(sorted(await recordsOf((env) => env.fromIterable(numbersTo(1_001), { parallelism: 4 })))).toEqual(numbersTo(1_001));
    const loaded = await recordsOf((env) => env.fromIterable([0]), { hooks: { data: async () => [7, 8] } });
    expect(loaded).toEqual([7, 8]);
  });

  test("a source that throws fails the job with its name and the record it did not make", async () => {
    class Broken extends BatchFunction<number> {
      #next = 0;
      execute(): number {
        if (this.#next === 3) throw new Error("no more");
        return this.#next++;
      }
    }
    await expect(recordsOf((env) => env.fromBatch(Broken))).rejects.toMatchObject({ operator: "Broken", recordNumber: 4, cause: new Error("no more") });
    const seen: number[] = [];
    const generator = runPipeline((env) => void env.fromBatch(function* () { yield 1; yield 2; throw new Error("broken"); }, { name: "gen" }).sink((n) => void seen.push(n)));
    await expect(generator).rejects.toMatchObject({ operator: "gen", recordNumber: 3 });
    expect(seen).toEqual([1, 2]);
  });
});
