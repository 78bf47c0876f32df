// Pipelines made at random, and what they give by plain arrays.

import * as fc from "fast-check";
import type { OperatorOptions, Stream } from "@sage/graph";
import { turn } from "./pipeline-run.ts";

export type Step =
  | { readonly kind: "map"; readonly add: number; readonly async: boolean; readonly options: OperatorOptions }
  | { readonly kind: "filter"; readonly modulo: number; readonly async: boolean; readonly options: OperatorOptions }
  | { readonly kind: "flatMap"; readonly times: number; readonly form: "array" | "generator" | "async"; readonly options: OperatorOptions }
  | { readonly kind: "sums"; readonly modulo: number; readonly options: OperatorOptions }
  | { readonly kind: "latest"; readonly modulo: number; readonly options: OperatorOptions }
  | { readonly kind: "fork"; readonly left: readonly Step[]; readonly right: readonly Step[] }
  | { readonly kind: "rebalance" };

/** Of one operator. */
const options = fc.record({
  parallelism: fc.integer({ min: 1, max: 3 }),
  concurrency: fc.constantFrom(1, 1, 3),
  ordered: fc.boolean(),
});

export const { steps } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  step: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.record({ kind: fc.constant("map" as const), add: fc.integer({ min: 0, max: 9 }), async: fc.boolean(), options }),
    fc.record({ kind: fc.constant("filter" as const), modulo: fc.integer({ min: 2, max: 4 }), async: fc.boolean(), options }),
    fc.record({ kind: fc.constant("flatMap" as const), times: fc.integer({ min: 0, max: 3 }), form: fc.constantFrom("array" as const, "generator" as const, "async" as const), options }),
    fc.record({ kind: fc.constant("sums" as const), modulo: fc.integer({ min: 1, max: 5 }), options }),
    fc.record({ kind: fc.constant("latest" as const), modulo: fc.integer({ min: 1, max: 5 }), options }),
    fc.record({ kind: fc.constant("rebalance" as const) }),
    fc.record({ kind: fc.constant("fork" as const), left: tie("steps"), right: tie("steps") }),
  ),
  steps: fc.array(tie("step"), { maxLength: 5 }),
}));

/** A value after a wait whose length depends on it. */
const waited = async <T>(value: T, n: number): Promise<T> => {
  for (let i = 0; i < n % 3; i++) await turn();
  return value;
};

export function build(stream: Stream<number>, all: readonly Step[]): Stream<number> {
  return all.reduce((from, step) => {
    switch (step.kind) {
      case "map": return from.map((n) => (step.async && n % 5 === 0 ? waited(n + step.add, n) : n + step.add), step.options);
      case "filter": return from.filter((n) => (step.async ? waited(n % step.modulo !== 0, n) : n % step.modulo !== 0), step.options);
      case "flatMap": return from.flatMap(expander(step), step.options);
      case "sums": return from.keyBy((n) => [n % step.modulo]).aggregate({ init: () => 0, add: (a, n) => a + n, result: (a) => a }, { ...step.options, emit: "end" });
      case "latest": return from.keyBy((n) => String(n % step.modulo)).reduce((a, b) => Math.max(a, b), { ...step.options, emit: "end" });
      case "fork": return build(from, step.left).union(build(from, step.right));
      case "rebalance": return from.rebalance();
    }
  }, stream);
}

function expander({ times, form }: Step & { kind: "flatMap" }): (n: number) => Iterable<number> {
  const values = (n: number) => Array.from({ length: times }, (_, i) => n * 2 + i);
  if (form === "array") return values;
  if (form === "generator") return function* (n) { yield* values(n); };
  return (async function* (n: number) { yield* values(n); }) as never;
}

export function evaluate(records: readonly number[], all: readonly Step[]): number[] {
  return all.reduce<number[]>((from, step) => {
    switch (step.kind) {
      case "map": return from.map((n) => n + step.add);
      case "filter": return from.filter((n) => n % step.modulo !== 0);
      case "flatMap": return from.flatMap((n) => Array.from({ length: step.times }, (_, i) => n * 2 + i));
      case "sums": return [...groups(from, step.modulo).values()].map((group) => group.reduce((a, b) => a + b));
      case "latest": return [...groups(from, step.modulo).values()].map((group) => Math.max(...group));
      case "fork": return [...evaluate(from, step.left), ...evaluate(from, step.right)];
      case "rebalance": return from;
    }
  }, [...records]);
}

function groups(records: readonly number[], modulo: number): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const record of records) found.set(record % modulo, [...(found.get(record % modulo) ?? []), record]);
  return found;
}
