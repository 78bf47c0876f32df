// From the daemon's view of a job to what programs see of it. Pure.

import { JobFailedError, type JobFailure, type JobProgress, type JobResult, type JobStatus, type OperatorCounts } from "@sage/graph";
import type { FailureView, JobPhase, JobView, OperatorView } from "@sage/protocol";

const sourceKinds: ReadonlySet<string> = new Set(["batch", "source", "iterable", "data", "file"]);
const endPhases: ReadonlySet<JobPhase> = new Set(["COMPLETED", "FAILED", "STOPPED", "DELETED"]);

export function toStatus(phase: JobPhase): JobStatus {
  return phase === "JOB_PHASE_UNSPECIFIED" ? "initializing" : (phase.toLowerCase() as JobStatus);
}

/** Whether nothing more will happen to the job by itself. */
export const hasEnded = (job: JobView): boolean => endPhases.has(job.phase);

/** Whether the job has ended and its workers and services are gone. */
export const isOver = (job: JobView): boolean => hasEnded(job) && job.resourcesReleased;

export function toResult(job: JobView): JobResult {
  return {
    jobId: job.jobId,
    name: job.name,
    status: toStatus(job.phase),
    startedAtMs: job.startedAtMs || job.submittedAtMs,
    ...(job.endedAtMs > 0 ? { endedAtMs: job.endedAtMs } : {}),
    operators: job.operators.map(toCounts),
    ...(job.failure ? { error: job.failure.message } : {}),
  };
}

/** The job's result, if it ended without failing. @throws JobFailedError */
export function resultOrFailure(job: JobView): JobResult {
  if (job.phase === "FAILED") throw failureOf(job);
  return toResult(job);
}

export function failureOf(job: JobView): JobFailedError {
  return new JobFailedError(job.jobId, job.name, toFailure(job.failure));
}

function toFailure(view: FailureView | null): JobFailure {
  if (!view) return { code: "SAGE_JOB_FAILED", fault: "sage", message: "the daemon gave no reason" };
  const { code, message, operator, index, recordNumber, stack, hint, host } = view;
  return {
    code, message,
    fault: view.fault === "user" || view.fault === "cluster" ? view.fault : "sage",
    ...(operator === "" ? {} : { operator, index }),
    ...(recordNumber > 0 ? { recordNumber } : {}),
    ...(stack === "" ? {} : { stack }),
    ...(hint === "" ? {} : { hint }),
    ...(host === "" ? {} : { host }),
  };
}

function toCounts({ name, instances }: OperatorView): OperatorCounts {
  const sum = (field: "recordsIn" | "recordsOut" | "skipped" | "deadLettered" | "retried") =>
    instances.reduce((total, instance) => total + instance[field], 0);
  return {
    name, recordsIn: sum("recordsIn"), recordsOut: sum("recordsOut"),
    skipped: sum("skipped"), deadLettered: sum("deadLettered"), retried: sum("retried"),
  };
}

export interface ProgressSample {
  readonly atMs: number;
  readonly records: number;
}

/**
 * How far a job is: records are those that its sources emitted, the rate is that since `before`.
 *
 * @param nowMs - of a clock that never goes back.
 */
export function progressOf(job: JobView, nowMs: number, before?: ProgressSample): JobProgress {
  const sources = job.operators.filter((operator) => sourceKinds.has(operator.kind)).flatMap((operator) => operator.instances);
  const records = sources.reduce((total, instance) => total + instance.recordsOut, 0);
  const elapsedMs = before ? nowMs - before.atMs : 0;
  const known = sources.length > 0 && sources.every((instance) => instance.progress >= 0);
  const fraction = sources.reduce((total, instance) => total + instance.progress, 0) / sources.length;
  return {
    jobId: job.jobId,
    status: toStatus(job.phase),
    records,
    recordsPerSecond: elapsedMs > 0 && before ? Math.max(0, ((records - before.records) * 1_000) / elapsedMs) : 0,
    ...(known ? { fraction: Math.min(1, fraction) } : {}),
  };
}
