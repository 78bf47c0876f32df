// How far a job's results are behind: its slowest path from a source, and its watermark against the clock. Pure.

import type { InstanceView__Output as InstanceView } from "../gen/sage/v1/InstanceView.ts";

/** `[milliseconds since the epoch, records, latency in ms, lag in ms]`; null: not known. */
export type JobSampleJson = readonly [atMs: number, records: number, latencyMs: number | null, lagMs: number | null];

interface Delays {
  /** 99th percentile from a source to the end of the slowest path; null: nothing has measured it. */
  readonly latencyMs: number | null;
  /** Of the operator whose watermark is furthest behind; null: no event time. */
  readonly lagMs: number | null;
}

/** Of what runs. */
export function delaysOf({ operators }: { readonly operators: readonly { readonly instances: readonly InstanceView[] }[] }): Delays {
  const running = operators.flatMap(({ instances }) => instances).filter(({ state }) => state === "running");
  return {
    latencyMs: most(running.filter(({ latencySamples }) => latencySamples > 0).map(({ latencyP99Ms }) => latencyP99Ms)),
    lagMs: most(running.filter(({ hasWatermark }) => hasWatermark).map(({ watermarkLagMs }) => Math.max(0, watermarkLagMs))),
  };
}

const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
