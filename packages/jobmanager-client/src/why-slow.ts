// What holds a job back, of a job as `get` gives it.

import type { JobView, Plan } from "@sage/protocol";
import { whySlow as whySlowOf, type WhySlow } from "@sage/protocol/json";

/** @param job - with its plan. */
export function whySlow(job: JobView): WhySlow {
  return whySlowOf({ ...job, plan: job.planJson === "" ? undefined : (JSON.parse(job.planJson) as Plan) });
}
