import { describe, expect, test } from "vitest";
import { ProcessFunction, outputTag, type PipelineBuilder, type ProcessContext, type Stream } from "@sage/graph";
import { numbersTo, recordsOf, runPipeline, sorted, turn, type RunOptions } from "../testing/pipeline-run.ts";

/** Halves even numbers until they are odd; odd ones come out. */
function halving(env: PipelineBuilder, source: Stream<number>, parallelism = 1): Stream<number> {
  const back = env.fromFuture<number>("back");
  const all = source.union(back).map((n) => n, { parallelism });
  all.filter((n) => n % 2 === 0 && n > 0, { parallelism }).map((n) => n / 2, { parallelism }).fillFuture(back);
  return all.filter((n) => n % 2 === 1, { parallelism });
}

const oddPartOf = (n: number): number => (n % 2 === 1 ? n : oddPartOf(n / 2));

describe("a loop ends when it is empty and its input has ended", () => {
  test.each([1, 2, 5])("and loses no record (parallelism %i)", async (parallelism) => {
    const results = await recordsOf((env) => halving(env, env.fromIterable(numbersTo(3_000)), parallelism));
    expect(sorted(results)).toEqual(sorted(numbersTo(3_000).filter((n) => n > 0).map(oddPartOf)));
  });

  test("also with an empty input, and with one that nothing goes round", async () => {
    expect(await recordsOf((env) => halving(env, env.fromIterable<number>([])))).toEqual([]);
    expect(await recordsOf((env) => halving(env, env.fromIterable([1, 3])))).toEqual([1, 3]);
  });

  test.each([{}, { concurrency: 4 }, { concurrency: 4, ordered: false }])("also when its operators are async, or work on several records at once: %o", async (options) => {
    const results = await recordsOf((env) => {
      const back = env.fromFuture<number>("back");
      const all = env.fromIterable(numbersTo(50)).union(back).map(async (n) => {
        for (let i = 0; i <= n % 3; i++) await turn();
        return n;
      }, options);
      all.filter((n) => n > 0).map((n) => n - 1).fillFuture(back);
      return all.filter((n) => n === 0);
    });
    expect(results).toEqual(Array(50).fill(0));
  });

  test.each([1, 3])("with expansion: each record makes several, keyed, with state (parallelism %i)", async (parallelism) => {
    // A tree: n makes 2n and 2n + 1, up to a limit; each number is seen once.
    const limit = 20_000;
    const results = await recordsOf((env) => {
      const back = env.fromFuture<number>("back");
      const nodes = env.fromIterable([1]).union(back).keyBy((n) => n % 10).process<number>((n, ctx) => {
        const seen = ctx.state.map<number, boolean>("seen");
        if (!seen.has(n)) void ctx.collect(n);
        seen.set(n, true);
      }, { parallelism });
      nodes.flatMap((n) => [2 * n, 2 * n + 1], { parallelism }).filter((n) => n < limit, { parallelism }).fillFuture(back);
      return nodes;
    });
    expect(sorted(results)).toEqual(numbersTo(limit).slice(1));
  });

  test("nested loops", async () => {
    const results = await recordsOf((env) => {
      const outer = env.fromFuture<number>("outer");
      const inner = env.fromFuture<number>("inner");
      const innerAll = env.fromIterable(numbersTo(500)).union(outer).union(inner).map((n) => n);
      innerAll.filter((n) => n % 3 === 0 && n > 0).map((n) => n / 3).fillFuture(inner);
      const out = innerAll.filter((n) => n % 3 !== 0);
      out.filter((n) => n % 2 === 0).map((n) => n / 2).fillFuture(outer);
      return out.filter((n) => n % 2 === 1);
    });
    const core = (n: number): number => (n % 3 === 0 ? core(n / 3) : n % 2 === 0 ? core(n / 2) : n);
    expect(sorted(results)).toEqual(sorted(numbersTo(500).filter((n) => n > 0).map(core)));
  });

  test("two loops one behind the other", async () => {
    const results = await recordsOf((env) => {
      const first = halving(env, env.fromIterable(numbersTo(200)));
      const back = env.fromFuture<number>("second");
      const all = first.union(back).map((n) => n);
      all.filter((n) => n > 10).map((n) => n - 10).fillFuture(back);
      return all.filter((n) => n <= 10);
    });
    expect(results).toHaveLength(199);
    expect(Math.max(...results)).toBeLessThanOrEqual(10);
  });

  test("a loop closed by a side output, with a class that keeps state", async () => {
    const again = outputTag<number>("again");
    class Countdown extends ProcessFunction<number, string> {
      execute(n: number, ctx: ProcessContext<string>) {
        return n > 0 ? ctx.output(again, n - 1) : ctx.collect("done");
      }
    }
    const results = await recordsOf((env) => {
      const back = env.fromFuture<number>("back");
      const steps = env.fromIterable([3, 0, 7]).union(back).process(Countdown);
      steps.sideOutput(again).fillFuture(back);
      return steps;
    });
    expect(results).toEqual(["done", "done", "done"]);
  });
});

describe("a loop never blocks itself", () => {
  const growing = async (options: RunOptions = {}) => {
    // Every record makes three, for twelve rounds of the loop: far more than the channels of the loop hold.
    let leaves = 0;
    await runPipeline((env) => {
      const back = env.fromFuture<number>("back");
      const all = env.fromIterable([0]).union(back).flatMap((depth) => (depth < 11 ? [depth + 1, depth + 1, depth + 1] : [depth]), { parallelism: 2 });
      all.filter((depth) => depth < 11, { parallelism: 2 }).fillFuture(back);
      all.filter((depth) => depth === 11, { parallelism: 2 }).sink(() => void leaves++);
    }, options);
    expect(leaves).toBe(3 ** 11);
  };

  test("however much it expands", () => growing());

  test("also when what waits does not fit into memory", () => growing({ loopMemoryRecords: 100 }));
});

test("what an operator emits into a loop after its end is an error, not a loss", async () => {
  class AtEnd extends ProcessFunction<number, number> {
    execute() {}
    override finish(ctx: ProcessContext<number>) {
      void ctx.collect(1);
    }
  }
  const run = runPipeline((env) => {
    const back = env.fromFuture<number>("round");
    const all = env.fromIterable([1]).union(back).process(AtEnd);
    all.fillFuture(back);
    all.print();
  });
  await expect(run).rejects.toThrow(/1 records entered the loop "round" after it had ended/);
});

test("an aggregate behind a loop emits when the loop has ended", async () => {
  const results = await recordsOf((env) => halving(env, env.fromIterable(numbersTo(1_000))).keyBy((n) => n).aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => [key as number, count] as const }, { emit: "end" }));
  expect(new Map(results).get(1)).toBe(10); // 1, 2, 4, …, 512
});

test("a failure inside a loop ends the job", async () => {
  const run = recordsOf((env) => {
    const back = env.fromFuture<number>("back");
    const all = env.fromIterable([1]).union(back).map((n) => {
      if (n > 100) throw new Error("too far");
      return n + 1;
    }, { name: "counter" });
    all.fillFuture(back);
    return all;
  });
  await expect(run).rejects.toMatchObject({ operator: "counter", recordNumber: 101 });
});
