// Carries a job from its acceptance to its end: one attempt, its outcome on disk, then everything it held is freed.

import { isSageError, withRetries, type Clock, type Logger } from "@sage/core";
import type { Plan } from "@sage/protocol";
import { randomBytes } from "node:crypto";
import { JobEndedError } from "../errors.ts";
import type { WorkerDriver } from "../scheduling/worker-driver.ts";
import type { StartGate } from "../scheduling/start-gate.ts";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { Submission } from "../store/job-store.ts";
import { Attempt, type AttemptOutcome, type AttemptSpec, type AttemptTiming } from "./attempt.ts";
import type { Job, LiveJob } from "./job.ts";
import { JobResults } from "./results.ts";
import type { UnreadResults } from "./unread-results.ts";
import type { WorkerRegistry } from "./worker-registry.ts";

export interface RunnerParts {
  readonly driver: WorkerDriver;
  readonly gate: StartGate;
  readonly registry: WorkerRegistry;
  readonly artifacts: ArtifactStore;
  readonly unread: UnreadResults;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timing: AttemptTiming;
  readonly gracePeriodMs: number;
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

/** Resolves when the job is over: ended, released, and on disk as such. */
export async function runJob(job: Job, submission: Submission, live: LiveJob, parts: RunnerParts, { force, closing }: RunSignals): Promise<void> {
  const { logger, clock } = parts;
  const results = new JobResults(live.plan);
  job.results = results;
  const attempt = new Attempt(await attemptSpec(job, submission, live.plan, parts), {
    ...parts,
    live: live.view, results,
    log: (lines) => live.log.append(lines),
    onChange: () => job.changes.notify(),
    onStarted: async () => { await job.move("started", "all workers are ready"); },
  });
  live.attempt = attempt;
  if (job.record.phase !== "initializing") attempt.stop("ended before it had started");
  const registration = parts.registry.add(attempt);
  try {
    const outcome = await attempt.run();
    logger.info("the job's attempt has ended", { jobId: job.record.jobId, ...outcome });
    logEnd(live, outcome, clock.now());
    if (outcome.kind !== "stopped") await moveToEnd(job, outcome).catch(() => {}); // tried again below
    await attempt.release(reasonOf(outcome), force);
    await untilWritten(() => moveToEnd(job, outcome), clock, closing);
    results.end(endOf(job));
    parts.unread.keep(results);
    await live.log[Symbol.asyncDispose]();
    await untilWritten(() => job.markReleased(), clock, closing);
  } finally {
    registration[Symbol.dispose]();
  }
}

/** A full disk holds the job back, not the daemon: it goes on when there is space again. */
function untilWritten(write: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  const retryIf = (error: unknown) => !signal.aborted && isSageError(error) && error.retryable;
  return withRetries(write, { attempts: Infinity, baseMs: 200, maxMs: 10_000, clock, retryIf });
}

function reasonOf(outcome: AttemptOutcome): string {
  if (outcome.kind === "failed") return "the job has failed";
  return outcome.kind === "stopped" ? outcome.reason : "";
}

async function moveToEnd(job: Job, outcome: AttemptOutcome): Promise<void> {
  if (job.isEnded) return;
  if (outcome.kind === "failed" && (await job.move("failed", outcome.failure.message, { failure: outcome.failure }))) return;
  if (outcome.kind === "finished" && (await job.move("finished", "all its tasks have ended"))) return;
  if (outcome.kind === "stopped") await job.move("released", outcome.reason);
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

async function attemptSpec(job: Job, submission: Submission, plan: Plan, parts: RunnerParts): Promise<AttemptSpec> {
  const { jobId, attempt } = job.record;
  const path = async (hash: string) => (hash === "" ? "" : ((await parts.artifacts.find(hash)) ?? ""));
  const dataPaths: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { nodeId, hash } of submission.data) dataPaths[nodeId] = await path(hash);
  const { planJson, bundleHash, sourceMapHash, paramsJson, argv, pipelineIndex, baseDir, env } = submission;
  const files = { bundlePath: await path(bundleHash), bundleHash, sourceMapPath: await path(sourceMapHash), sourceMapHash, dataPaths };
  return {
    jobId, number: attempt, plan, env,
    deploy: { planJson, paramsJson, argv: [...argv], pipelineIndex, baseDir, ...files },
    secretHex: randomBytes(32).toString("hex"),
    daemonAddress: parts.daemonAddress(),
    gracePeriodMs: parts.gracePeriodMs,
  };
}
