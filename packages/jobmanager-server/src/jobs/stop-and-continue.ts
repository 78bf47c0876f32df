// What people do to a job by its saved state: stop, continue, savepoint, rescale; and what a closing daemon does to hand it on.
//
// Each step is noted before it is carried out, so that the next daemon can finish it. Repeated, it is the same step.

import { isSageError } from "@sage/core";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { CheckpointView, Plan } from "@sage/protocol";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { Manifest } from "../checkpoint/manifest.ts";
import { ArtifactDamagedError, CheckpointFailedError, CheckpointNotFoundError, JobNotFoundError, JobPhaseError, ShuttingDownError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { JobStore, StopMode, Submission } from "../store/job-store.ts";
import { orAborted, settledWithin } from "../waits.ts";
import type { Job, JobSnapshot } from "./job.ts";
import type { RunnerParts } from "./job-runner.ts";
import { replan } from "./replan.ts";

export interface StopAndContinueParts extends RunnerParts {
  readonly store: JobStore;
  /** The daemon is closing. */
  readonly closing: AbortSignal;
  /** Ends workers at once. */
  readonly force: AbortSignal;
  /** Runs a job whose next attempt is on disk. */
  runAgain(job: Job): Promise<void>;
}

export interface StopOptions {
  /** Default `savepoint`. */
  readonly mode?: StopMode;
  readonly reason?: string;
  /** The job continues by itself with this plan. */
  readonly nextPlanHash?: string | undefined;
}

/** How long a closing daemon waits for a last checkpoint, in milliseconds. */
const lastCheckpointMs = 10_000;

export class StopAndContinue {
  readonly #parts: StopAndContinueParts;
  /** Savepoints that are being taken, by their id. */
  readonly #savepoints = new Map<string, Promise<{ readonly id: number }>>();

  constructor(parts: StopAndContinueParts) {
    this.#parts = parts;
  }

  /**
   * Pauses a job: its state is saved, its workers are freed; resolves when they are gone. Ended jobs stay as they are.
   *
   * @param mode - `now` saves nothing, `drain` lets the sources end and the job complete.
   * @throws {@link CheckpointFailedError} if its state cannot be saved: the job goes on.
   */
  async stop(job: Job, signal: AbortSignal, { mode = "savepoint", reason = "stopped by request", nextPlanHash }: StopOptions = {}): Promise<JobSnapshot> {
    const { live } = job;
    if (live) delete live.stopFailure;
    const isFirst = await job.move("stop", reason, { stopMode: mode, nextPlanHash });
    await failpoint("stop.noted");
    const isHarder = !isFirst && job.record.phase === "stopping" && mode === "now";
    if (isHarder) await job.note(() => ({ stopMode: mode }));
    if (isFirst || isHarder) this.#stopAttempt(job, mode, reason);
    while (!job.isOver) {
      const { version } = job.changes;
      if (job.record.phase === "running" && live?.stopFailure) throw notSaved(live.stopFailure, job.record.jobId);
      await job.changes.changedSince(version, signal);
    }
    return job.snapshot();
  }

  #stopAttempt({ live }: Job, mode: StopMode, reason: string): void {
    if (mode === "drain") live?.attempt?.drain();
    else if (mode === "now") live?.attempt?.stop(reason);
    else live?.attempt?.pause(reason);
  }

  /**
   * Runs a stopped or failed job again from its last checkpoint; a running one goes on as it is.
   *
   * @param options.parallelism - the new default parallelism; 0: as before.
   * @param options.checkpointId - to go on from an earlier checkpoint; 0: the last one.
   */
  async continue(job: Job, { parallelism = 0, checkpointId = 0 }: { readonly parallelism?: number; readonly checkpointId?: number }, signal: AbortSignal): Promise<JobSnapshot> {
    if (this.#parts.closing.aborted) throw new ShuttingDownError();
    const { jobId } = job.record;
    if (job.record.phase === "stopping" || (job.isEnded && !job.isOver)) await this.#untilOver(job, signal);
    const { phase, checkpoints = [] } = job.record;
    if (phase === "completed" || phase === "deleted") throw new JobPhaseError(jobId, phase, "there is nothing to continue");
    if (!job.isEnded) {
      if (parallelism > 0) throw new JobPhaseError(jobId, phase, "only a stopped job continues with another parallelism", `sage job rescale ${jobId} --parallelism ${parallelism}`);
      return job.snapshot();
    }
    if (checkpointId > 0 && !checkpoints.some(({ id, state }) => id === checkpointId && state === "complete")) throw new CheckpointNotFoundError(`${checkpointId} of job ${jobId}`);
    const planHash = parallelism > 0 ? await this.#planFor(job, parallelism, signal) : undefined;
    await this.goOn(job, "continued by request", { ...(planHash === undefined ? {} : { planHash }), ...(checkpointId > 0 ? { upTo: checkpointId } : {}) });
    return job.snapshot();
  }

  /** A new attempt of a job that has ended. @param upTo - forgets the checkpoints behind this one. */
  async goOn(job: Job, reason: string, { planHash = job.record.planHash, upTo = Infinity }: { readonly planHash?: string | undefined; readonly upTo?: number }): Promise<void> {
    const { attempt, checkpoints = [], jobId } = job.record;
    const submission = await this.#parts.store.submission(jobId);
    if (!submission) throw new Error(`job ${jobId} has no submission`);
    const plan = await planOf(planHash, submission, this.#parts.artifacts);
    const moved = await job.move("continue", reason, {
      attempt: attempt + 1, parallelism: plan.slots, nextPlanHash: undefined, ...(planHash === undefined ? {} : { planHash }),
      checkpoints: checkpoints.map((each) => (each.id > upTo && each.state === "complete" ? { ...each, state: "deleted" } : each)),
    });
    await failpoint("continue.noted");
    if (moved) await this.#parts.runAgain(job);
  }

  /** The hash of the job's plan in another parallelism, as an artifact. */
  async #planFor(job: Job, parallelism: number, signal: AbortSignal): Promise<string> {
    const submission = await this.#parts.store.submission(job.record.jobId);
    if (!submission) throw new JobNotFoundError(job.record.jobId);
    const current = await planOf(job.record.planHash, submission, this.#parts.artifacts);
    const planJson = await replan({ submission, plan: current, parallelism }, this.#parts, signal);
    const bytes = Buffer.from(planJson);
    const hash = createHash("sha256").update(bytes).digest("hex");
    await this.#parts.artifacts.put(hash, bytes.length, (async function* () { yield bytes; })());
    return hash;
  }

  /** Takes a savepoint of a running job; the same id again is the same savepoint. */
  async savepoint(job: Job, savepointId: string, signal: AbortSignal): Promise<CheckpointView> {
    const { jobId } = job.record;
    const known = () => job.record.checkpoints?.find((each) => each.savepointId === savepointId && each.state === "complete");
    const before = savepointId === "" ? undefined : known();
    if (before) return before;
    await untilStarted(job, signal);
    const attempt = job.live?.attempt;
    if (job.record.phase !== "running" || !attempt) throw new JobPhaseError(jobId, job.record.phase, "savepoints are taken of running jobs");
    if (!attempt.checkpoints.isAble) throw new JobPhaseError(jobId, job.record.phase, "its workers cannot take snapshots");
    const running = this.#savepoints.get(savepointId);
    const taking = running ?? attempt.checkpoints.take({ kind: "savepoint", reason: "by request", savepointId }, this.#parts.closing);
    if (savepointId !== "") this.#savepoints.set(savepointId, taking);
    try {
      const { id } = await orAborted(taking, signal);
      const view = job.record.checkpoints?.find((each) => each.id === id);
      if (!view) throw new CheckpointNotFoundError(String(id));
      await failpoint("savepoint.taken");
      return view;
    } finally {
      void taking.catch(() => {}).finally(() => this.#savepoints.delete(savepointId));
    }
  }

  /** Runs a job with another parallelism, from a savepoint taken now; returns when its workers are on their way. */
  async rescale(job: Job, parallelism: number, signal: AbortSignal): Promise<JobSnapshot> {
    const { jobId } = job.record;
    if (job.isEnded) return this.continue(job, { parallelism }, signal);
    if (job.record.phase === "stopping" && job.record.nextPlanHash !== undefined) { // it is being rescaled
      await this.#untilOver(job, signal);
      while (isToGoOn(job)) await job.changes.changedSince(job.changes.version, signal);
      return this.rescale(job, parallelism, signal);
    }
    if (await this.#runsWith(job, parallelism)) return job.snapshot();
    await untilStarted(job, signal);
    if (job.record.phase !== "running") throw new JobPhaseError(jobId, job.record.phase, "only running and stopped jobs are rescaled");
    const nextPlanHash = await this.#planFor(job, parallelism, signal);
    const { record } = await this.stop(job, signal, { reason: `rescaled to parallelism ${parallelism}`, nextPlanHash }); // carried out from here on, by the next daemon if need be
    await failpoint("rescale.stopped");
    if (record.phase === "stopped") await this.goOn(job, `rescaled to parallelism ${parallelism}`, { planHash: nextPlanHash });
    return job.snapshot();
  }

  /** Whether the job runs in this parallelism, or is on its way to it: a repeated rescale changes nothing. */
  async #runsWith({ record }: Job, parallelism: number): Promise<boolean> {
    const submission = await this.#parts.store.submission(record.jobId);
    return submission !== undefined && (await planOf(record.planHash, submission, this.#parts.artifacts)).parallelism === parallelism;
  }

  async #untilOver(job: Job, signal: AbortSignal): Promise<void> {
    for (let version = job.changes.version; !job.isOver; version = job.changes.version) await job.changes.changedSince(version, signal);
  }

  /** Leaves a job to the next daemon: with a checkpoint of now, if there is time. */
  async handOver(job: Job, reason: string): Promise<void> {
    const attempt = job.live?.attempt;
    if (job.record.phase === "running" && attempt && attempt.ranMs !== undefined) {
      const last = attempt.checkpoints.take({ kind: "checkpoint", reason: "the daemon stops", halt: true }, this.#parts.force);
      await settledWithin(last.then(({ id }) => attempt.checkpoints.committed(id)), lastCheckpointMs, this.#parts.clock);
    }
    attempt?.stop(reason);
  }
}

function notSaved(failure: Error, jobId: string): CheckpointFailedError {
  const { reason, hint } = failure instanceof CheckpointFailedError ? failure : { reason: failure.message, hint: undefined };
  return new CheckpointFailedError("the savepoint", reason, `${hint === undefined ? "" : `${hint}\n`}The job goes on. To end it without its state: sage job stop --now ${jobId}`);
}

/** A job that starts, or starts again, will run, or end. */
async function untilStarted(job: Job, signal: AbortSignal): Promise<void> {
  for (let version = job.changes.version; job.record.phase === "initializing" || job.record.phase === "recovering"; version = job.changes.version) await job.changes.changedSince(version, signal);
}

const isToGoOn = ({ record }: Job): boolean => record.phase === "stopped" && record.nextPlanHash !== undefined;

/** The plan that runs: the submission's, or the same in another parallelism. @throws ArtifactDamagedError */
export async function planOf(planHash: string | undefined, { planJson }: Submission, artifacts: ArtifactStore): Promise<Plan> {
  if (!planHash) return JSON.parse(planJson) as Plan;
  const path = await artifacts.find(planHash);
  if (path === undefined) throw new ArtifactDamagedError(artifacts.pathOf(planHash));
  return JSON.parse(await readFile(path, "utf8")) as Plan;
}

/** A savepoint: by its folder, its id, or of a job its last checkpoint. @throws CheckpointNotFoundError, CheckpointDamagedError */
export async function savepointNamed(wanted: string, jobs: Iterable<Job>, checkpoints: CheckpointStore): Promise<{ readonly path: string; readonly manifest: Manifest }> {
  const all = [...jobs].flatMap(({ record }) => (record.checkpoints ?? []).filter(({ state }) => state === "complete").map((view) => ({ view, jobId: record.jobId as string })));
  const found = all.findLast(({ view, jobId }) => view.path === wanted || (view.savepointId !== "" && view.savepointId === wanted) || jobId === wanted);
  if (!found && !isAbsolute(wanted) && !wanted.startsWith("s3://")) throw new CheckpointNotFoundError(JSON.stringify(wanted.slice(0, 200)));
  const path = found?.view.path ?? wanted;
  const manifest = await checkpoints.open(path).catch((error: unknown) => { throw isMissing(error) && !found ? new CheckpointNotFoundError(`at ${path.slice(0, 200)}`) : error; });
  return { path, manifest };
}

/** Nothing is there, rather than something damaged. */
const isMissing = (error: unknown): boolean =>
  isSageError(error) && error.code === "SAGE_CHECKPOINT_DAMAGED" && [(error.cause as { code?: unknown } | undefined)?.code, (error.cause as { status?: unknown } | undefined)?.status].some((why) => why === "ENOENT" || why === "ENOTDIR" || why === 404);
