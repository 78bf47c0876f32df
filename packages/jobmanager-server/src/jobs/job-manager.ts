// The API that every door of the daemon calls.
//
// Invariants:
//   M1. Nobody is told of a job or a move of it before that is on disk.
//   M2. A job's id is its client's: the same submission again is the same job, another one under that id is refused.
//   M3. A repeated stop, continue, savepoint, delete or upload is a success with the same answer.
//   M4. A job that runs when the daemon dies runs again when it is back, if its workers could take snapshots.

import { deferred, isUuid, TaskGroup, type Clock, type JobId, type Logger } from "@sage/core";
import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import type { CheckpointView, LogLine, Plan, ResultBatch } from "@sage/protocol";
import {
  ArtifactNotFoundError, CheckpointFailedError, CheckpointNotFoundError, JobExistsError, JobNotFoundError, JobPhaseError, JobRunningError,
  ResultsNotFoundError, ShuttingDownError,
} from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { readLogLines, type LogQuery } from "../logs/job-log.ts";
import { orAborted, settledWithin } from "../waits.ts";
import type { LogSession } from "../logs/session.ts";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { JobRecord, JobStore, StopMode, Submission } from "../store/job-store.ts";
import { failureOf } from "./cause.ts";
import { durabilityOf } from "./durability.ts";
import { Job, type AdoptedAttempt, type JobSnapshot, type LiveJob } from "./job.ts";
import { runJob, type RunnerParts } from "./job-runner.ts";
import type { JobPhase } from "./lifecycle.ts";
import { LiveView } from "./live-view.ts";
import type { PlanLimits } from "./plan-check.ts";
import { replan } from "./replan.ts";
import { artifactsOf, checkSubmission, contentHashOf } from "./submission.ts";

export interface JobManagerParts extends RunnerParts {
  readonly store: JobStore;
  readonly artifacts: ArtifactStore;
  readonly logs: LogSession;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly planLimits?: PlanLimits;
}

export interface StopOptions {
  /** Default `savepoint`. */
  readonly mode?: StopMode;
  readonly reason?: string;
  /** The job continues by itself with this plan. */
  readonly nextPlanHash?: string | undefined;
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
  /** Savepoints that are being taken, by their id. */
  readonly #savepoints = new Map<string, Promise<{ readonly id: number }>>();

  private constructor(parts: JobManagerParts) {
    this.#parts = parts;
    for (const { signal } of [this.#force, this.#closing]) setMaxListeners(0, signal); // each job listens
    this.#running = new TaskGroup((error) => parts.logger.error("a job ended inside the daemon", { error }));
  }

  /** Takes over the jobs in the store; those that an earlier daemon left unfinished wait for {@link resume}. */
  static async open(parts: JobManagerParts): Promise<JobManager> {
    const manager = new JobManager(parts);
    for (const record of await parts.store.load()) {
      const job = new Job(record, parts.store, parts.clock);
      manager.#jobs.set(record.jobId, job);
      await manager.#settleLeftOver(job);
      await manager.#sweepCheckpoints(job);
    }
    return manager;
  }

  /** Runs the jobs that were running when an earlier daemon ended; to be called once workers can reach this one. */
  async resume(): Promise<void> {
    for (const job of this.#jobs.values()) {
      const { phase, nextPlanHash } = job.record;
      if (phase === "stopped" && nextPlanHash !== undefined) await this.#goOn(job, "rescaled", { planHash: nextPlanHash });
      else if (!job.isEnded) await this.#runAgain(job);
    }
  }

  /** What a daemon that died has left half done. */
  async #sweepCheckpoints({ record, isEnded }: Job): Promise<void> {
    const { checkpoints, logger } = this.#parts;
    const { jobId, phase, attempt } = record;
    const kept = (record.checkpoints ?? []).filter(({ state }) => state === "complete" || state === "damaged").map(({ path }) => path);
    try {
      if (phase === "deleted") await checkpoints.deleteJob(jobId);
      else await checkpoints.sweep(jobId, kept, isEnded ? 0 : attempt);
    } catch (error) {
      logger.warn("checkpoints could not be tidied up", { jobId, error });
    }
  }

  /** M4. What cannot go on has failed with its daemon. */
  async #settleLeftOver(job: Job): Promise<void> {
    const { record } = job;
    const { phase, canRestore, restarts = [], attempt } = record;
    if (job.isEnded) {
      if (!record.released) await job.markReleased();
      return;
    }
    const workers = await this.#leftWorkers(record);
    if (workers && phase === "running" && canRestore) {
      this.#adopted.set(record.jobId, workers);
      return;
    }
    if (phase === "stopping") await job.move("released", restartedWhileRunning);
    else if (record.startedAtMs > 0 && !canRestore) await job.move("failed", restartedWhileRunning, { failure: daemonGone(restartedWhileRunning, this.#parts.clock.now()) });
    else if (phase === "initializing") return; // nothing of it has run
    else {
      const checkpointId = record.checkpoints?.findLast(({ state }) => state === "complete")?.id ?? 0;
      const restart = {
        attempt: attempt + 1, atMs: this.#parts.clock.now(), cause: restartedWhileRunning, code: "SAGE_DAEMON_RESTARTED", operator: "", index: 0,
        recordNumber: 0, checkpointId, delayMs: 0, recoveredMs: 0, counted: false,
      };
      await job.move("lost", restartedWhileRunning, { released: false, attempt: attempt + 1, restarts: [...restarts, restart].slice(-100), restartCount: (record.restartCount ?? 0) + 1 });
      return;
    }
    await job.markReleased();
  }

  /** Workers of an earlier daemon that still run, if all of them do and the job can go on with them; the others are ended. */
  async #leftWorkers({ running, attempt, phase, jobId }: JobRecord): Promise<AdoptedAttempt | undefined> {
    const { driver, logger } = this.#parts;
    if (!running || !driver.adopt) return undefined;
    const found = await Promise.all(running.workers.map(async ({ id, kept }) => ({ id, handle: await driver.adopt?.(kept) })));
    const workers = found.flatMap(({ id, handle }) => (handle ? [{ id, handle }] : []));
    const isWhole = workers.length === found.length && running.attempt === attempt && phase === "running" && !(await this.#hasCollect(jobId));
    logger.info("found workers of an earlier daemon", { jobId, running: workers.length, of: found.length, goOn: isWhole });
    if (isWhole) return { secretHex: running.secretHex, workers };
    for (const { handle } of workers) handle.kill();
    await Promise.all(workers.map(({ handle }) => handle.gone));
    return undefined;
  }

  /** Results that nobody had read yet have gone with the daemon: such a job goes on from its checkpoint. */
  async #hasCollect(jobId: JobId): Promise<boolean> {
    const submission = await this.#parts.store.submission(jobId);
    return submission === undefined || (JSON.parse(submission.planJson) as Plan).nodes.some(({ kind }) => kind === "collect");
  }

  async #runAgain(job: Job): Promise<void> {
    const { store, logs } = this.#parts;
    const submission = await store.submission(job.record.jobId);
    if (!submission) throw new Error(`job ${job.record.jobId} has no submission`);
    const plan = await this.#planOf(job.record.planHash, submission);
    const { session, earlierSessions = [] } = job.record;
    if (session !== logs.id) await job.note(() => ({ session: logs.id, earlierSessions: [...earlierSessions, session].slice(-100) }));
    await this.#run(job, submission, plan);
  }

  /** The plan that runs: the submission's, or the same in another parallelism. */
  async #planOf(planHash: string | undefined, { planJson }: Submission): Promise<Plan> {
    const path = planHash && (await this.#parts.artifacts.find(planHash));
    return JSON.parse(path ? await readFile(path, "utf8") : planJson) as Plan;
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
    const beganFrom = submission.fromSavepoint ? await this.#savepointPath(submission.fromSavepoint) : undefined;
    const nowMs = clock.now();
    await failpoint("submit.checked");
    const record: Omit<JobRecord, "number"> = {
      jobId: submission.jobId as JobId, name: submission.name, phase: "initializing", parallelism: plan.slots, labels: submission.labels,
      submittedAtMs: nowMs, startedAtMs: 0, endedAtMs: 0, attempt: 1, released: false, warnings: [], session: logs.id, contentHash,
      ...(beganFrom === undefined ? {} : { beganFrom }),
      durability: durabilityOf(submission, plan),
      history: [{ phase: "initializing", atMs: nowMs, reason: "submitted" }],
    };
    const job = new Job(await store.insert(record, submission), store, clock);
    this.#jobs.set(job.record.jobId, job);
    logger.info("accepted a job", { jobId: job.record.jobId, number: job.record.number, name: job.record.name });
    return job;
  }

  /** Where a savepoint is: a folder, a savepoint's id, or a job's last checkpoint. @throws CheckpointNotFoundError */
  async #savepointPath(wanted: string): Promise<string> {
    const all = [...this.#jobs.values()].flatMap(({ record }) => (record.checkpoints ?? []).filter(({ state }) => state === "complete").map((view) => ({ view, jobId: record.jobId as string })));
    const found = all.findLast(({ view, jobId }) => view.path === wanted || (view.savepointId !== "" && view.savepointId === wanted) || jobId === wanted);
    if (!found && !isAbsolute(wanted)) throw new CheckpointNotFoundError(JSON.stringify(wanted.slice(0, 200)));
    const path = found?.view.path ?? wanted;
    await this.#parts.checkpoints.open(path);
    return path;
  }

  async #run(job: Job, submission: Submission, plan: Plan): Promise<void> {
    const { record } = job;
    const live: LiveJob = { plan, view: new LiveView(plan), log: this.#parts.logs.openJobLog(record.jobId, await this.#lastLogSeq(record)) };
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
   * @param mode - `now` saves nothing, `drain` lets the sources end and the job complete.
   * @throws {@link CheckpointFailedError} if its state cannot be saved: the job goes on.
   */
  async stop(jobId: string, signal: AbortSignal, { mode = "savepoint", reason = "stopped by request", nextPlanHash }: StopOptions = {}): Promise<JobSnapshot> {
    const job = this.#job(jobId);
    const { live } = job;
    if (live) delete live.stopFailure;
    const isFirst = await job.move("stop", reason, { stopMode: mode, nextPlanHash });
    await failpoint("stop.noted");
    const isHarder = !isFirst && job.record.phase === "stopping" && mode === "now";
    if (isFirst || isHarder) this.#stopAttempt(job, mode, reason);
    while (!job.isOver) {
      const { version } = job.changes;
      if (job.record.phase === "running" && live?.stopFailure) throw new CheckpointFailedError("the savepoint", live.stopFailure.message, `The job goes on. To end it without its state: sage job stop --now ${jobId}`);
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
  async continue(jobId: string, { parallelism = 0, checkpointId = 0 }: { readonly parallelism?: number; readonly checkpointId?: number }, signal: AbortSignal): Promise<JobSnapshot> {
    if (this.#closing.signal.aborted) throw new ShuttingDownError();
    const job = this.#job(jobId);
    if (job.record.phase === "stopping" || (job.isEnded && !job.isOver)) await this.#untilOver(job, signal);
    const { phase, checkpoints = [] } = job.record;
    if (phase === "completed" || phase === "deleted") throw new JobPhaseError(jobId, phase, "there is nothing to continue");
    if (!job.isEnded) {
      if (parallelism > 0) throw new JobPhaseError(jobId, phase, "only a stopped job continues with another parallelism", `sage job rescale ${jobId} --parallelism ${parallelism}`);
      return job.snapshot();
    }
    if (checkpointId > 0 && !checkpoints.some(({ id, state }) => id === checkpointId && state === "complete")) throw new CheckpointNotFoundError(`${checkpointId} of job ${jobId}`);
    const planHash = parallelism > 0 ? await this.#planFor(job, parallelism, signal) : undefined;
    await this.#goOn(job, "continued by request", { ...(planHash === undefined ? {} : { planHash }), ...(checkpointId > 0 ? { upTo: checkpointId } : {}) });
    return job.snapshot();
  }

  /** A new attempt of a job that has ended. @param upTo - forgets the checkpoints behind this one. */
  async #goOn(job: Job, reason: string, { planHash = job.record.planHash, upTo = Infinity }: { readonly planHash?: string | undefined; readonly upTo?: number }): Promise<void> {
    const { attempt, checkpoints = [], jobId } = job.record;
    const submission = await this.#parts.store.submission(jobId);
    if (!submission) throw new Error(`job ${jobId} has no submission`);
    const plan = await this.#planOf(planHash, submission);
    const moved = await job.move("continue", reason, {
      attempt: attempt + 1, parallelism: plan.slots, nextPlanHash: undefined, ...(planHash === undefined ? {} : { planHash }),
      checkpoints: checkpoints.map((each) => (each.id > upTo && each.state === "complete" ? { ...each, state: "deleted" } : each)),
    });
    await failpoint("continue.noted");
    if (moved) await this.#runAgain(job);
  }

  /** The hash of the job's plan in another parallelism, as an artifact. */
  async #planFor(job: Job, parallelism: number, signal: AbortSignal): Promise<string> {
    const submission = await this.#parts.store.submission(job.record.jobId);
    if (!submission) throw new JobNotFoundError(job.record.jobId);
    const current = await this.#planOf(job.record.planHash, submission);
    const planJson = await replan({ submission, plan: current, parallelism }, this.#parts, signal);
    const bytes = Buffer.from(planJson);
    const hash = createHash("sha256").update(bytes).digest("hex");
    await this.#parts.artifacts.put(hash, bytes.length, (async function* () { yield bytes; })());
    return hash;
  }

  /** Takes a savepoint of a running job; the same id again is the same savepoint. */
  async savepoint(jobId: string, savepointId: string, signal: AbortSignal): Promise<CheckpointView> {
    const job = this.#job(jobId);
    const known = () => job.record.checkpoints?.find((each) => each.savepointId === savepointId && each.state === "complete");
    const before = savepointId === "" ? undefined : known();
    if (before) return before;
    const attempt = job.live?.attempt;
    if (job.record.phase !== "running" || !attempt) throw new JobPhaseError(jobId, job.record.phase, "savepoints are taken of running jobs");
    if (!attempt.checkpoints.isAble) throw new JobPhaseError(jobId, job.record.phase, "its workers cannot take snapshots");
    const running = this.#savepoints.get(savepointId);
    const taking = running ?? attempt.checkpoints.take({ kind: "savepoint", reason: "by request", savepointId }, this.#closing.signal);
    if (savepointId !== "") this.#savepoints.set(savepointId, taking);
    try {
      const { id } = await orAborted(taking, signal);
      const view = job.record.checkpoints?.find((each) => each.id === id);
      if (!view) throw new CheckpointNotFoundError(String(id));
      return view;
    } finally {
      void taking.catch(() => {}).finally(() => this.#savepoints.delete(savepointId));
    }
  }

  /** Runs a job with another parallelism, from a savepoint taken now; returns when its workers are on their way. */
  async rescale(jobId: string, parallelism: number, signal: AbortSignal): Promise<JobSnapshot> {
    const job = this.#job(jobId);
    if (job.isEnded) return this.continue(jobId, { parallelism }, signal);
    if (job.record.phase !== "running") throw new JobPhaseError(jobId, job.record.phase, "only running and stopped jobs are rescaled");
    const nextPlanHash = await this.#planFor(job, parallelism, signal);
    const { record } = await this.stop(jobId, signal, { reason: `rescaled to parallelism ${parallelism}`, nextPlanHash }); // carried out from here on, by the next daemon if need be
    await failpoint("rescale.stopped");
    if (record.phase === "stopped") await this.#goOn(job, `rescaled to parallelism ${parallelism}`, { planHash: nextPlanHash });
    return job.snapshot();
  }

  async #untilOver(job: Job, signal: AbortSignal): Promise<void> {
    for (let version = job.changes.version; !job.isOver; version = job.changes.version) await job.changes.changedSince(version, signal);
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
      if (this.#parts.hasSuccessor && (job.record.canRestore || job.record.startedAtMs === 0)) return this.#handOver(job);
      const failure = daemonGone(stoppedWhileRunning, this.#parts.clock.now());
      await job.move("failed", stoppedWhileRunning, { failure }).catch(() => {}); // the next daemon settles it
      job.live?.attempt?.stop(stoppedWhileRunning);
    }));
    await this.#running[Symbol.asyncDispose]();
  }

  /** Leaves a job to the next daemon: with a checkpoint of now, if there is time. */
  async #handOver(job: Job): Promise<void> {
    const attempt = job.live?.attempt;
    if (job.record.phase === "running" && attempt && attempt.ranMs !== undefined) {
      const last = attempt.checkpoints.take({ kind: "checkpoint", reason: "the daemon stops", halt: true }, this.#force.signal);
      await settledWithin(last.then(({ id }) => attempt.checkpoints.committed(id)), lastCheckpointMs, this.#parts.clock);
    }
    attempt?.stop(stoppedWhileRunning);
  }
}

/** How long a closing daemon waits for a last checkpoint, in milliseconds. */
const lastCheckpointMs = 10_000;

const stoppedWhileRunning = "the JobManager was stopped while the job ran";
const restartedWhileRunning = "the JobManager was restarted while the job ran";

const daemonGone = (message: string, atMs: number) =>
  failureOf({ code: "SAGE_DAEMON_RESTARTED", fault: "cluster", message, hint: "Submit the job again." }, atMs);

function sameOrRefused(job: Job, contentHash: string, knownHash: string): JobSnapshot {
  if (contentHash !== knownHash) throw new JobExistsError(job.record.jobId);
  return job.snapshot();
}
