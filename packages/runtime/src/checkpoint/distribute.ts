// Gives the states of a complete checkpoint to the instances of a plan, also of another parallelism. Pure.
//
// Invariants:
//   D1. Operators are known by their names. With the parallelism that they had, every instance gets what it wrote.
//   D2. Else states go as their spread says; a key group has one owner, before and after.
// The daemon decides the same for its jobs (jobmanager-server, checkpoint/restore.ts).

import { keyGroupsOf, type Plan } from "@sage/protocol/records";
import { StateMismatchError } from "./errors.ts";
import type { NodeSnapshot } from "./engine-checkpoints.ts";
import type { NodeRestore, SavedState, StateHandle } from "./state-part.ts";

/** A checkpoint: what the instances of the operators have saved. */
export interface SavedCheckpoint {
  readonly maxParallelism: number;
  readonly operators: readonly SavedOperator[];
  readonly snapshots: readonly NodeSnapshot[];
}

export interface SavedOperator {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly parallelism: number;
}

/** Names one instance of an operator. */
export const instanceKey = (nodeId: string, index: number): string => `${nodeId}/${index}`;

/**
 * What the instances of `plan` begin with, by {@link instanceKey}.
 *
 * @throws {@link StateMismatchError} for state that no operator takes.
 */
export function distribute(saved: SavedCheckpoint, plan: Plan, handleOf: (file: SavedState, fromIndex: number) => StateHandle): ReadonlyMap<string, NodeRestore> {
  for (const operator of saved.operators) checkFits(operator, saved, plan);
  const restores = new Map<string, NodeRestore>();
  for (const node of plan.nodes) {
    const former = saved.operators.find(({ name }) => name === node.name); // D1
    if (former === undefined) continue;
    const written = saved.snapshots.filter(({ nodeId }) => nodeId === former.id).toSorted((a, b) => a.index - b.index);
    for (let index = 0; index < node.parallelism; index++) {
      restores.set(instanceKey(node.id, index), restoreOf(written, former.parallelism, { index, parallelism: node.parallelism }, plan.maxParallelism, handleOf));
    }
  }
  return restores;
}

function checkFits({ id, name, kind, parallelism }: SavedOperator, { snapshots, maxParallelism }: SavedCheckpoint, plan: Plan): void {
  const files = snapshots.filter(({ nodeId }) => nodeId === id).flatMap((snapshot) => snapshot.files);
  if (files.length === 0) return;
  const node = plan.nodes.find((each) => each.name === name);
  if (node === undefined) throw new StateMismatchError(name, "the program has no operator of this name any more");
  if (node.kind !== kind) throw new StateMismatchError(name, `it was a ${kind} and is a ${node.kind}`);
  if (node.parallelism !== parallelism && files.some(({ spread }) => spread === "fixed")) throw new StateMismatchError(name, `the checkpoint has records on their way to it, so its parallelism cannot change from ${parallelism} to ${node.parallelism}; take a savepoint`);
  const hasKeys = files.some(({ spread }) => spread === "key-groups");
  if (hasKeys && maxParallelism !== plan.maxParallelism) throw new StateMismatchError(name, `its keys are in ${maxParallelism} key groups, not in ${plan.maxParallelism}`);
}

function restoreOf(
  written: readonly NodeSnapshot[], fromParallelism: number, { index, parallelism }: { readonly index: number; readonly parallelism: number },
  maxParallelism: number, handleOf: (file: SavedState, fromIndex: number) => StateHandle,
): NodeRestore {
  const { first, last } = keyGroupsOf(index, maxParallelism, parallelism);
  const isRescaled = fromParallelism !== parallelism;
  const goesHere = (file: SavedState, writer: number): boolean => {
    if (file.spread === "union") return true;
    if (!isRescaled) return writer === index;
    if (file.spread === "key-groups") return (file.keyGroupFrom ?? 0) <= last && (file.keyGroupTo ?? 0) > first; // D2
    return writer % parallelism === index;
  };
  const own = isRescaled ? undefined : written.find((each) => each.index === index);
  return {
    handles: written.flatMap((from) => from.files.filter((file) => goesHere(file, from.index)).map((file) => handleOf(file, from.index))),
    instance: { index, parallelism, isRescaled }, keyGroupFrom: first, keyGroupTo: last + 1, fromParallelism,
    finished: own ? own.finished : written.length > 0 && written.every(({ finished }) => finished),
  };
}
