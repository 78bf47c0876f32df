import { expect, test } from "vitest";
import { BatchFunction, MapFunction, type PipelineBuilder } from "@sage/graph";
import { openCheckpointed, type HeldCheckpoint } from "../testing/checkpointed-run.ts";
import { numbersTo, turn } from "../testing/pipeline-run.ts";

class NumberBatch extends BatchFunction<number> {
  private counter = 0;
  private readonly limit: number;
  constructor(limit: number) {
    super();
    this.limit = limit;
  }
  execute(): number | null {
    return this.counter < this.limit ? this.counter++ : null;
  }
}

class Hidden extends BatchFunction<number> {
  #next = 0;
  execute(): number | null {
    return this.#next < 20_000 ? this.#next++ : null;
  }
}

const limit = 20_000;

/** Runs to a checkpoint, throws all away, and runs the rest: what came out before the barrier and behind the restore. */
async function inTwoRuns(build: (env: PipelineBuilder, seen: unknown[]) => void, parallelism: readonly [number, number] = [1, 1]): Promise<unknown[]> {
  const before: unknown[] = [];
  let checkpoint: HeldCheckpoint | undefined;
  {
    const { engine, take } = await openCheckpointed((env) => build(env, before), { parallelism: parallelism[0] });
    const run = engine.run();
    run.catch(() => {});
    await turn();
    await turn();
    checkpoint = await take(1, { halt: true });
    expect(checkpoint.snapshots.every(({ finished }) => finished)).toBe(false); // else nothing is shown
    await engine.cancel();
    await engine[Symbol.asyncDispose]();
  }
  const behind: unknown[] = [];
  const { engine } = await openCheckpointed((env) => build(env, behind), { parallelism: parallelism[1], from: checkpoint });
  await using _ = engine;
  await engine.run();
  return [...before, ...behind];
}

/** Gives the event loop its turn now and then: so a checkpoint comes amid the records. */
const slowly = <T>(value: T): T => (++passed % 300 === 0 ? (turn().then(() => value) as T) : value);
let passed = 0;

const numbers = (values: readonly unknown[]) => (values as number[]).toSorted((a, b) => a - b);

test("a BatchFunction goes on at its counter without a line of user code", async () => {
  const seen = await inTwoRuns((env, out) => void env.fromBatch(NumberBatch, limit).map(slowly).sink((n) => void out.push(n)));
  expect(seen).toEqual(numbersTo(limit));
});

const sources: Record<string, (env: PipelineBuilder) => ReturnType<typeof sourceOf>> = {
  array: (env) => env.fromIterable(numbersTo(limit)),
  "array on two": (env) => env.fromIterable(numbersTo(limit), { parallelism: 2 }),
  set: (env) => env.fromIterable(new Set(numbersTo(limit))),
  "set on three": (env) => env.fromIterable(new Set(numbersTo(limit)), { parallelism: 3 }),
  generator: (env) => env.fromBatch(function* () { yield* numbersTo(limit); }),
  "async generator": (env) => env.fromBatch(async function* () { yield* numbersTo(limit); }),
  function: (env) => {
    let next = 0;
    return env.fromBatch(() => (next < limit ? next++ : null));
  },
  "private fields": (env) => env.fromBatch(Hidden),
};
const sourceOf = (env: PipelineBuilder) => env.fromIterable(numbersTo(1));

test.each(Object.keys(sources))("a source is read once over a restore: %s", async (name) => {
  const seen = await inTwoRuns((env, out) => void sources[name]!(env).map(slowly).sink((n) => void out.push(n), { parallelism: 1 }));
  expect(numbers(seen)).toEqual(numbersTo(limit));
});

test.each([[1, 1], [2, 2], [1, 2], [2, 1], [5, 2], [2, 5]] as const)("keyed counts go on with parallelism %i → %i", async (from, to) => {
  const seen = await inTwoRuns((env, out) => {
    env.fromBatch(NumberBatch, limit).map(slowly).keyBy((n) => n % 997).aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => [key, count] as const })
      .process<readonly [unknown, number]>((pair, ctx) => void ctx.collect(pair)).sink((pair) => void out.push(pair));
  }, [from, to]);
  const expected = numbersTo(limit).map((n) => `${n % 997} ${Math.floor(n / 997) + 1}`);
  expect(seen.map((pair) => (pair as unknown[]).join(" ")).sort()).toEqual(expected.sort());
});

class Summing extends MapFunction<number, number> {
  sum = 0;
  execute(n: number): number {
    return (this.sum += n);
  }
}

test("an operator's own fields come back", async () => {
  const seen = await inTwoRuns((env, out) => void env.fromBatch(NumberBatch, 5_000).map(slowly).map(Summing).sink((n) => void out.push(n)));
  expect(seen.at(-1)).toBe((4_999 * 5_000) / 2);
  expect(seen.length).toBe(5_000);
});

test("joins, unions, async operators and loops keep what they hold", async () => {
  const seen = await inTwoRuns((env, out) => {
    const left = env.fromBatch(NumberBatch, 3_000).map(async (n) => { if (n % 3 === 0) await turn(); return n; }, { concurrency: 8 });
    const right = env.fromIterable(numbersTo(1_000)).map((n) => slowly(n * 3));
    const joined = left.keyBy((n) => n).connect(right.keyBy((n) => n)).join((a, b) => ({ n: a + b, turns: 0 }));
    const again = env.fromFuture<{ n: number; turns: number }>("again");
    const all = joined.union(again).map(({ n, turns }) => ({ n, turns: turns + 1 }));
    all.filter(({ turns }) => turns < 3).fillFuture(again);
    all.filter(({ turns }) => turns === 3).sink(({ n }) => void out.push(n));
  }, [2, 2]);
  expect(numbers(seen)).toEqual(numbersTo(1_000).map((n) => n * 6));
});
