// Runs small pipelines in tests.

import { PipelineBuilder, type EnvironmentOptions, type Stream } from "@sage/graph";
import type { InstanceMetrics } from "../observe/instance-metrics.ts";
import { openInProcess, type InProcessOptions } from "../in-process.ts";
import type { DeadLetter } from "../operators/failure-policy.ts";

export interface PipelineRun {
  readonly metrics: readonly InstanceMetrics[];
  readonly printed: readonly string[];
  readonly deadLetters: readonly DeadLetter[];
  /** What `collect()` nodes got, by node id. */
  readonly collected: ReadonlyMap<string, unknown[]>;
}

export type RunOptions = InProcessOptions & { readonly env?: EnvironmentOptions };

/** Builds a pipeline and runs it to its end. */
export async function runPipeline(build: (env: PipelineBuilder) => void, options: RunOptions = {}): Promise<PipelineRun> {
  const env = new PipelineBuilder("test", options.env);
  build(env);
  const printed: string[] = [];
  const deadLetters: DeadLetter[] = [];
  const collected = new Map<string, unknown[]>();
  await using engine = await openInProcess(env.graph(), {
    ...options,
    hooks: {
      onPrint: (_operator, _index, text) => void printed.push(text),
      onDeadLetter: (letter) => void deadLetters.push(letter),
      onCollect: (nodeId, _index, batch) => {
        const all = collected.get(nodeId) ?? [];
        all.push(...batch);
        collected.set(nodeId, all);
        return undefined;
      },
      ...options.hooks,
    },
  });
  await engine.run();
  return { metrics: engine.metrics(), printed, deadLetters, collected };
}

/** What one stream of a pipeline gives. */
export async function recordsOf<T>(build: (env: PipelineBuilder) => Stream<T>, options?: RunOptions): Promise<T[]> {
  let node = "";
  const run = await runPipeline((env) => {
    node = build(env).collect().nodeId;
  }, options);
  return (run.collected.get(node) ?? []) as T[];
}

/** Sums of an operator's counts over its instances. */
export function countsOf(run: PipelineRun, operator: string) {
  const instances = run.metrics.filter((each) => each.operator === operator);
  const sum = (of: (each: InstanceMetrics) => number) => instances.reduce((total, each) => total + of(each), 0);
  return {
    recordsIn: sum((each) => each.recordsIn), recordsOut: sum((each) => each.recordsOut), skipped: sum((each) => each.skipped),
    deadLettered: sum((each) => each.deadLettered), retried: sum((each) => each.retried),
  };
}

export const numbersTo = (limit: number): number[] => Array.from({ length: limit }, (_, i) => i);

/** An async turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const sorted = <T>(values: readonly T[]): T[] => [...values].sort((a, b) => (a as number) - (b as number));
