// How far an instance has read its share of the splits, as plain JSON for a checkpoint, and how the rest is dealt out
// again when the number of instances changes.
//
// Invariant: the positions of all instances of one parallelism cover every split once.

import { createHash } from "node:crypto";
import type { SourceSplit } from "./file-splits.ts";
import { FilesChangedError } from "./source-errors.ts";
import type { SplitOffset } from "./split-reader.ts";

/** A split by its number in the plan, with the offset to read it from if part of it has been read. */
export type SplitTask = number | readonly [split: number, from: SplitOffset];

/** The splits of one instance: every `parallelism`-th from `index` on, or a list. */
type Share = { readonly index: number; readonly parallelism: number } | { readonly tasks: readonly SplitTask[] };

export interface FilePosition {
  /** Tells the plan of splits from others; absent before it was made. */
  readonly plan?: string;
  readonly share: Share;
  /** Splits of the share that have been read to their end. */
  readonly done: number;
  /** Where to go on in the next split; absent at its start. */
  readonly from?: SplitOffset;
}

/** Two plans with the same key hold the same files, sizes and cuts. */
export function planKeyOf(splits: readonly SourceSplit[]): string {
  return createHash("sha256").update(JSON.stringify(splits)).digest("base64url").slice(0, 22);
}

/** What an instance with this position still has to read, in order. @throws FilesChangedError for another plan. */
export function tasksLeft(position: FilePosition, splits: readonly SourceSplit[], planKey: string): SplitTask[] {
  if (position.plan !== undefined && position.plan !== planKey) {
    throw new FilesChangedError("the files of the source are not those in which the position was taken");
  }
  const { share, done, from } = position;
  const tasks = "tasks" in share ? share.tasks : everyNth(share.index, share.parallelism, splits.length);
  const left = tasks.slice(done);
  if (from && left.length > 0) left[0] = [splitOf(left[0]!), from];
  return left;
}

/**
 * Deals what is left of a source out to `parallelism` new instances.
 *
 * @param positions - of all instances of the run before; it may have been dealt out already.
 * @param splits - the plan of that run.
 */
export function redistribute(
  positions: readonly FilePosition[],
  parallelism: number,
  splits: readonly SourceSplit[],
): FilePosition[] {
  const plan = planKeyOf(splits);
  const left = positions.flatMap((position) => tasksLeft(position, splits, plan));
  left.sort((a, b) => splitOf(a) - splitOf(b));
  return everyNth(0, 1, parallelism).map((index) => ({
    plan,
    share: { tasks: left.filter((_, i) => i % parallelism === index) },
    done: 0,
  }));
}

export function splitOf(task: SplitTask): number {
  return typeof task === "number" ? task : task[0];
}

function everyNth(first: number, step: number, end: number): number[] {
  const numbers: number[] = [];
  for (let i = first; i < end; i += step) numbers.push(i);
  return numbers;
}
