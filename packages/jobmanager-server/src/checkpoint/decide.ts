// Decides when a checkpoint is complete. Pure.
//
// Invariants:
//   C1. A checkpoint is complete only when every worker of the attempt has acknowledged it, or had ended.
//   C2. An acknowledgement of another attempt or checkpoint never counts.
//   C3. A worker counts once, whatever it repeats.

import type { TaskSnapshot } from "@sage/protocol";

export interface Ack {
  readonly attempt: number;
  readonly checkpointId: number;
  readonly workerIndex: number;
  readonly tasks: readonly TaskSnapshot[];
}

export interface PendingCheckpoint {
  readonly attempt: number;
  readonly checkpointId: number;
  /** Indexes of the workers that have not acknowledged. */
  readonly missing: ReadonlySet<number>;
  readonly tasks: readonly TaskSnapshot[];
}

export function begun(attempt: number, checkpointId: number, workers: number): PendingCheckpoint {
  return { attempt, checkpointId, missing: new Set(Array.from({ length: workers }, (_, index) => index)), tasks: [] };
}

export function afterAck(checkpoint: PendingCheckpoint, ack: Ack): PendingCheckpoint {
  const { attempt, checkpointId, missing, tasks } = checkpoint;
  if (ack.attempt !== attempt || ack.checkpointId !== checkpointId || !missing.has(ack.workerIndex)) return checkpoint; // C2, C3
  return { ...checkpoint, missing: new Set([...missing].filter((index) => index !== ack.workerIndex)), tasks: [...tasks, ...ack.tasks] };
}

export const isComplete = ({ missing }: PendingCheckpoint): boolean => missing.size === 0; // C1

export interface CheckpointSizes {
  readonly bytes: number;
  /** Written for this checkpoint. */
  readonly newBytes: number;
  /** The longest of its tasks. */
  readonly alignmentMs: number;
  readonly overtakenBytes: number;
}

export function sizesOf(tasks: readonly TaskSnapshot[]): CheckpointSizes {
  const files = tasks.flatMap((task) => task.files);
  const sum = (wanted: typeof files) => wanted.reduce((total, file) => total + file.bytes, 0);
  return {
    bytes: sum(files),
    newBytes: sum(files.filter((file) => !file.earlier)),
    alignmentMs: tasks.reduce((longest, task) => Math.max(longest, task.alignmentMs), 0),
    overtakenBytes: tasks.reduce((total, task) => total + task.inFlightBytes, 0),
  };
}

const tookMs = ({ barrierMs, alignmentMs, durationMs }: TaskSnapshot): number => barrierMs + alignmentMs + durationMs;

/** The task that the checkpoint waited for longest; undefined if none took any time, or all had ended. */
export function slowestOf(tasks: readonly TaskSnapshot[]): TaskSnapshot | undefined {
  return tasks.reduce<TaskSnapshot | undefined>((found, task) => (!task.finished && tookMs(task) > (found ? tookMs(found) : 0) ? task : found), undefined);
}
