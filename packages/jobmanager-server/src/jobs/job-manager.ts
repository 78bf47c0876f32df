// The API that every door of the daemon calls.
//
// Invariants:
//   M1. Nobody is told of a job or a move of it before that is on disk.
//   M2. A job's id is its client's: the same submission again is the same job, another one under that id is refused.
//   M3. A repeated stop, delete or upload is a success with the same answer.

import { isUuid, TaskGroup, type Clock, type JobId, type Logger } from "@sage/core";
import { setMaxListeners } from "node:events";
import type { LogLine, Plan, ResultBatch } from "@sage/protocol";
import {
  ArtifactNotFoundError, JobExistsError, JobNotFoundError, JobRunningError, ResultsNotFoundError, ShuttingDownError,
} from "../errors.ts";
import { readLogLines, type LogQuery } from "../logs/job-log.ts";
import type { LogSession } from "../logs/session.ts";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { JobRecord, JobStore, Submission } from "../store/job-store.ts";
import { failureOf } from "./cause.ts";
import { Job, type JobSnapshot } from "./job.ts";
import { runJob, type RunnerParts } from "./job-runner.ts";
import type { JobPhase } from "./lifecycle.ts";
import { LiveView } from "./live-view.ts";
import type { PlanLimits } from "./plan-check.ts";
import { artifactsOf, checkSubmission, contentHashOf } from "./submission.ts";

export interface JobManagerParts extends RunnerParts {
  readonly store: JobStore;
  readonly artifacts: ArtifactStore;
  readonly logs: LogSession;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly planLimits?: PlanLimits;
}

const shortestWatchIntervalMs = 20;

export class JobManager implements AsyncDisposable {
  readonly #parts: JobManagerParts;
  readonly #jobs = new Map<string, Job>();
  readonly #submitting = new Map<string, { readonly contentHash: string; readonly done: Promise<Job> }>();
  readonly #running: TaskGroup;
  readonly #force = new AbortController();
  readonly #closing = new AbortController();

  private constructor(parts: JobManagerParts) {
    this.#parts = parts;
    for (const { signal } of [this.#force, this.#closing]) setMaxListeners(0, signal); // each job listens
    this.#running = new TaskGroup((error) => parts.logger.error("a job ended inside the daemon", { error }));
  }

  /** Takes over the jobs in the store: those that an earlier daemon left unfinished have failed with it. */
  static async open(parts: JobManagerParts): Promise<JobManager> {
    const manager = new JobManager(parts);
    for (const record of await parts.store.load()) {
      const job = new Job(record, parts.store, parts.clock);
      manager.#jobs.set(record.jobId, job);
      await settleLeftOver(job, parts.clock);
    }
    return manager;
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
      this.#run(job, submission, plan);
      return job.snapshot();
    } finally {
      this.#submitting.delete(submission.jobId);
    }
  }

  async #accept(submission: Submission, contentHash: string, plan: Plan): Promise<Job> {
    const { store, clock, logs, logger } = this.#parts;
    for (const hash of artifactsOf(submission)) if (!(await this.#parts.artifacts.find(hash))) throw new ArtifactNotFoundError(hash);
    const nowMs = clock.now();
    const record: Omit<JobRecord, "number"> = {
      jobId: submission.jobId as JobId, name: submission.name, phase: "initializing", parallelism: plan.slots, labels: submission.labels,
      submittedAtMs: nowMs, startedAtMs: 0, endedAtMs: 0, attempt: 1, released: false, warnings: [], session: logs.id, contentHash,
      history: [{ phase: "initializing", atMs: nowMs, reason: "submitted" }],
    };
    const job = new Job(await store.insert(record, submission), store, clock);
    this.#jobs.set(job.record.jobId, job);
    logger.info("accepted a job", { jobId: job.record.jobId, number: job.record.number, name: job.record.name });
    return job;
  }

  #run(job: Job, submission: Submission, plan: Plan): void {
    const live = { plan, view: new LiveView(plan), log: this.#parts.logs.openJobLog(job.record.jobId) };
    job.live = live;
    this.#running.start(async () => {
      try {
        await runJob(job, submission, live, this.#parts, { force: this.#force.signal, closing: this.#closing.signal });
      } finally {
        job.live = undefined;
        job.changes.notify();
      }
    });
  }

  get(jobId: string): JobSnapshot {
    return this.#job(jobId).snapshot();
  }

  /** The submission's plan as it came. */
  async planJson(jobId: string): Promise<string> {
    return (await this.#parts.store.submission(this.#job(jobId).record.jobId))?.planJson ?? "";
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
    if (live && query.follow) yield* live.log.follow(query, signal);
    else yield* readLogLines(this.#parts.logs.jobLogDir(record.session, record.jobId), query);
  }

  /** The batches of one collect(), each once; see {@link JobResults.read}. */
  async *results(jobId: string, nodeId: string, signal: AbortSignal): AsyncGenerator<ResultBatch, void, undefined> {
    const job = this.#job(jobId);
    if (!job.results) throw new ResultsNotFoundError(nodeId, "the job ran in an earlier session of the daemon");
    yield* job.results.read(nodeId, signal);
  }

  /** Ends a job; resolves when its workers are gone. Ended jobs stay as they are. */
  async stop(jobId: string, signal: AbortSignal, reason = "stopped by request"): Promise<JobSnapshot> {
    const job = this.#job(jobId);
    if (await job.move("stop", reason)) job.live?.attempt?.stop(reason);
    await this.#untilOver(job, signal);
    return job.snapshot();
  }

  async #untilOver(job: Job, signal: AbortSignal): Promise<void> {
    for (let version = job.changes.version; !job.isOver; version = job.changes.version) await job.changes.changedSince(version, signal);
  }

  /** Takes an ended job from the list. @throws {@link JobRunningError} if it has not ended and `force` is not set. */
  async delete(jobId: string, force: boolean, signal: AbortSignal): Promise<JobSnapshot> {
    const job = this.#job(jobId);
    if (!job.isEnded && !force) throw new JobRunningError(jobId, job.record.phase);
    if (!job.isOver) await this.stop(jobId, signal, "deleted by request");
    await job.move("delete", "deleted by request");
    job.results?.drop();
    return job.snapshot();
  }

  /** Deletes jobs that ended at least so long ago; with `force` those that have not ended too. */
  async cleanup(force: boolean, olderThanMs: number, signal: AbortSignal): Promise<readonly JobSnapshot[]> {
    const latestMs = this.#parts.clock.now() - olderThanMs;
    const due = [...this.#jobs.values()].filter(({ record, isEnded }) =>
      record.phase !== "deleted" && (isEnded ? record.endedAtMs <= latestMs : force));
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
      const failure = daemonGone(stoppedWhileRunning, this.#parts.clock.now());
      await job.move("failed", stoppedWhileRunning, { failure }).catch(() => {}); // the next daemon settles it
      job.live?.attempt?.stop(stoppedWhileRunning);
    }));
    await this.#running[Symbol.asyncDispose]();
  }
}

const stoppedWhileRunning = "the JobManager was stopped while the job ran";
const restartedWhileRunning = "the JobManager was restarted while the job ran";

const daemonGone = (message: string, atMs: number) =>
  failureOf({ code: "SAGE_DAEMON_RESTARTED", fault: "cluster", message, hint: "Submit the job again." }, atMs);

async function settleLeftOver(job: Job, clock: Clock): Promise<void> {
  const { phase } = job.record;
  if (phase === "stopping") await job.move("released", restartedWhileRunning);
  else if (!job.isEnded) await job.move("failed", restartedWhileRunning, { failure: daemonGone(restartedWhileRunning, clock.now()) });
  if (!job.record.released) await job.markReleased();
}

function sameOrRefused(job: Job, contentHash: string, knownHash: string): JobSnapshot {
  if (contentHash !== knownHash) throw new JobExistsError(job.record.jobId);
  return job.snapshot();
}
