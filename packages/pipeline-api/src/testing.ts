// For tests of pipelines: runs in this process what a stream is made of, and gives its records.
//
//   expect(await runToArray((env) => wordsOf(env.fromIterable(["a b", "c"])))).toEqual(["a", "b", "c"]);

import type { PipelineBuilder, Stream } from "@sage/graph";
import { LocalEnvironment } from "./local-environment.ts";
import "./index.ts";

export interface TestRunOptions {
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** Default parallelism of the operators; they all run in this process. Default 1. */
  readonly parallelism?: number;
  /** Longest run, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Builds a pipeline, runs it in this process and gives the records of the stream that `build` returns, in order per
 * parallel instance.
 *
 * @throws JobFailedError, or what `build` throws.
 */
export async function runToArray<T>(build: (env: PipelineBuilder) => Stream<T>, options: TestRunOptions = {}): Promise<T[]> {
  const { params, parallelism, timeoutMs = 30_000, signal } = options;
  await using env = new LocalEnvironment("test", {
    workers: "in-process", ...(params === undefined ? {} : { params }), ...(parallelism === undefined ? {} : { parallelism }),
  });
  const collected = build(env).collect();
  const [, records] = await Promise.all([env.submit({ timeoutMs, ...(signal ? { signal } : {}) }), collected.toArray()]);
  return records;
}
