// How often a job's state is saved and how long it is kept: what the submission says, filled with defaults.

import type { JobCheckpoints } from "@sage/protocol";

export interface CheckpointSettings {
  /** 0: only savepoints. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** How many checkpoints are kept; savepoints are not counted. */
  readonly keep: number;
  readonly alignmentTimeoutMs: number;
  readonly guarantee: "exactly-once" | "at-least-once";
  /** So many failures in a row do not fail the job; 0: any number. */
  readonly toleratedFailures: number;
  readonly minPauseMs: number;
  /** Whether the job asked for checkpoints: then its results wait for them, and exceptions are restarted by default. */
  readonly isAsked: boolean;
}

export const defaultIntervalMs = 10_000;
export const defaultKeep = 3;

/** @param keep - of jobs that do not say. */
export function checkpointSettings(wire: JobCheckpoints | null | undefined, keep = defaultKeep): CheckpointSettings {
  return {
    intervalMs: wire ? wire.intervalMs : defaultIntervalMs,
    timeoutMs: wire?.timeoutMs || 600_000,
    keep: wire?.keep || keep,
    alignmentTimeoutMs: wire?.alignmentTimeoutMs || 1_000,
    guarantee: wire?.guarantee === "at-least-once" ? "at-least-once" : "exactly-once",
    toleratedFailures: wire?.toleratedFailures ?? 0,
    minPauseMs: wire?.minPauseMs ?? 0,
    isAsked: wire !== null && wire !== undefined && wire.intervalMs > 0,
  };
}
