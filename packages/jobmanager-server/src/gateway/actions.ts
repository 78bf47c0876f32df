// What a page may do to jobs. An action that the JobManager learns is one line here, and pages offer it.

import { isSageError, SageError, type Clock } from "@sage/core";
import type { ActionOutcome } from "@sage/protocol/json";
import type { JobManager } from "../jobs/job-manager.ts";
import { errorJson } from "./answers.ts";
import { BadRequestError } from "./errors.ts";
import { toRow } from "./job-rows.ts";

interface Wishes {
  /** New default parallelism; 0: as it is. */
  readonly parallelism: number;
  /** The checkpoint to go on from; 0: the last one. */
  readonly checkpointId: number;
}

type Action = (jobs: JobManager, jobId: string, signal: AbortSignal, wishes: Wishes) => Promise<unknown>;

const reason = "stopped from the dashboard";

const actions: Readonly<Record<string, Action>> = {
  stop: (jobs, jobId, signal) => jobs.stop(jobId, signal, { reason }),
  "stop-now": (jobs, jobId, signal) => jobs.stop(jobId, signal, { mode: "now", reason }),
  continue: (jobs, jobId, signal, wishes) => jobs.continue(jobId, wishes, signal),
  rescale: (jobs, jobId, signal, { parallelism }) => {
    if (parallelism === 0) throw new BadRequestError("rescale needs a parallelism");
    return jobs.rescale(jobId, parallelism, signal);
  },
  savepoint: (jobs, jobId, signal) => jobs.savepoint(jobId, "", signal),
  delete: (jobs, jobId, signal) => jobs.delete(jobId, true, signal),
};

export const offeredActions: readonly string[] = Object.keys(actions);
const mostJobs = 10_000;
/** A job that takes longer goes on with it; pages see it happen. */
const waitMs = 30_000;

/** Acts on every job, each by itself: one that fails holds up no other. @throws BadRequestError */
export async function act(jobs: JobManager, clock: Clock, body: unknown, onFault: (error: unknown) => void): Promise<readonly ActionOutcome[]> {
  const { action, jobIds, parallelism, checkpointId } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const run = typeof action === "string" && Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!run) throw new BadRequestError(`action is one of ${offeredActions.join(", ")}`);
  if (!Array.isArray(jobIds) || jobIds.length > mostJobs || !jobIds.every((id): id is string => typeof id === "string")) {
    throw new BadRequestError(`jobIds is a list of at most ${mostJobs} ids`);
  }
  const wishes = { parallelism: numberOf("parallelism", parallelism, 10_000), checkpointId: numberOf("checkpointId", checkpointId, Number.MAX_SAFE_INTEGER) };
  return Promise.all(jobIds.map((jobId) => actOn(run, jobs, jobId, wishes, clock, onFault)));
}

function numberOf(name: string, value: unknown, most: number): number {
  if (value === undefined) return 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1 || value > most) throw new BadRequestError(`${name} is a whole number from 1 to ${most}`);
  return value;
}

async function actOn(run: Action, jobs: JobManager, jobId: string, wishes: Wishes, clock: Clock, onFault: (error: unknown) => void): Promise<ActionOutcome> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new StillAtItError()), waitMs);
  try {
    await run(jobs, jobId, late.signal, wishes);
    return { jobId, ok: true, job: toRow(jobs.get(jobId), clock.now()) };
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
