// A whole pipeline in the caller's own thread: nothing is serialised.

import { newJobId, systemClock } from "@sage/core";
import { compile, type Graph } from "@sage/graph";
import { Engine, type EngineOptions } from "./engine.ts";
import type { InstanceMetrics } from "./observe/instance-metrics.ts";
import type { EngineHooks } from "./wiring.ts";

export type InProcessOptions = Omit<Partial<EngineOptions>, "plan" | "graph" | "slots" | "channels" | "hooks"> & {
  readonly hooks?: Partial<EngineHooks>;
};

/** Compiles a graph and opens an engine for all of it; `run()` runs it. */
export function openInProcess(graph: Graph, options: InProcessOptions = {}): Promise<Engine> {
  const { hooks, ...rest } = options;
  return Engine.open({ jobId: newJobId(), baseDir: process.cwd(), clock: systemClock, ...rest, plan: compile(graph), graph, hooks: { ...ignoring, ...hooks } });
}

/** Runs a graph to its end; resolves to what each operator instance has done. */
export async function runInProcess(graph: Graph, options: InProcessOptions = {}): Promise<InstanceMetrics[]> {
  await using engine = await openInProcess(graph, options);
  await engine.run();
  return engine.metrics();
}

const ignoring: EngineHooks = {
  onLog: () => {},
  onPrint: () => {},
  onDeadLetter: () => {},
  onCollect: () => undefined,
  data: () => undefined,
};
