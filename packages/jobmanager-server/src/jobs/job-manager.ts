// The API that every door of the daemon calls.
//
// Invariants:
//   M1. Nobody is told of a job or a move of it before that is on disk.
//   M2. A job's id is its client's: the same submission again is the same job, another one under that id is refused.
//   M3. A repeated stop, continue, savepoint, delete or upload is a success with the same answer.
//   M4. A job that runs when the daemon dies runs again when it is back, if its workers could take snapshots.

import { deferred, isUuid, TaskGroup, type Clock, type JobId, type Logger } from "@sage/core";
import { setMaxListeners } from "node:events";
import type { CheckpointView, LogLine, Plan, ProfileView, ResultBatch } from "@sage/protocol";
import { checkFits } from "../checkpoint/restore.ts";
import { ArtifactNotFoundError, JobExistsError, JobNotActiveError, JobNotFoundError, JobRunningError, ResultsNotFoundError, ShuttingDownError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { readLogLines, type LogQuery } from "../logs/job-log.ts";
import type { LogSession } from "../logs/session.ts";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { JobRecord, JobStore, Submission } from "../store/job-store.ts";
import { durabilityOf, warningsOf } from "./durability.ts";
import { Job, type AdoptedAttempt, type JobSnapshot, type LiveJob } from "./job.ts";
import { runJob, type RunnerParts } from "./job-runner.ts";
import type { JobPhase } from "./lifecycle.ts";
import { LiveView } from "./live-view.ts";
import type { PlanLimits } from "./plan-check.ts";
import { planOf, savepointNamed, StopAndContinue, type StopOptions } from "./stop-and-continue.ts";
import { artifactsOf, checkSubmission, contentHashOf } from "./submission.ts";
import { daemonGone, settleLeftOver, sweepCheckpoints } from "./take-over.ts";

export interface JobManagerParts extends RunnerParts {
  readonly store: JobStore;
  readonly artifacts: ArtifactStore;
  readonly logs: LogSession;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly planLimits?: PlanLimits;
  /** How many moves the history of a job keeps; absent: the default. */
  readonly keepMoves?: number;
}

const shortestWatchIntervalMs = 20;

export class JobManager implements AsyncDisposable {
  readonly #parts: JobManagerParts;
  readonly #jobs = new Map<string, Job>();
  readonly #submitting = new Map<string, { readonly contentHash: string; readonly done: Promise<Job> }>();
  readonly #running: TaskGroup;
  readonly #force = new AbortController();
  readonly #closing = new AbortController();
  /** What earlier daemons have left running, until it is taken over. */
  readonly #adopted = new Map<string, AdoptedAttempt>();
  readonly #saved: StopAndContinue;

  private constructor(parts: JobManagerParts) {
    this.#parts = parts;
    for (const { signal } of [this.#force, this.#closing]) setMaxListeners(0, signal); // each job listens
    this.#saved = new StopAndContinue({ ...parts, closing: this.#closing.signal, force: this.#force.signal, runAgain: (job) => this.#runAgain(job) });
    this.#running = new TaskGroup((error) => parts.logger.error("a job ended inside the daemon", { error }));
  }

  /** Takes over the jobs in the store; those that an earlier daemon left unfinished wait for {@link resume}. */
  static async open(parts: JobManagerParts): Promise<JobManager> {
    const manager = new JobManager(parts);
    for (const record of await parts.store.load()) {
      const job = new Job(record, parts.store, parts.clock, parts.keepMoves);
      manager.#jobs.set(record.jobId, job);
      const adopted = await settleLeftOver(job, parts); // M4
      if (adopted) manager.#adopted.set(record.jobId, adopted);
      await sweepCheckpoints(job, parts);
    }
    return manager;
  }

  /** Runs the jobs that were running when an earlier daemon ended; to be called once workers can reach this one. */
  async resume(): Promise<void> {
    for (const job of this.#jobs.values()) {
      const { phase, nextPlanHash } = job.record;
      if (phase === "stopped" && nextPlanHash !== undefined) await this.#saved.goOn(job, "rescaled", { planHash: nextPlanHash });
      else if (!job.isEnded) await this.#runAgain(job);
    }
  }

  async #runAgain(job: Job): Promise<void> {
    const { store, logs } = this.#parts;
    const submission = await store.submission(job.record.jobId);
    if (!submission) throw new Error(`job ${job.record.jobId} has no submission`);
    const plan = await planOf(job.record.planHash, submission, this.#parts.artifacts);
    const { session, earlierSessions = [] } = job.record;
    if (session !== logs.id) await job.note(() => ({ session: logs.id, earlierSessions: [...earlierSessions, session].slice(-100) }));
    await this.#run(job, submission, plan);
  }

  /** Accepts a job and starts it. */
  async submit(submission: Submission): Promise<JobSnapshot> {
    if (this.#closing.signal.aborted) throw new ShuttingDownError();
    const plan = checkSubmission(submission, this.#parts.planLimits);
    const contentHash = contentHashOf(submission);
    const known = this.#jobs.get(submission.jobId);
    if (known) return sameOrRefused(known, contentHash, known.record.contentHash);
    const pending = this.#submitting.get(submission.jobId);
    if (pending) return sameOrRefused(await pending.done, contentHash, pending.contentHash);
    const done = this.#accept(submission, contentHash, plan);
    this.#submitting.set(submission.jobId, { contentHash, done });
    try {
      const job = await done;
      await failpoint("submit.accepted");
      await this.#run(job, submission, plan);
      return job.snapshot();
    } finally {
      this.#submitting.delete(submission.jobId);
    }
  }

  async #accept(submission: Submission, contentHash: string, plan: Plan): Promise<Job> {
    const { store, clock, logs, logger } = this.#parts;
    for (const hash of artifactsOf(submission)) if (!(await this.#parts.artifacts.find(hash))) throw new ArtifactNotFoundError(hash);
    const began = submission.fromSavepoint ? await savepointNamed(submission.fromSavepoint, this.#jobs.values(), this.#parts.checkpoints) : undefined;
    if (began) checkFits(began.manifest, plan, submission.allowDroppedState ?? false);
    const nowMs = clock.now();
    await failpoint("submit.checked");
    const record: Omit<JobRecord, "number"> = {
      jobId: submission.jobId as JobId, name: submission.name, phase: "initializing", parallelism: plan.slots, labels: submission.labels,
      submittedAtMs: nowMs, startedAtMs: 0, endedAtMs: 0, attempt: 1, released: false, warnings: warningsOf(plan), session: logs.id, contentHash,
      ...(began === undefined ? {} : { beganFrom: began.path }),
      durability: durabilityOf(submission, plan),
      history: [{ phase: "initializing", atMs: nowMs, reason: "submitted" }],
    };
    const job = new Job(await store.insert(record, submission), store, clock, this.#parts.keepMoves);
    this.#jobs.set(job.record.jobId, job);
    logger.info("accepted a job", { jobId: job.record.jobId, number: job.record.number, name: job.record.name });
    return job;
  }

  async #run(job: Job, submission: Submission, plan: Plan): Promise<void> {
    const { record } = job;
    const live: LiveJob = { plan, view: new LiveView(plan, 0, this.#parts.clock), log: this.#parts.logs.openJobLog(record.jobId, await this.#lastLogSeq(record)) };
    if (job.live) return; // a repeated continue
    job.live = live;
    const adopted = this.#adopted.get(record.jobId);
    const attached = deferred();
    if (adopted) {
      this.#adopted.delete(record.jobId);
      live.adopted = adopted;
      live.onAttempt = attached.resolve;
    }
    this.#running.start(async () => {
      try {
        await runJob(job, submission, live, this.#parts, { force: this.#force.signal, closing: this.#closing.signal });
      } finally {
        job.live = undefined;
        job.changes.notify();
        attached.resolve();
      }
    });
    if (adopted) await attached.promise;
  }

  async #lastLogSeq(record: JobRecord): Promise<number> {
    if (record.attempt === 1) return 0;
    for (const session of [record.session, ...(record.earlierSessions ?? []).toReversed()]) {
      for await (const { seq } of readLogLines(this.#parts.logs.jobLogDir(session, record.jobId), { tail: 1 })) return seq;
    }
    return 0;
  }

  get(jobId: string): JobSnapshot {
    return this.#job(jobId).snapshot();
  }

  /** The plan that the job runs: the submission's, or the one in another parallelism. */
  async planJson(jobId: string): Promise<string> {
    const { record } = this.#job(jobId);
    const submission = await this.#parts.store.submission(record.jobId);
    if (!submission || !record.planHash) return submission?.planJson ?? "";
    return planOf(record.planHash, submission, this.#parts.artifacts).then((plan) => JSON.stringify(plan), () => submission.planJson);
  }

  /** Jobs in the order of their numbers. @param phases - only these; empty: all but deleted ones. */
  list(phases: readonly JobPhase[] = [], withDeleted = false): readonly JobSnapshot[] {
    const isWanted = (phase: JobPhase) => (phases.length > 0 ? phases.includes(phase) : withDeleted || phase !== "deleted");
    return [...this.#jobs.values()].filter((job) => isWanted(job.record.phase)).map((job) => job.snapshot());
  }

  /** The job now, then whenever it has changed, the newest state only; ends when the job is over. */
  async *watch(jobId: string, minIntervalMs: number, signal: AbortSignal): AsyncGenerator<JobSnapshot, void, undefined> {
    const job = this.#job(jobId);
    for (;;) {
      const version = job.changes.version;
      const isOver = job.isOver && !job.live;
      yield job.snapshot();
      if (isOver) return;
      await job.changes.changedSince(version, signal);
      await this.#parts.clock.sleep(job.isOver ? 0 : Math.max(minIntervalMs, shortestWatchIntervalMs), signal);
    }
  }

  async *logs(jobId: string, query: LogQuery & { readonly follow?: boolean }, signal: AbortSignal): AsyncGenerator<LogLine, void, undefined> {
    const { record, live } = this.#job(jobId);
    await live?.log.flush();
    const earlier = record.earlierSessions ?? [];
    if (earlier.length > 0 && !query.tail) for (const session of earlier) yield* readLogLines(this.#parts.logs.jobLogDir(session, record.jobId), query);
    if (live && query.follow) yield* live.log.follow(query, signal);
    else yield* readLogLines(this.#parts.logs.jobLogDir(record.session, record.jobId), query);
  }

  /** The batches of one collect(), each once; see {@link JobResults.read}. */
  async *results(jobId: string, nodeId: string, signal: AbortSignal): AsyncGenerator<ResultBatch, void, undefined> {
    const job = this.#job(jobId);
    if (!job.results) throw new ResultsNotFoundError(nodeId, "the job ran in an earlier session of the daemon");
    yield* job.results.read(nodeId, signal);
  }

  /**
   * Pauses a job: its state is saved, its workers are freed; resolves when they are gone. Ended jobs stay as they are.
   *
   * @param options.mode - `now` saves nothing, `drain` lets the sources end and the job complete.
   * @throws {@link CheckpointFailedError} if its state cannot be saved: the job goes on.
   */
  stop(jobId: string, signal: AbortSignal, options: StopOptions = {}): Promise<JobSnapshot> {
    return this.#saved.stop(this.#job(jobId), signal, options);
  }

  /**
   * Runs a stopped or failed job again from its last checkpoint; a running one goes on as it is.
   *
   * @param options.parallelism - the new default parallelism; 0: as before.
   * @param options.checkpointId - to go on from an earlier checkpoint; 0: the last one.
   */
  continue(jobId: string, options: { readonly parallelism?: number; readonly checkpointId?: number }, signal: AbortSignal): Promise<JobSnapshot> {
    return this.#saved.continue(this.#job(jobId), options, signal);
  }

  /** Takes a savepoint of a running job; the same id again is the same savepoint. */
  savepoint(jobId: string, savepointId: string, signal: AbortSignal): Promise<CheckpointView> {
    return this.#saved.savepoint(this.#job(jobId), savepointId, signal);
  }

  /** A CPU profile of one worker of a running job. @throws {@link JobNotActiveError} and what `WorkerProfiles.take` throws. */
  profile(jobId: string, workerIndex: number, durationMs: number, signal: AbortSignal): Promise<ProfileView> {
    const { live, record } = this.#job(jobId);
    if (live?.attempt === undefined) return Promise.reject(new JobNotActiveError(jobId, record.phase));
    return live.attempt.profiles.take(workerIndex, durationMs, signal);
  }

  /** Runs a job with another parallelism, from a savepoint taken now; returns when its workers are on their way. */
  rescale(jobId: string, parallelism: number, signal: AbortSignal): Promise<JobSnapshot> {
    return this.#saved.rescale(this.#job(jobId), parallelism, signal);
  }

  /** Takes an ended job from the list. @throws {@link JobRunningError} if it has not ended and `force` is not set. */
  async delete(jobId: string, force: boolean, signal: AbortSignal): Promise<JobSnapshot> {
    const job = this.#job(jobId);
    if (!job.isEnded && !force) throw new JobRunningError(jobId, job.record.phase);
    if (!job.isOver) await this.stop(jobId, signal, { mode: "now", reason: "deleted by request" });
    await job.move("delete", "deleted by request");
    await failpoint("delete.noted");
    job.results?.drop();
    await this.#parts.checkpoints.deleteJob(jobId).catch((error: unknown) => this.#parts.logger.warn("the checkpoints of a deleted job could not be removed", { jobId, error }));
    await failpoint("delete.emptied");
    return job.snapshot();
  }

  /** Deletes jobs that ended at least so long ago; with `force` those that have not ended too. */
  async cleanup(force: boolean, olderThanMs: number, signal: AbortSignal): Promise<readonly JobSnapshot[]> {
    const latestMs = this.#parts.clock.now() - olderThanMs;
    const due = [...this.#jobs.values()].filter(({ record, isEnded }) =>
      record.phase !== "deleted" && (isEnded ? record.endedAtMs <= latestMs : force));
    await failpoint("cleanup.chosen");
    return Promise.all(due.map((job) => this.delete(job.record.jobId, force, signal)));
  }

  async missingArtifacts(hashes: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(hashes.map((hash) => this.#parts.artifacts.find(hash)));
    return hashes.filter((_, index) => found[index] === undefined);
  }

  uploadArtifact(hash: string, sizeBytes: number, chunks: AsyncIterable<Uint8Array>): Promise<{ readonly alreadyKnown: boolean }> {
    return this.#parts.artifacts.put(hash, sizeBytes, chunks);
  }

  jobsByPhase(): Readonly<Partial<Record<JobPhase, number>>> {
    const counts: Partial<Record<JobPhase, number>> = {};
    for (const { record } of this.#jobs.values()) counts[record.phase] = (counts[record.phase] ?? 0) + 1;
    return counts;
  }

  #job(jobId: string): Job {
    const job = isUuid(jobId) ? this.#jobs.get(jobId) : undefined;
    if (!job) throw new JobNotFoundError(jobId);
    return job;
  }

  /** Ends workers without their grace from now on. */
  force(): void {
    this.#force.abort(new Error("forced"));
  }

  /** Accepts nothing more; jobs that run fail with the reason, their workers are ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("the daemon is closing"));
    await Promise.all([...this.#submitting.values()].map(({ done }) => done.catch(() => {})));
    const open = [...this.#jobs.values()].filter((job) => !job.isOver);
    await Promise.all(open.map(async (job) => {
      if (this.#parts.hasSuccessor && (job.record.canRestore || job.record.startedAtMs === 0)) return this.#saved.handOver(job, stoppedWhileRunning);
      const failure = daemonGone(stoppedWhileRunning, this.#parts.clock.now());
      await job.move("failed", stoppedWhileRunning, { failure }).catch(() => {}); // the next daemon settles it
      job.live?.attempt?.stop(stoppedWhileRunning);
    }));
    await this.#running[Symbol.asyncDispose]();
  }

}

const stoppedWhileRunning = "the JobManager was stopped while the job ran";

function sameOrRefused(job: Job, contentHash: string, knownHash: string): JobSnapshot {
  if (contentHash !== knownHash) throw new JobExistsError(job.record.jobId);
  return job.snapshot();
}
