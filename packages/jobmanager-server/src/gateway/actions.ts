// What a page may do to jobs. An action that the JobManager learns is one line here, and pages offer it.

import { isSageError, SageError, type Clock } from "@sage/core";
import type { ActionOutcome } from "@sage/protocol/json";
import type { JobSnapshot } from "../jobs/job.ts";
import type { JobManager } from "../jobs/job-manager.ts";
import { errorJson } from "./answers.ts";
import { BadRequestError } from "./errors.ts";
import { toRow } from "./job-rows.ts";

type Action = (jobs: JobManager, jobId: string, signal: AbortSignal) => Promise<JobSnapshot>;

const actions: Readonly<Record<string, Action>> = {
  stop: (jobs, jobId, signal) => jobs.stop(jobId, signal, { reason: "stopped from the dashboard" }),
  delete: (jobs, jobId, signal) => jobs.delete(jobId, true, signal),
};

export const offeredActions: readonly string[] = Object.keys(actions);
const mostJobs = 10_000;
/** A job that takes longer goes on with it; pages see it happen. */
const waitMs = 30_000;

/** Acts on every job, each by itself: one that fails holds up no other. @throws BadRequestError */
export async function act(jobs: JobManager, clock: Clock, body: unknown, onFault: (error: unknown) => void): Promise<readonly ActionOutcome[]> {
  const { action, jobIds } = (body ?? {}) as { readonly action?: unknown; readonly jobIds?: unknown };
  const run = typeof action === "string" && Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!run) throw new BadRequestError(`action is one of ${offeredActions.join(", ")}`);
  if (!Array.isArray(jobIds) || jobIds.length > mostJobs || !jobIds.every((id): id is string => typeof id === "string")) {
    throw new BadRequestError(`jobIds is a list of at most ${mostJobs} ids`);
  }
  return Promise.all(jobIds.map((jobId) => actOn(run, jobs, jobId, clock, onFault)));
}

async function actOn(run: Action, jobs: JobManager, jobId: string, clock: Clock, onFault: (error: unknown) => void): Promise<ActionOutcome> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new StillAtItError()), waitMs);
  try {
    return { jobId, ok: true, job: toRow(await run(jobs, jobId, late.signal), clock.now()) };
  } catch (error) {
    if (error instanceof StillAtItError) return { jobId, ok: true, job: toRow(jobs.get(jobId), clock.now()) };
    if (!isSageError(error)) onFault(error);
    return { jobId, ok: false, error: errorJson(error) };
  } finally {
    clearTimeout(timer);
  }
}

class StillAtItError extends SageError {
  constructor() {
    super("the job is still at it", { code: "SAGE_TIMEOUT", fault: "cluster", retryable: true });
  }
}
