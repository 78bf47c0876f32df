// Jobs of the domain as the data that the http door sends: through the wire's form, so that it is the same as the CLI's.

import type { JobView } from "@sage/protocol";
import { jobJson, type JobJson, type JobRowJson } from "@sage/protocol/json";
import type { JobSnapshot } from "../jobs/job.ts";
import { toJobView } from "../services/job-view.ts";

/** What the wire fills in by itself. */
const absent: Partial<JobView> = {
  checkpoints: [], restarts: [], restartCount: 0, guarantee: "", guaranteeReason: "", stateBytes: 0, checkpointSettings: null, restart: null,
  restoredFrom: null, savepointDir: "", waitsFor: "",
};

/** @param planJson - empty: without the plan. */
export function toJson(job: JobSnapshot, nowMs: number, planJson = ""): JobJson {
  return jobJson({ ...absent, ...toJobView(job, planJson) } as JobView, nowMs);
}

export function toRow(job: JobSnapshot, nowMs: number): JobRowJson {
  const { operators: _operators, services: _services, history: _history, plan: _plan, checkpoints: _checkpoints, restarts: _restarts, ...row } = toJson(job, nowMs);
  return row;
}
