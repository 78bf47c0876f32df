// Runs pipelines in tests up to a checkpoint, throws everything away, and restores them, also with another parallelism.

import type { Plan } from "@sage/protocol/records";
import { compile, PipelineBuilder, type Graph } from "@sage/graph";
import type { NodeSnapshot, StateStaging } from "../checkpoint/engine-checkpoints.ts";
import { MemoryWriter } from "../checkpoint/memory-states.ts";
import { distribute, type SavedCheckpoint } from "../checkpoint/distribute.ts";
import { stateHandle } from "../checkpoint/state-folder.ts";
import type { Engine } from "../engine.ts";
import { openInProcess, type InProcessOptions } from "../in-process.ts";

export const inMemory: StateStaging = { writer: () => new MemoryWriter() };

/** A complete checkpoint as a test holds it. */
export type HeldCheckpoint = SavedCheckpoint;

const held = (plan: Plan, snapshots: readonly NodeSnapshot[]): HeldCheckpoint => ({ maxParallelism: plan.maxParallelism, operators: plan.nodes, snapshots });

export type CheckpointedOptions = InProcessOptions & { readonly parallelism?: number; readonly from?: HeldCheckpoint | undefined };

/** An engine that can be asked for checkpoints, and begins with one if told. */
export async function openCheckpointed(build: (env: PipelineBuilder) => void, { parallelism = 1, from, ...options }: CheckpointedOptions = {}): Promise<{ engine: Engine; plan: Plan; take(id: number, how?: { halt?: boolean; drain?: boolean }): Promise<HeldCheckpoint> }> {
  const env = new PipelineBuilder("test", { parallelism });
  build(env);
  const graph: Graph = env.graph();
  const plan = compile(graph);
  const engine = await openInProcess(graph, { staging: inMemory, ...(from ? { restore: distribute(from, plan, (file, fromIndex) => stateHandle(file, fromIndex, { inline: file.inline! })) } : {}), ...options });
  const take = async (id: number, { halt = false, drain = false } = {}) => held(plan, await engine.triggerCheckpoint({ checkpointId: id, savepoint: false, halt, drain }));
  return { engine, plan, take };
}

