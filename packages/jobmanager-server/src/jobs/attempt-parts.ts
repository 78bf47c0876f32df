// What an attempt of a job is given, and what it comes to.

import type { Clock, Logger, WorkerId } from "@sage/core";
import type { DeployInit, FailureView, Plan } from "@sage/protocol";
import type { CoordinatorParts } from "../checkpoint/coordinator.ts";
import type { RestorePlan } from "../checkpoint/restore.ts";
import type { NewLogLine } from "../logs/job-log.ts";
import type { KeptWorker, WorkerDriver, WorkerHandle } from "../scheduling/worker-driver.ts";
import type { StartGate } from "../scheduling/start-gate.ts";
import type { HeartbeatTiming } from "./heartbeats.ts";
import type { LiveView } from "./live-view.ts";
import type { JobResults } from "./results.ts";

export interface AttemptTiming extends HeartbeatTiming {
  /** From the start of the processes until all have said Hello. */
  readonly startupTimeoutMs: number;
  /** From Deploy until all have loaded the program and set their services up. */
  readonly deployTimeoutMs: number;
  /** How long workers may take to end their tasks when the attempt is cancelled. */
  readonly cancelGraceMs: number;
  /** How long a worker's process may take to end after Close. */
  readonly closeGraceMs: number;
  /** How long the cause of a secondary failure is waited for. */
  readonly causeSettleMs: number;
}

export const defaultAttemptTiming: AttemptTiming = {
  startupTimeoutMs: 30_000, deployTimeoutMs: 300_000, heartbeatTimeoutMs: 30_000, suspicionMs: 3_000, hostAnswerMs: 4_500, cancelGraceMs: 10_000, closeGraceMs: 5_000, causeSettleMs: 1_000,
};

export interface AttemptSpec {
  readonly jobId: string;
  /** From 1. */
  readonly number: number;
  readonly plan: Plan;
  readonly deploy: Omit<DeployInit, "peers">;
  readonly env: Readonly<Record<string, string>>;
  readonly secretHex: string;
  readonly daemonAddress: string;
  readonly gracePeriodMs: number;
  /** Whether it follows one that has failed, and nobody has asked for it. */
  readonly isRecovery?: boolean;
  /** Absent: begin at the start. */
  readonly restore?: RestorePlan;
  /** Workers that run already, by their index: they are waited for instead of started. */
  readonly adopted?: readonly { readonly id: WorkerId; readonly handle: WorkerHandle }[];
  /** Whether another daemon may take the workers over. */
  readonly outlivesDaemon: boolean;
  /** Where its snapshots are written, on this host. */
  readonly stagingDir: string;
}

export type AttemptCheckpoints = Omit<CoordinatorParts, "jobId" | "attempt" | "plan" | "workers" | "clock" | "logger" | "onTooManyFailures">;

export interface AttemptParts {
  readonly checkpoints: AttemptCheckpoints;
  readonly driver: WorkerDriver;
  readonly gate: StartGate;
  readonly clock: Clock;
  readonly timing: AttemptTiming;
  readonly logger: Logger;
  readonly live: LiveView;
  readonly results: JobResults;
  /** Keeps lines of the job's log; a promise means: the disk is behind. */
  log(lines: readonly NewLogLine[]): Promise<void> | undefined;
  /** Numbers or states have changed. */
  onChange(): void;
  /** All workers are deployed; awaited before they start. */
  onStarted(started: StartedAttempt): Promise<void>;
  /** The job could not be paused and goes on. */
  onStopFailed(error: Error): void;
}

export interface StartedAttempt {
  /** Whether all workers can take snapshots. */
  readonly canRestore: boolean;
  /** What another daemon needs to take them over; undefined if it cannot. */
  readonly workers: readonly { readonly id: WorkerId; readonly kept: KeptWorker }[] | undefined;
}

export type AttemptOutcome =
  | { readonly kind: "finished" }
  | { readonly kind: "failed"; readonly failure: FailureView }
  | { readonly kind: "stopped"; readonly reason: string };
