// Runs pipelines in tests up to a checkpoint, throws everything away, and restores them, also with another parallelism.

import { keyGroupsOf, type Plan } from "@sage/protocol/records";
import { compile, PipelineBuilder, type Graph } from "@sage/graph";
import type { NodeSnapshot, StateStaging } from "../checkpoint/engine-checkpoints.ts";
import { MemoryWriter } from "../checkpoint/memory-states.ts";
import type { NodeRestore, SavedState, StateHandle } from "../checkpoint/state-part.ts";
import { Engine, instanceKey } from "../engine.ts";
import { openInProcess, type InProcessOptions } from "../in-process.ts";

export const inMemory: StateStaging = { writer: () => new MemoryWriter() };

/** A complete checkpoint as a test holds it. */
export interface HeldCheckpoint {
  readonly plan: Plan;
  readonly nodes: readonly NodeSnapshot[];
}

/** Gives a checkpoint to the instances of a plan, as the daemon does. */
export function restoreFrom({ plan: before, nodes }: HeldCheckpoint, plan: Plan): ReadonlyMap<string, NodeRestore> {
  const restores = new Map<string, NodeRestore>();
  for (const node of plan.nodes) {
    const former = before.nodes.find(({ name }) => name === node.name);
    if (former === undefined) continue;
    const written = nodes.filter(({ nodeId }) => nodeId === former.id);
    const isRescaled = former.parallelism !== node.parallelism;
    for (let index = 0; index < node.parallelism; index++) {
      const { first, last } = keyGroupsOf(index, plan.maxParallelism, node.parallelism);
      const handles = written.toSorted((a, b) => a.index - b.index).flatMap((from) =>
        from.files.filter((file) => goesTo(file, from.index, index, node.parallelism, isRescaled, first, last + 1)).map((file) => handleOf(file, from.index)));
      const own = isRescaled ? undefined : written.find((each) => each.index === index);
      restores.set(instanceKey(node.id, index), {
        handles, instance: { index, parallelism: node.parallelism, isRescaled }, keyGroupFrom: first, keyGroupTo: last + 1,
        finished: own ? own.finished : written.every(({ finished }) => finished), fromParallelism: former.parallelism,
      });
    }
  }
  return restores;
}

function goesTo(file: SavedState, writer: number, index: number, parallelism: number, isRescaled: boolean, from: number, to: number): boolean {
  if (file.spread === "union") return true;
  if (!isRescaled) return writer === index;
  if (file.spread === "key-groups") return file.keyGroupFrom! < to && file.keyGroupTo! > from;
  return writer % parallelism === index;
}

function handleOf({ kind, sha256, inline }: SavedState, fromIndex: number): StateHandle {
  return { kind, fromIndex, sha256, read: () => Promise.resolve(inline!) };
}

export type CheckpointedOptions = InProcessOptions & { readonly parallelism?: number; readonly from?: HeldCheckpoint | undefined };

/** An engine that can be asked for checkpoints, and begins with one if told. */
export async function openCheckpointed(build: (env: PipelineBuilder) => void, { parallelism = 1, from, ...options }: CheckpointedOptions = {}): Promise<{ engine: Engine; plan: Plan; take(id: number, how?: { halt?: boolean; drain?: boolean }): Promise<HeldCheckpoint> }> {
  const env = new PipelineBuilder("test", { parallelism });
  build(env);
  const graph: Graph = env.graph();
  const plan = compile(graph);
  const engine = await openInProcess(graph, { staging: inMemory, ...(from ? { restore: restoreFrom(from, plan) } : {}), ...options });
  const take = async (id: number, { halt = false, drain = false } = {}) => ({ plan, nodes: await engine.triggerCheckpoint({ checkpointId: id, savepoint: false, halt, drain }) });
  return { engine, plan, take };
}

