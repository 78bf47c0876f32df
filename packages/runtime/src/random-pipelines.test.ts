// Random pipelines against a naive evaluation over arrays.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { PipelineBuilder, Stream } from "@sage/graph";
import { recordsOf, sorted } from "./testing/pipeline-run.ts";
import { build, evaluate, steps } from "./testing/random-steps.ts";

const sources: Record<string, (env: PipelineBuilder, records: readonly number[]) => Stream<number>> = {
  array: (env, records) => env.fromIterable([...records]),
  "array on two": (env, records) => env.fromIterable([...records], { parallelism: 2 }),
  set: (env, records) => env.fromIterable(new Set(records), { parallelism: 3 }),
  function: (env, records) => {
    let next = 0;
    return env.fromBatch(() => (next < records.length ? records[next++]! : null));
  },
  generator: (env, records) => env.fromBatch(function* () { yield* records; }),
};

test("any pipeline gives what the same steps give over an array", async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 300 }), steps, fc.constantFrom(...Object.keys(sources)), async (count, all, source) => {
    const records = Array.from({ length: count }, (_, i) => (i * 7919) % 1009);
    const results = await recordsOf((env) => build(sources[source]!(env, records), all));
    expect(sorted(results)).toEqual(sorted(evaluate(records, all)));
  }), { numRuns: 150 });
});

test("without parallelism the order is kept too", async () => {
  const sequential = steps.map((all) => all.filter((step) => step.kind !== "fork" && step.kind !== "sums" && step.kind !== "latest")
    .map((step) => ("options" in step ? { ...step, options: { ...step.options, parallelism: 1, ordered: true } } : step)));
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 300 }), sequential, async (count, all) => {
    const records = Array.from({ length: count }, (_, i) => (i * 7919) % 1009);
    expect(await recordsOf((env) => build(env.fromIterable(records), all))).toEqual(evaluate(records, all));
  }), { numRuns: 80 });
});
