// From a manifest to what each worker starts from, with another parallelism too. Pure.
//
// Invariants:
//   S1. Every file of the checkpoint goes to the instances that own its state now, none is forgotten: what no operator
//       takes is an error, unless it may be dropped.
//   S2. A key group has one owner, before and after.
//   S3. Operators are known by their names: those keep their state when others are added before them.

import { instanceIn, keyGroupsOf, type Plan, type PlanNode, type RestoreInit, type StateHandleInit, type TaskRestoreInit } from "@sage/protocol";
import { StateMismatchError } from "../errors.ts";
import type { Manifest, ManifestFile, ManifestTask } from "./manifest.ts";

export interface RestorePlan {
  readonly checkpointId: number;
  /** What the worker with this index begins with. */
  forWorker(workerIndex: number): RestoreInit;
  /** Where a file of its state lies on this host; undefined if it has none with this hash. */
  pathOf(sha256: string): string | undefined;
}

export interface RestoreOptions {
  /** Leaves state of operators behind that are no longer there. */
  readonly allowDropped: boolean;
  /** Where a file lies on the workers' host. */
  path(sha256: string): string;
}

/** @throws {@link StateMismatchError} naming every operator whose state does not fit. */
export function planRestore(manifest: Manifest, plan: Plan, { allowDropped, path }: RestoreOptions): RestorePlan {
  const nodes = new Map(plan.nodes.map((node) => [node.name, node])); // S3
  const before = new Map(manifest.operators.map((operator) => [operator.nodeId, operator]));
  checkFits(manifest, plan, allowDropped);
  const tasksOf = new Map<string, ManifestTask[]>();
  for (const task of manifest.tasks) tasksOf.set(task.nodeId, [...(tasksOf.get(task.nodeId) ?? []), task]);
  const hashes = new Set(manifest.tasks.flatMap(({ files }) => files.filter(({ inline }) => inline === undefined).map(({ sha256 }) => sha256)));
  return {
    checkpointId: manifest.checkpointId,
    pathOf: (sha256) => (hashes.has(sha256) ? path(sha256) : undefined),
    forWorker: (workerIndex) => ({
      checkpointId: manifest.checkpointId, allowDroppedState: allowDropped,
      tasks: [...tasksOf].flatMap(([nodeId, tasks]): TaskRestoreInit[] => {
        const node = nodes.get(before.get(nodeId)?.name ?? "");
        const index = node && instanceIn(node, workerIndex);
        if (!node || index === undefined) return [];
        return [restoreOf(node, index, tasks, { maxParallelism: plan.maxParallelism, fromParallelism: before.get(nodeId)?.parallelism ?? tasks.length, path })];
      }),
    }),
  };
}

/** @throws {@link StateMismatchError} naming every operator whose state does not fit, and those that are new. */
export function checkFits(manifest: Manifest, plan: Plan, allowDropped: boolean): void {
  const differences = differencesOf(manifest, plan, allowDropped);
  if (differences.length === 0) return;
  const known = new Set(manifest.operators.map(({ name }) => name));
  const added = plan.nodes.filter(({ name }) => !known.has(name)).map(({ name, kind }) => `operator ${JSON.stringify(name)} (${kind}) is new`);
  throw new StateMismatchError([...differences, ...added]);
}

interface Place {
  readonly maxParallelism: number;
  readonly fromParallelism: number;
  path(sha256: string): string;
}

function restoreOf(node: PlanNode, index: number, tasks: readonly ManifestTask[], { maxParallelism, fromParallelism, path }: Place): TaskRestoreInit {
  const { first, last } = keyGroupsOf(index, maxParallelism, node.parallelism);
  const groups = { from: first, to: last + 1 };
  const isRescaled = node.parallelism !== fromParallelism;
  const handles = tasks.toSorted((a, b) => a.index - b.index).flatMap((task) =>
    task.files.filter((file) => isFor(file, task.index, { index, parallelism: node.parallelism, isRescaled, groups })).map((file) => toHandle(file, task.index, path)));
  const finished = tasks.length === fromParallelism && tasks.every((task) => task.finished);
  const own = isRescaled ? undefined : tasks.find((task) => task.index === index);
  return {
    nodeId: node.id, index, handles, keyGroupFrom: groups.from, keyGroupTo: groups.to, fromParallelism,
    finished: own ? own.finished : finished,
  };
}

interface Owner {
  readonly index: number;
  readonly parallelism: number;
  readonly isRescaled: boolean;
  readonly groups: { readonly from: number; readonly to: number };
}

function isFor(file: ManifestFile, writer: number, { index, parallelism, isRescaled, groups }: Owner): boolean {
  if (file.spread === "STATE_SPREAD_UNION") return true;
  if (!isRescaled) return writer === index;
  if (file.spread === "STATE_SPREAD_KEY_GROUPS") return file.keyGroupFrom < groups.to && file.keyGroupTo > groups.from; // S2: the worker takes its own groups only
  return writer % parallelism === index;
}

function toHandle({ inline, ...file }: ManifestFile, fromIndex: number, path: (sha256: string) => string): StateHandleInit {
  const bytes = inline === undefined ? undefined : Buffer.from(inline, "base64");
  return { file: { ...file, name: "", earlier: false, ...(bytes ? { inline: bytes } : {}) }, path: bytes || file.bytes === 0 ? "" : path(file.sha256), fromIndex };
}

/** What of the saved state fits no operator of the plan. */
function differencesOf(manifest: Manifest, plan: Plan, allowDropped: boolean): readonly string[] {
  const nodes = new Map(plan.nodes.map((node) => [node.name, node]));
  const stateful = manifest.operators.filter(({ nodeId }) => manifest.tasks.some((task) => task.nodeId === nodeId && task.files.length > 0));
  return stateful.flatMap(({ nodeId, name, kind, parallelism }) => {
    const node = nodes.get(name);
    if (!node) return allowDropped ? [] : [`operator ${JSON.stringify(name)} (${kind}) has state and is not there any more`];
    if (node.kind !== kind) return [`operator ${JSON.stringify(name)} was a ${kind} and is a ${node.kind}`];
    const files = manifest.tasks.filter((task) => task.nodeId === nodeId).flatMap((task) => task.files);
    if (plan.maxParallelism !== manifest.maxParallelism && files.some((file) => file.spread === "STATE_SPREAD_KEY_GROUPS")) {
      return [`its keys are in ${manifest.maxParallelism} key groups, the program's in ${plan.maxParallelism}`];
    }
    if (node.parallelism !== parallelism && files.some((file) => file.spread === "STATE_SPREAD_FIXED")) {
      return [`checkpoint ${manifest.checkpointId} has records in flight before ${JSON.stringify(name)}, so its parallelism cannot change from ${parallelism} to ${node.parallelism}; take a savepoint`];
    }
    return [];
  });
}
