// Carries a job from its acceptance to its end: one attempt after another, each outcome on disk, then everything it
// held is freed.
//
// Invariants:
//   N1. An attempt begins only when nothing of the one before is left, and its number is on disk.
//   N2. What an attempt restores is a checkpoint that was complete and is whole; a damaged one is never used in silence.

import { isSageError, messageOf, withRetries, type Clock, type Logger } from "@sage/core";
import type { FailureView } from "@sage/protocol";
import { planRestore, type RestorePlan } from "../checkpoint/restore.ts";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { checkpointSettings } from "../checkpoint/settings.ts";
import { unreadStates } from "../checkpoint/unread-states.ts";
import { JobEndedError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import type { WorkerDriver } from "../scheduling/worker-driver.ts";
import type { StartGate } from "../scheduling/start-gate.ts";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { Submission } from "../store/job-store.ts";
import { Attempt } from "./attempt.ts";
import type { AttemptCheckpoints, AttemptOutcome, AttemptSpec, AttemptTiming } from "./attempt-parts.ts";
import { adoptedSpec, attemptSpec } from "./attempt-spec.ts";
import { failureOf } from "./cause.ts";
import { CheckpointBook } from "./checkpoint-book.ts";
import type { Job, LiveJob } from "./job.ts";
import { LiveView } from "./live-view.ts";
import { decideRestart, toRestartPolicy, type RestartDecision } from "./restart.ts";
import { JobResults } from "./results.ts";
import type { UnreadResults } from "./unread-results.ts";
import type { WorkerRegistry } from "./worker-registry.ts";

export interface RunnerParts {
  readonly driver: WorkerDriver;
  readonly gate: StartGate;
  readonly registry: WorkerRegistry;
  readonly artifacts: ArtifactStore;
  readonly checkpoints: CheckpointStore;
  /** How many are kept of jobs that do not say. */
  readonly keepCheckpoints: number;
  readonly unread: UnreadResults;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timing: AttemptTiming;
  readonly gracePeriodMs: number;
  /** Whether another daemon will take over what runs when this one ends. */
  readonly hasSuccessor: boolean;
  /** `host:port` for workers; known once the server listens. */
  daemonAddress(): string;
}

/** How a job's run may be cut short. */
export interface RunSignals {
  /** Ends the workers at once. */
  readonly force: AbortSignal;
  /** The daemon is closing: a state that cannot be written is left to its successor. */
  readonly closing: AbortSignal;
}

/** Of one job while it runs. */
interface Run {
  readonly job: Job;
  readonly submission: Submission;
  readonly live: LiveJob;
  readonly parts: RunnerParts;
  readonly signals: RunSignals;
  readonly results: JobResults;
  readonly book: CheckpointBook;
  /** Why results of its earlier attempts are not here; undefined: they were read. */
  readonly lostResults: string | undefined;
}

/** Resolves when the job is over: ended, released, and on disk as such. */
export async function runJob(job: Job, submission: Submission, live: LiveJob, parts: RunnerParts, signals: RunSignals): Promise<void> {
  const settings = checkpointSettings(submission.checkpoints, parts.keepCheckpoints);
  const results = new JobResults(live.plan, settings.isAsked);
  const before = job.results;
  job.results = results;
  const run: Run = { job, submission, live, parts, signals, results, book: new CheckpointBook(job, parts.checkpoints, settings.keep, parts.logger), lostResults: lostSince(job, before) };
  for (;;) {
    const delayMs = await runAttempt(run);
    if (delayMs === undefined) break;
    await pause(run, delayMs);
  }
  results.end(endOf(job));
  parts.unread.keep(results);
  await live.log[Symbol.asyncDispose]();
  await untilWritten(() => job.markReleased(), parts.clock, signals.closing);
}

function lostSince({ record }: Job, before: JobResults | undefined): string | undefined {
  if (record.attempt === 1 || before?.isRead) return undefined;
  return before ? "some were not read before the job was stopped" : "what came before the JobManager was restarted is gone, unless it was read";
}

/** How long to wait before the next attempt, in milliseconds; undefined: the job has ended. */
async function runAttempt(run: Run): Promise<number | undefined> {
  const { job, submission, live, parts, results, signals: { force, closing } } = run;
  const { clock, logger } = parts;
  const adopted = live.adopted;
  delete live.adopted;
  const began = adopted
    ? { kind: "began" as const, restore: undefined, spec: await adoptedSpec(job, submission, live.plan, parts, adopted) }
    : await beginning(run);
  if (began.kind === "failed") {
    await untilWritten(() => moveToEnd(job, began), clock, closing);
    return undefined;
  }
  if (!adopted) results.rewind(began.restore === undefined);
  if (began.restore !== undefined && run.lostResults !== undefined) results.markIncomplete(run.lostResults);
  live.view = new LiveView(live.plan, Math.max(0, job.record.attempt - 1), clock);
  const { spec } = began;
  const attempt = new Attempt(spec, {
    ...parts,
    live: live.view, results, checkpoints: attemptCheckpoints(run),
    log: (lines) => live.log.append(lines),
    onChange: () => job.changes.notify(),
    onStarted: async ({ canRestore, workers }) => {
      const running = workers && canRestore && parts.hasSuccessor ? { attempt: spec.number, secretHex: spec.secretHex, workers } : undefined;
      await job.note(({ restarts = [] }) => ({ canRestore, running, restarts: restarts.map((each, i) => (i === restarts.length - 1 && each.recoveredMs === 0 ? { ...each, recoveredMs: Math.max(1, clock.now() - each.atMs) } : each)) }));
      await job.move("started", began.restore ? `all workers are ready, from checkpoint ${began.restore.checkpointId}` : "all workers are ready");
      if (isDrained(job)) await job.move("stop", "its drain goes on");
      await failpoint("job.started");
    },
    onStopFailed: (error) => {
      live.stopFailure = error;
      void job.move("kept", error.message).catch(() => {});
    },
  });
  live.attempt = attempt;
  if (closing.aborted || (isStopping(job) && !isDrained(job))) attempt.stop("ended before it had started");
  if (isDrained(job)) attempt.drainFromTheStart();
  const registration = parts.registry.add(attempt);
  live.onAttempt?.();
  try {
    const outcome = await attempt.run();
    logger.info("the job's attempt has ended", { jobId: job.record.jobId, attempt: attempt.attempt, ...outcome });
    logEnd(live, outcome, clock.now());
    const delayMs = outcome.kind === "failed" && !closing.aborted ? await restartAfter(run, attempt, outcome.failure) : undefined;
    if (delayMs === undefined && outcome.kind !== "stopped") await moveToEnd(job, outcome).catch(() => {}); // tried again below
    await failpoint("job.ended");
    await attempt.release(reasonOf(outcome), force);
    await parts.checkpoints.dropStaging(job.record.jobId, attempt.attempt);
    if (delayMs === undefined) await untilWritten(() => moveToEnd(job, outcome), clock, closing);
    return delayMs;
  } finally {
    delete live.attempt;
    registration[Symbol.dispose]();
  }
}

/** A drain that a lost worker or daemon has interrupted is gone on with: its job completes, whatever it takes. */
const isDrained = ({ record }: Job): boolean => record.stopMode === "drain" && record.canRestore === true;

const isStopping = ({ record }: Job): boolean => record.phase === "stopping" || record.phase === "failed";

type Beginning =
  | { readonly kind: "began"; readonly restore: RestorePlan | undefined; readonly spec: AttemptSpec }
  | { readonly kind: "failed"; readonly failure: FailureView };

/** What the next attempt begins with. A disk that takes nothing for now is waited for, unless the job is stopped. */
async function beginning(run: Run): Promise<Beginning> {
  const { job, submission, live, parts, signals: { closing } } = run;
  try {
    return await untilWritten(async () => {
      const restore = await restorePoint(run);
      return { kind: "began", restore, spec: await attemptSpec(job, submission, live.plan, parts, restore) };
    }, parts.clock, closing, () => isStopping(job) && !isDrained(job));
  } catch (error) {
    if (closing.aborted) throw error;
    parts.logger.error("an attempt cannot begin", { jobId: job.record.jobId, error });
    const facts = isSageError(error) ? { code: error.code, fault: error.fault, hint: error.hint ?? "" } : { code: "SAGE_INTERNAL", fault: "sage" as const };
    return { kind: "failed", failure: failureOf({ ...facts, message: messageOf(error) }, parts.clock.now()) };
  }
}

/** N2: the newest whole checkpoint; none if the job has never had one. */
async function restorePoint({ job, submission, live, parts: { checkpoints }, book }: Run): Promise<RestorePlan | undefined> {
  const found = await book.newestWhole();
  await job.note(({ beganFrom }) => ({ restoredFrom: found === undefined || found.path === beganFrom ? 0 : found.manifest.checkpointId }));
  if (!found) return undefined;
  const { manifest, path } = found;
  return planRestore(manifest, live.plan, { allowDropped: submission.allowDroppedState ?? false, path: (sha256) => checkpoints.filePath(path, sha256) });
}

function attemptCheckpoints({ job, submission, live, parts, results, book }: Run): AttemptCheckpoints {
  const settings = checkpointSettings(submission.checkpoints);
  const warn = (text: string) => void live.log.append([{ timeMs: parts.clock.now(), level: "warn", operator: "", index: 0, host: "", stream: "log", text }]);
  return {
    settings, store: parts.checkpoints,
    nextId: () => book.nextId(),
    lastId: () => book.lastId(),
    lastComplete: () => book.newestId(),
    onComplete: (taken) => book.onComplete(taken),
    onCommitted: (taken, tasks) => {
      results.onCommitted(taken.id);
      if (job.record.beganFrom !== undefined) void book.noteUnread(unreadStates(tasks, live.plan.nodes), warn);
      void book.forgetOld();
    },
    onFailed: (failed, why) => {
      warn(`${failed.kind} ${failed.id} failed: ${why}`);
      void book.onFailed(failed, why);
    },
  };
}

/** Moves the job to its next attempt, if its strategy allows one; the delay before it. */
async function restartAfter({ job, submission, parts, results, book }: Run, attempt: Attempt, failure: FailureView): Promise<number | undefined> {
  const { record } = job;
  if ((record.phase === "stopping" && !isDrained(job)) || record.canRestore !== true) return undefined;
  if (results.wouldRepeat) return undefined;
  const nowMs = parts.clock.now();
  const decision = await decided();
  if (!decision.restart) return undefined;
  const restart = {
    attempt: record.attempt + 1, atMs: nowMs, cause: failure.message, code: failure.code, operator: failure.operator, index: failure.index,
    recordNumber: failure.recordNumber, checkpointId: book.newestId(), delayMs: decision.delayMs, recoveredMs: 0,
    host: failure.host, stack: firstLines(failure.stack), hint: failure.hint, counted: decision.counted,
  };
  const more = { attempt: record.attempt + 1, restarts: [...(record.restarts ?? []), restart].slice(-100), restartCount: (record.restartCount ?? 0) + 1 };
  const moved = await withRetries(() => job.move("lost", failure.message, more), { attempts: Infinity, baseMs: 200, maxMs: 5_000, clock: parts.clock, retryIf: (error) => isSageError(error) && error.retryable });
  await failpoint("job.recovering");
  return moved ? decision.delayMs : undefined;

  async function decided(): Promise<RestartDecision> {
    if (damaged.has(failure.code) && record.restoredFrom && attempt.ranMs === undefined) {
      await book.markDamaged(record.restoredFrom, failure.message);
      return { restart: true, delayMs: 0, counted: false }; // ends with the last checkpoint
    }
    const policy = toRestartPolicy(submission.restart, checkpointSettings(submission.checkpoints).isAsked);
    const now = { atMs: nowMs, failure, ranMs: attempt.ranMs ?? 0, wasRunning: attempt.ranMs !== undefined, hasRun: record.startedAtMs > 0 };
    return decideRestart(policy, record.restarts ?? [], now, Math.random);
  }
}

/** A record keeps a hundred of them. */
const firstLines = (stack: string): string => stack.split("\n").slice(0, 12).join("\n").slice(0, 2_000);

/** What a worker says when a state file is not what was written. */
const damaged: ReadonlySet<string> = new Set(["SAGE_CHECKPOINT_DAMAGED", "SAGE_STATE_DAMAGED", "SAGE_STATE_CORRUPT"]);

/** Waits before the next attempt, but not when the job is stopped meanwhile. */
async function pause({ job, parts: { clock }, signals }: Run, delayMs: number): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, signals.closing, signals.force]);
  const stopped = async () => {
    while (!isStopping(job) || isDrained(job)) await job.changes.changedSince(job.changes.version, signal);
  };
  await Promise.race([clock.sleep(delayMs, signal), stopped()]).catch(() => {});
  over.abort();
}

/** A full disk holds the job back, not the daemon: it goes on when there is space again. */
function untilWritten<T>(write: () => Promise<T>, clock: Clock, signal: AbortSignal, isInVain = () => false): Promise<T> {
  const retryIf = (error: unknown) => !signal.aborted && !isInVain() && isForNow(error);
  return withRetries(write, { attempts: Infinity, baseMs: 200, maxMs: 10_000, clock, retryIf });
}

const ofTheDisk: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EROFS", "EIO"]);
const isForNow = (error: unknown): boolean => (isSageError(error) ? error.retryable : ofTheDisk.has((error as NodeJS.ErrnoException | null)?.code));

function reasonOf(outcome: AttemptOutcome): string {
  if (outcome.kind === "failed") return "the job has failed";
  return outcome.kind === "stopped" ? outcome.reason : "";
}

async function moveToEnd(job: Job, outcome: AttemptOutcome): Promise<void> {
  const { phase, canRestore } = job.record;
  if (job.isEnded) return;
  if (outcome.kind === "failed" && phase === "stopping" && canRestore) {
    await job.move("released", `it failed while it was stopped, and continues from its last checkpoint: ${outcome.failure.message}`);
  } else if (outcome.kind === "failed") await job.move("failed", outcome.failure.message, { failure: outcome.failure });
  else if (outcome.kind === "finished") await job.move("finished", "all its tasks have ended");
  else await job.move("released", outcome.reason);
}

/** What readers of results get behind the last batch. */
function endOf({ record }: Job): Error | undefined {
  if (record.phase === "completed") return undefined;
  return new JobEndedError(record.jobId, record.phase, record.failure?.message ?? "");
}

function logEnd(live: LiveJob, outcome: AttemptOutcome, timeMs: number): void {
  if (outcome.kind !== "failed") return;
  const { operator, index, host, message, stack } = outcome.failure;
  void live.log.append([{ timeMs, level: "error", operator, index, host, stream: "log", text: stack || message }]);
}
