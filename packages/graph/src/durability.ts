// What a job asks for its state: how often it is saved, and what happens when the job fails.

export interface CheckpointOptions {
  /**
   * For pipelines that run in the program itself: a folder for this pipeline's checkpoints, from the last of which the
   * program goes on when it is run again behind a failure. Default: none are taken. A daemon has a store of its own.
   */
  readonly dir?: string;
  /** Milliseconds between two checkpoints; 0: only savepoints. Default 10,000. */
  readonly intervalMs?: number;
  /** A checkpoint that takes longer is given up; default 600,000. */
  readonly timeoutMs?: number;
  /** So many checkpoints are kept; default 3. */
  readonly keep?: number;
  /** A barrier that has waited so long for other inputs overtakes the records that wait, in milliseconds; default 1,000. Such a checkpoint cannot be continued with another parallelism; a savepoint can. */
  readonly alignmentTimeoutMs?: number;
  /**
   * What state shows behind a failure. "exactly-once" (default): every record once. "at-least-once": barriers hold no input
   * back, so the slowest input delays nobody; some records may be counted twice.
   */
  readonly guarantee?: "exactly-once" | "at-least-once";
  /** At least so long between the end of one and the start of the next, in milliseconds; default 0. */
  readonly minPauseMs?: number;
  /** So many failed checkpoints in a row do not fail the job; default: any number. */
  readonly toleratedFailures?: number;
}

/**
 * When a failed job is run again from its last checkpoint. By default a job that has lost a worker is, with growing
 * delays; exceptions of its own functions are tried again only if it has asked for checkpoints or for a strategy.
 */
export type RestartOptions =
  | { readonly strategy: "none" }
  /** At most `attempts` (default 3) restarts in all. */
  | { readonly strategy: "fixed"; readonly attempts?: number; readonly delayMs?: number }
  /** Delays from `initialMs` (500), times `factor` (2), to `maxMs` (60,000), of which `jitter` (0.1) is left to chance; at most `attempts` (10) in a row, which ends when the job has run for `resetAfterMs` (600,000). */
  | {
    readonly strategy: "exponential"; readonly initialMs?: number; readonly maxMs?: number; readonly factor?: number; readonly jitter?: number;
    readonly resetAfterMs?: number; readonly attempts?: number;
  }
  /** More than `failures` (3) within `intervalMs` (300,000) end the job. */
  | { readonly strategy: "failure-rate"; readonly failures?: number; readonly intervalMs?: number; readonly delayMs?: number };

export interface DurabilityOptions {
  readonly checkpoints?: CheckpointOptions;
  readonly restart?: RestartOptions;
  /** Begin with the state of a savepoint: its folder at the daemon, its id, or the id of a job for that job's last checkpoint. */
  readonly fromSavepoint?: string;
  /**
   * Leave behind the state of operators that the program no longer has, and states in operators that it has renamed: those are
   * refused where `open` asks for all states, else a warning of the job names them as soon as a checkpoint shows them unread.
   */
  readonly allowDroppedState?: boolean;
}

/** A savepoint that is on disk. */
export interface Savepoint {
  readonly id: number;
  /** Where it is at the daemon: for `fromSavepoint`. */
  readonly path: string;
  readonly bytes: number;
}
