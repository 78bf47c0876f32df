import { describe, expect, test } from "vitest";
import { CoMapFunction, FlatMapFunction, JoinFunction, MapFunction, ProcessFunction, ReduceFunction, outputTag, type Collector, type ProcessContext } from "@sage/graph";
import { countsOf, numbersTo, recordsOf, runPipeline, sorted, turn } from "../testing/pipeline-run.ts";

describe("flatMap", () => {
  test("takes arrays, generators, async generators, promises and collect(), and nothing", async () => {
    class Twice extends FlatMapFunction<number, number> {
      execute(value: number, out: Collector<number>) {
        void out.collect(value);
        void out.collect(value);
      }
    }
    class AsyncTwice extends FlatMapFunction<number, number> {
      async execute(value: number, out: Collector<number>) {
        await turn();
        await out.collect(value);
        await out.collect(value);
      }
    }
    const twice = [1, 1, 2, 2];
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap((n) => [n, n]))).toEqual(twice);
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap(function* (n) { yield n; yield n; }))).toEqual(twice);
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap(async function* (n) { yield n; await turn(); yield n; }))).toEqual(twice);
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap(async (n) => [n, n]))).toEqual(twice);
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap(Twice))).toEqual(twice);
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap(AsyncTwice))).toEqual(twice);
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap((() => undefined) as never))).toEqual([]);
    expect(await recordsOf((env) => env.fromIterable([1, 2]).flatMap((n) => [n, n]).flatMap((n) => [n, [n]]))).toEqual([1, [1], 1, [1], 2, [2], 2, [2]]);
  });

  test("keeps the order, where something below waits and nobody awaits collect()", async () => {
    class Ten extends FlatMapFunction<number, number> {
      execute(value: number, out: Collector<number>) {
        for (let i = 0; i < 10; i++) void out.collect(value * 10 + i);
      }
    }
    expect(await recordsOf((env) => env.fromIterable(numbersTo(20)).flatMap(Ten).map(async (n) => (n % 3 === 0 ? (await turn(), n) : n)))).toEqual(numbersTo(200));
  });

  test("what is not iterable is a clear error; so is emitting after the function has ended", async () => {
    await expect(recordsOf((env) => env.fromIterable([1]).flatMap(((n: number) => n) as never))).rejects.toThrow(/must return an iterable or nothing, not a number/);
    let late: Collector<number> | undefined;
    class Late extends FlatMapFunction<number, number> {
      execute(value: number, out: Collector<number>) {
        if (late) return;
        late = out;
        void out.collect(value);
      }
    }
    await recordsOf((env) => env.fromIterable([1, 2]).flatMap(Late));
    expect(() => late!.collect(3)).toThrow(/emits outside of its function/);
  });

  test("one record that becomes 200,000 goes through a slow instance in bounded memory", async () => {
    let made = 0;
    let taken = 0;
    let most = 0;
    await runPipeline((env) => void env.fromIterable([1]).flatMap(function* () {
      while (made < 200_000) yield made++;
    }).map((n) => n, { parallelism: 2 }).sink(async () => {
      most = Math.max(most, made - taken);
      if (++taken % 1_000 === 0) await turn();
    }, { parallelism: 2 }));
    expect(taken).toBe(200_000);
    expect(most).toBeLessThan(40_000); // two channels of eight batches of 1024, and what tasks hold
  });
});

describe("reduce and aggregate", () => {
  class Sum extends ReduceFunction<number> {
    async execute(a: number, b: number) {
      await turn();
      return a + b;
    }
  }

  test("emit with every record, or at the end once per key in first-seen order", async () => {
    const records = [3, 1, 4, 1, 5];
    const sum = (a: number, b: number) => a + b;
    expect(await recordsOf((env) => env.fromIterable(records).keyBy((n) => n % 2).reduce(sum))).toEqual([3, 4, 4, 5, 10]);
    expect(await recordsOf((env) => env.fromIterable(records).keyBy((n) => n % 2).reduce(sum, { emit: "end" }))).toEqual([10, 4]);
    expect(await recordsOf((env) => env.fromIterable(records).keyBy((n) => n % 2).reduce(Sum))).toEqual([3, 4, 4, 5, 10]);
    const counts = { init: () => ({ n: 0 }), add: (a: { n: number }) => ({ n: a.n + 1 }), result: (a: { n: number }, key: unknown) => `${String(key)}:${a.n}` };
    expect(await recordsOf((env) => env.fromIterable(records).keyBy((n) => n % 2).aggregate(counts))).toEqual(["1:1", "1:2", "0:1", "1:3", "1:4"]);
    expect(await recordsOf((env) => env.fromIterable(records).keyBy((n) => n % 2).aggregate(counts, { emit: "end" }))).toEqual(["1:4", "0:1"]);
  });

  test("a result that is a promise is waited for", async () => {
    const async = { init: () => 0, add: (a: number) => a + 1, result: async (a: number) => (await turn(), a) };
    for (const onError of ["fail", "skip"] as const) {
      expect(await recordsOf((env) => env.fromIterable([5, 6]).keyBy(() => 0).aggregate(async, { onError }))).toEqual([1, 2]);
      expect(await recordsOf((env) => env.fromIterable([5, 6]).keyBy(() => 0).aggregate(async, { onError, emit: "end" }))).toEqual([2]);
    }
  });

  test("undefined can be accumulated too", async () => {
    const seen: unknown[] = [];
    const last = (a: unknown, b: unknown) => (seen.push([a, b]), b);
    expect(await recordsOf((env) => env.fromIterable([undefined, 1, undefined, 2]).keyBy(() => 0).reduce(last as never))).toEqual([undefined, 1, undefined, 2]);
    expect(seen).toEqual([[undefined, 1], [1, undefined], [undefined, 2]]);
  });
});

describe("process", () => {
  const odd = outputTag<number>("odd");
  const never = outputTag<number>("never read");

  test("emits to the main output and to side outputs, which several operators may read", async () => {
    const run = await runPipeline((env) => {
      const split = env.fromIterable(numbersTo(6)).process<number>((n, ctx) => {
        void ctx.output(never, n);
        void (n % 2 ? ctx.output(odd, n) : ctx.collect(n));
      }, { name: "split" });
      split.print("even");
      split.sideOutput(odd).print("odd");
      split.sideOutput(odd).map((n) => n * 10, { parallelism: 2 }).print("tens");
    });
    expect(run.printed.toSorted()).toEqual(["even 0", "even 2", "even 4", "odd 1", "odd 3", "odd 5", "tens 10", "tens 30", "tens 50"]);
    expect(countsOf(run, "split")).toMatchObject({ recordsIn: 6, recordsOut: 6 });
  });

  test.each([1, 3])("finish runs once per key that has state, or once without keys (parallelism %i)", async (parallelism) => {
    class PerKey extends ProcessFunction<number, string> {
      execute(value: number, ctx: ProcessContext<string>) {
        if (value !== 5) ctx.state.list<number>("seen").add(value);
      }
      override async finish(ctx: ProcessContext<string>) {
        await turn();
        await ctx.collect(`${String(ctx.key)}=${ctx.state.list<number>("seen").get().join("+")}`);
      }
    }
    class Once extends ProcessFunction<number, number> {
      #sum = 0;
      execute(value: number) {
        this.#sum += value;
      }
      override finish(ctx: ProcessContext<number>) {
        void ctx.collect(this.#sum);
      }
    }
    const perKey = await recordsOf((env) => env.fromIterable(numbersTo(8)).keyBy((n) => n % 6).process(PerKey).with({ parallelism }));
    expect(perKey.toSorted()).toEqual(["0=0+6", "1=1+7", "2=2", "3=3", "4=4"]);
    const sums = await recordsOf((env) => env.fromIterable(numbersTo(10)).process(Once).with({ parallelism })) as number[];
    expect(sums).toHaveLength(parallelism);
    expect(sums.reduce((a, b) => a + b)).toBe(45);
  });

  test("state: values, lists and maps, with first values and clear()", async () => {
    const results = await recordsOf((env) => env.fromIterable(["a", "b", "a", "clear a", "a"]).keyBy((text) => text.at(-1)!).process<string>((text, ctx) => {
      const made = ctx.state.value("made", () => [] as string[]);
      const map = ctx.state.map<{ x: string }, number>("map");
      if (text.startsWith("clear")) {
        made.clear();
        map.clear();
        return;
      }
      made.get().push(text);
      map.set({ x: text }, (map.get({ x: text }) ?? 0) + 1);
      void ctx.collect(`${made.get().length}/${map.get({ x: text })}/${[...map.entries()].length}`);
    }));
    expect(results).toEqual(["1/1/1", "1/1/1", "2/2/1", "1/1/1"]);
  });
});

describe("coMap", () => {
  test("one method per stream, sharing fields; three streams; sync and async", async () => {
    class Three extends CoMapFunction {
      #calls = 0;
      map0(n: number) {
        return `n${n}`;
      }
      async map1(text: string) {
        await turn();
        return `t${text}`;
      }
      map2(flag: boolean) {
        this.#calls++;
        return `f${String(flag)}${this.#calls}`;
      }
    }
    const results = await recordsOf((env) => env.fromIterable([1, 2]).connect(env.fromIterable(["a"]), env.fromIterable([true, false])).coMap(Three));
    expect(results.toSorted()).toEqual(["ffalse2", "ftrue1", "n1", "n2", "ta"]);
  });

  test("keyed inputs share state by key", async () => {
    const results = await recordsOf((env) => {
      const left = env.fromIterable([1, 2]).keyBy((n) => n % 2);
      const right = env.fromIterable(["x"]).keyBy(() => 1);
      return left.connect(right).coMap({ map0: (n) => n, map1: (text) => text }, { parallelism: 2 });
    });
    expect(results).toHaveLength(3);
  });
});

describe("join", () => {
  const left = [[1, "a"], [2, "b"], [1, "c"], [3, "d"]] as [number, string][];
  const right = [[1, "X"], [1, "Y"], [2, "Z"], [4, "W"]] as [number, string][];
  const keyOf = ([key]: [number, string]) => key;

  test.each([1, 3])("emits each pair of one key once, whichever side came first (parallelism %i)", async (parallelism) => {
    const pairs = await recordsOf((env) => env.fromIterable(left).keyBy(keyOf).connect(env.fromIterable(right).keyBy(keyOf)).join((l, r, key) => `${String(key)}${l[1]}${r[1]}`, { parallelism }));
    expect(pairs.toSorted()).toEqual(["1aX", "1aY", "1cX", "1cY", "2bZ"]);
  });

  test("left: unmatched left records come out at the end with null", async () => {
    class Named extends JoinFunction<[number, string], [number, string] | null, string> {
      async execute(l: [number, string], r: [number, string] | null) {
        await turn();
        return `${l[1]}${r?.[1] ?? "-"}`;
      }
    }
    const pairs = await recordsOf((env) => env.fromIterable(left).keyBy(keyOf).connect(env.fromIterable(right).keyBy(keyOf)).leftJoin(Named));
    expect(pairs.toSorted()).toEqual(["aX", "aY", "bZ", "cX", "cY", "d-"]);
    expect(pairs.at(-1)).toBe("d-");
  });

  test("an empty side, sources of any name, and two joins in a row", async () => {
    const join = (l: [number, string], r: [number, string] | null) => [l[0], l[1] + (r?.[1] ?? "-")] as [number, string];
    expect(await recordsOf((env) => env.fromIterable(left).keyBy(keyOf).connect(env.fromIterable<[number, string]>([]).keyBy(keyOf)).join(join))).toEqual([]);
    expect(await recordsOf((env) => env.fromIterable<[number, string]>([]).keyBy(keyOf).connect(env.fromIterable(right).keyBy(keyOf)).join(join, { type: "left" }))).toEqual([]);
    const twice = await recordsOf((env) => {
      const once = env.fromIterable(left, { name: "Whatever" }).keyBy(keyOf).connect(env.fromIterable(right, { name: "Anything" }).keyBy(keyOf)).join(join);
      return once.keyBy(keyOf).connect(env.fromIterable(right).keyBy(keyOf)).join(join, { parallelism: 2 });
    });
    expect(twice.map(([key, text]) => key + text).toSorted()).toEqual(["1aXX", "1aXY", "1aYX", "1aYY", "1cXX", "1cXY", "1cYX", "1cYY", "2bZZ"]);
  });
});

describe("async operators with concurrency", () => {
  test.each([true, false])("work on so many records at once, ordered: %s", async (ordered) => {
    let inside = 0;
    let most = 0;
    const done: number[] = [];
    const results = await recordsOf((env) => env.fromIterable(numbersTo(200)).map(async (n) => {
      most = Math.max(most, ++inside);
      for (let i = 0; i < (n % 5) + 1; i++) await turn();
      inside--;
      done.push(n);
      return n;
    }, { concurrency: 8, ordered }));
    expect(most).toBe(8);
    expect(done).not.toEqual(numbersTo(200));
    expect(results).toEqual(ordered ? numbersTo(200) : done);
  });

  test("filter, flatMap, process with side outputs, and sink", async () => {
    const tag = outputTag<number>("side");
    const sunk: number[] = [];
    const options = { concurrency: 4 };
    const run = await runPipeline((env) => {
      const stream = env.fromIterable(numbersTo(30)).filter(async (n) => (await turn(), n % 2 === 0), options).flatMap(async (n) => {
        await turn();
        return [n, n];
      }, options).process<number>(async (n, ctx) => {
        await turn();
        await ctx.collect(n);
        for (let i = 0; i < n % 3; i++) await turn();
        await ctx.output(tag, n);
      }, options);
      stream.sink(async (n) => {
        await turn();
        sunk.push(n);
      }, options);
      stream.sideOutput(tag).print();
    });
    const expected = numbersTo(30).filter((n) => n % 2 === 0).flatMap((n) => [n, n]);
    expect(sorted(sunk)).toEqual(expected);
    expect(run.printed.map(Number)).toEqual(expected);
  });

  test("the key is there until the first await, then a clear error says so", async () => {
    const keys: unknown[] = [];
    await recordsOf((env) => env.fromIterable(numbersTo(6)).keyBy((n) => n % 2).process<number>(async (n, ctx) => {
      keys.push(ctx.key);
      ctx.state.value("n", 0).set(n);
      await turn();
    }, { concurrency: 3 }));
    expect(keys).toEqual([0, 1, 0, 1, 0, 1]);
    await expect(recordsOf((env) => env.fromIterable([1, 2]).keyBy((n) => n).process<number>(async (_, ctx) => {
      await turn();
      ctx.state.value("n", 0).set(1);
    }, { concurrency: 2, name: "late" }))).rejects.toThrow(/late.*several records are being processed at once/);
  });

  test("a class keeps its instance", async () => {
    class Slow extends MapFunction<number, number[]> {
      #calls = 0;
      async execute(n: number) {
        await turn();
        return [n, ++this.#calls];
      }
    }
    expect(await recordsOf((env) => env.fromIterable(numbersTo(50)).map(Slow).with({ concurrency: 10 }))).toEqual(numbersTo(50).map((n) => [n, n + 1]));
  });
});

describe("back-pressure", () => {
  test("a slow sink holds back a fast source: few records are between them", async () => {
    let made = 0;
    let taken = 0;
    let most = 0;
    await runPipeline((env) => void env.fromBatch(() => (made < 100_000 ? made++ : null)).map((n) => n, { parallelism: 2 }).sink(async () => {
      most = Math.max(most, made - taken);
      if (++taken % 500 === 0) await turn();
    }, { parallelism: 1 }));
    expect(taken).toBe(100_000);
    expect(most).toBeLessThan(60_000);
  });

  test("the caller's slow reading of a collect() holds back the source too", async () => {
    let made = 0;
    let taken = 0;
    let most = 0;
    await runPipeline((env) => void env.fromBatch(() => (made < 20_000 ? made++ : null)).collect(), {
      hooks: {
        onCollect: async (_node, _index, batch) => {
          await turn();
          most = Math.max(most, made - taken);
          taken += batch.length;
        },
      },
    });
    expect(taken).toBe(20_000);
    expect(most).toBeLessThan(6_000);
  });
});

test("print writes strings as they are and everything else on one line", async () => {
  const run = await runPipeline((env) => void env.fromIterable(["text", 1, null, { a: [1, { b: "c" }] }]).print(">"));
  expect(run.printed).toEqual(["> text", "> 1", "> null", "> { a: [ 1, { b: 'c' } ] }"]);
});
