// What holds a running job back, in the few words that a line of progress has room for. Pure.

import type { JobView, Plan } from "@sage/protocol";
import { whySlow } from "@sage/protocol/json";

/**
 * `score 98% busy, 40% back-pressure`: the busiest instance of the bottleneck, and how much of their time those before it
 * wait for it. Undefined where nothing holds the job back, or its plan is not known.
 */
export function heldBackBy(job: JobView): string | undefined {
  if (job.planJson === "") return undefined;
  const { bottleneck } = whySlow({ ...job, plan: JSON.parse(job.planJson) as Plan });
  if (bottleneck === undefined) return undefined;
  const { operators: [first = "", ...others], busy, pressure } = bottleneck;
  const last = others.at(-1);
  return `${last === undefined ? first : `${first} → ${others.length > 1 ? "… → " : ""}${last}`} ${percent(busy)} busy${pressure > 0 ? `, ${percent(pressure)} back-pressure` : ""}`;
}

const percent = (part: number): string => `${Math.round(part * 100)}%`;
