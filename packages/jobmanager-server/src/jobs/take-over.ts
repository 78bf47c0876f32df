// What a daemon makes of the jobs of an earlier one: which go on with their workers, which from a checkpoint, which are over.

import type { Clock, JobId, Logger } from "@sage/core";
import type { FailureView, Plan } from "@sage/protocol";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { WorkerDriver } from "../scheduling/worker-driver.ts";
import type { JobRecord, JobStore } from "../store/job-store.ts";
import { failureOf } from "./cause.ts";
import type { AdoptedAttempt, Job } from "./job.ts";

export interface TakeOverParts {
  readonly store: JobStore;
  readonly driver: WorkerDriver;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Settles what an earlier daemon has left of a job; gives its workers if they run and can go on. What cannot go on has failed with its daemon. */
export async function settleLeftOver(job: Job, parts: TakeOverParts): Promise<AdoptedAttempt | undefined> {
  const { record } = job;
  const { phase, canRestore, restarts = [], attempt, stopMode } = record;
  if (job.isEnded) {
    if (!record.released) await job.markReleased();
    return undefined;
  }
  const workers = await leftWorkers(record, parts);
  const isDrained = phase === "stopping" && stopMode === "drain" && canRestore === true;
  if (workers && (phase === "running" || isDrained) && canRestore) return workers;
  if (phase === "stopping" && !isDrained) await job.move("released", restartedWhileRunning);
  else if (record.startedAtMs > 0 && !canRestore) await job.move("failed", restartedWhileRunning, { failure: daemonGone(restartedWhileRunning, parts.clock.now()) });
  else if (phase === "initializing") return undefined; // nothing of it has run
  else {
    const checkpointId = record.checkpoints?.findLast(({ state }) => state === "complete")?.id ?? 0;
    const restart = {
      attempt: attempt + 1, atMs: parts.clock.now(), cause: restartedWhileRunning, code: "SAGE_DAEMON_RESTARTED", operator: "", index: 0,
      recordNumber: 0, checkpointId, delayMs: 0, recoveredMs: 0, host: "", stack: "", hint: "", counted: false,
    };
    await job.move("lost", restartedWhileRunning, { released: false, attempt: attempt + 1, restarts: [...restarts, restart].slice(-100), restartCount: (record.restartCount ?? 0) + 1 });
    return undefined;
  }
  await job.markReleased();
  return undefined;
}

/** Workers of an earlier daemon that still run, if all of them do and the job can go on with them; the others are ended. */
async function leftWorkers({ running, attempt, phase, jobId, stopMode }: JobRecord, parts: TakeOverParts): Promise<AdoptedAttempt | undefined> {
  const { driver, logger } = parts;
  if (!running || !driver.adopt) return undefined;
  const found = await Promise.all(running.workers.map(async ({ id, kept }) => ({ id, handle: await driver.adopt?.(kept) })));
  const workers = found.flatMap(({ id, handle }) => (handle ? [{ id, handle }] : []));
  const isWhole = workers.length === found.length && running.attempt === attempt && (phase === "running" || stopMode === "drain") && !(await hasCollect(jobId, parts));
  logger.info("found workers of an earlier daemon", { jobId, running: workers.length, of: found.length, goOn: isWhole });
  if (isWhole) return { secretHex: running.secretHex, workers };
  for (const { handle } of workers) handle.kill();
  await Promise.all(workers.map(({ handle }) => handle.gone));
  return undefined;
}

/** Results that nobody had read yet have gone with the daemon: such a job goes on from its checkpoint. */
async function hasCollect(jobId: JobId, { store }: TakeOverParts): Promise<boolean> {
  const submission = await store.submission(jobId);
  return submission === undefined || (JSON.parse(submission.planJson) as Plan).nodes.some(({ kind }) => kind === "collect");
}

/** What a daemon that died has left half done. */
export async function sweepCheckpoints({ record, isEnded }: Job, { checkpoints, logger }: TakeOverParts): Promise<void> {
  const { jobId, phase, attempt } = record;
  const kept = (record.checkpoints ?? []).filter(({ state }) => state === "complete" || state === "damaged").map(({ path }) => path);
  try {
    if (phase === "deleted") await checkpoints.deleteJob(jobId);
    else await checkpoints.sweep(jobId, kept, isEnded ? 0 : attempt);
  } catch (error) {
    logger.warn("checkpoints could not be tidied up", { jobId, error });
  }
}

const restartedWhileRunning = "the JobManager was restarted while the job ran";

/** The cause of a job that has ended with its daemon. */
export const daemonGone = (message: string, atMs: number): FailureView =>
  failureOf({ code: "SAGE_DAEMON_RESTARTED", fault: "cluster", message, hint: "Submit the job again." }, atMs);
