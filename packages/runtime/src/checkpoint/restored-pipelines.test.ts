// Random pipelines, broken off at a random checkpoint and restored with another parallelism, against plain arrays.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BatchFunction, type PipelineBuilder, type Stream } from "@sage/graph";
import { systemClock } from "@sage/core";
import { openCheckpointed, type CheckpointedOptions, type HeldCheckpoint } from "../testing/checkpointed-run.ts";
import { Ledger, LedgerSink } from "../testing/ledger-sink.ts";
import { sorted, turn } from "../testing/pipeline-run.ts";
import { build, evaluate, steps, type Step } from "../testing/random-steps.ts";

class Records extends BatchFunction<number> {
  next = 0;
  readonly records: readonly number[];
  constructor(records: readonly number[]) {
    super();
    this.records = records;
  }
  execute(): number | null {
    return this.next < this.records.length ? this.records[this.next++]! : null;
  }
}

const sources: Record<string, (env: PipelineBuilder, records: readonly number[]) => Stream<number>> = {
  array: (env, records) => env.fromIterable([...records]),
  "array on two": (env, records) => env.fromIterable([...records], { parallelism: 2 }),
  list: (env, records) => env.fromIterable(wrapped(records), { parallelism: 3 }),
  class: (env, records) => env.fromBatch(Records, records),
  generator: (env, records) => env.fromBatch(function* () { yield* records; }),
};

const wrapped = (records: readonly number[]): Iterable<number> => ({ [Symbol.iterator]: () => records[Symbol.iterator]() });

/** Gives the event loop its turn now and then. */
const slowly = () => {
  let passed = 0;
  return (n: number) => (++passed % 17 === 0 ? (turn().then(() => n) as unknown as number) : n);
};

/** Runs in as many engines as there are waits (each so many turns until its checkpoint), and then to the end. */
async function runBroken(make: (env: PipelineBuilder) => Stream<number>, waits: readonly number[], parallelisms: readonly number[], commits: boolean, more: CheckpointedOptions = {}): Promise<number[]> {
  const ledger = new Ledger<number>();
  let from: HeldCheckpoint | undefined;
  for (const [attempt, turns] of [...waits, undefined].entries()) {
    const { engine, take } = await openCheckpointed((env) => void make(env).sink(LedgerSink, ledger as never), { ...more, parallelism: parallelisms[attempt % parallelisms.length]!, from });
    await using _ = engine;
    const id = attempt * 10 + 1;
    const run = engine.run();
    run.catch(() => {}); // awaited at the end
    for (let i = 0; i < (turns ?? 0); i++) await turn();
    if (turns === undefined) {
      while (!engine.awaitsCheckpoint && engine.metrics().some(({ state }) => state === "running")) await turn();
      if (engine.awaitsCheckpoint) {
        await take(id);
        await engine.commitCheckpoint(id);
      }
      await run;
      break;
    }
    from = await take(id);
    if (commits) await engine.commitCheckpoint(id);
    for (let i = 0; i < 3; i++) await turn(); // what comes behind the checkpoint is lost with the engine
    await engine.cancel();
  }
  return ledger.records;
}

/** With the environment's parallelism, which changes from run to run. */
const rescaled = (all: readonly Step[]): Step[] => all.map((step) => {
  if (step.kind === "fork") return { ...step, left: rescaled(step.left), right: rescaled(step.right) };
  if (step.kind === "rebalance") return step;
  const { parallelism: _, ...options } = step.options;
  return { ...step, options };
});

const cases = fc.tuple(
  fc.integer({ min: 0, max: 300 }), fc.oneof(steps, steps.map(rescaled)), fc.constantFrom(...Object.keys(sources)),
  fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 3 }), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }), fc.boolean(),
);

test("a pipeline that is broken off at checkpoints and restored gives what it gives in one run", async () => {
  await fc.assert(fc.asyncProperty(cases, async ([count, all, source, waits, parallelisms, commits]) => {
    const records = Array.from({ length: count }, (_, i) => (i * 7919) % 1009);
    const made = await runBroken((env) => build(sources[source]!(env, records).map(slowly()), all), waits, parallelisms, commits);
    expect(sorted(made)).toEqual(sorted(evaluate(records, all)));
  }), { numRuns: 120 });
});

/** Its shortest wait is a turn of the event loop: so barriers overtake what a turn has not brought away. */
const hasty = { ...systemClock, sleep: (ms: number, signal?: AbortSignal) => (ms === 1 ? turn() : systemClock.sleep(ms, signal)) };

test("barriers that overtake records change nothing either", async () => {
  await fc.assert(fc.asyncProperty(cases, async ([count, all, source, waits, [parallelism], commits]) => {
    const records = Array.from({ length: count }, (_, i) => (i * 7919) % 1009);
    const slow = async (n: number) => { await turn(); return n; };
    const made = await runBroken((env) => build(sources[source]!(env, records).rebalance(), all).map(slow), waits, [parallelism!], commits, { clock: hasty, alignment: { timeoutMs: 1 } });
    expect(sorted(made)).toEqual(sorted(evaluate(records, all)));
  }), { numRuns: 80 });
});
