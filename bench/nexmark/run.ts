// Runs a query in this process, and brings two results into a form in which equal ones are equal.

import { PipelineBuilder } from "@sage/graph";
import { runInProcess } from "@sage/runtime";
import { eventAt, type NexmarkEvent, type NexmarkInput } from "./events.ts";
import type { NexmarkQuery } from "./query.ts";
import { nexmarkEvents } from "./source.ts";

export interface RunOptions {
  /** Default 1. */
  readonly parallelism?: number;
  /** Instances that make the events, so that they come out of order; default 1. */
  readonly sources?: number;
}

export async function runQuery(query: NexmarkQuery<unknown>, input: NexmarkInput, { parallelism = 1, sources = 1 }: RunOptions = {}): Promise<unknown[]> {
  const results: unknown[] = [];
  const env = new PipelineBuilder(query.name, { parallelism });
  query.pipeline(nexmarkEvents(env, input, sources)).sink((result) => void results.push(result)).with({ parallelism: 1 });
  await runInProcess(env.graph());
  return results;
}

export const allEvents = (input: NexmarkInput): NexmarkEvent[] => Array.from({ length: input.events }, (_, n) => eventAt(input, n));

/** The results that count, as sorted lines. */
export const comparable = (query: NexmarkQuery<unknown>, results: readonly unknown[]): string[] =>
  (query.settled?.(results) ?? results).map((result) => JSON.stringify(result)).sort();
