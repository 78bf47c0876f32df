// A job's chains with what their tasks measure: the view in which a bottleneck is looked for. Pure.

import type { InstanceView__Output as InstanceView } from "../gen/sage/v1/InstanceView.ts";
import type { OperatorView__Output as OperatorView } from "../gen/sage/v1/OperatorView.ts";
import type { Plan } from "../plan.ts";

export interface PlannedJob {
  /** Undefined: not known; then nothing can be said. */
  readonly plan: Pick<Plan, "nodes" | "edges" | "chains"> | undefined;
  readonly operators: readonly OperatorView[];
}

/** Parts of the time, 0 to 1; the first three are all of it. */
export interface Load {
  readonly busy: number;
  readonly backPressured: number;
  readonly idle: number;
  /** Part of busy: other tasks of the worker had their turn. */
  readonly turn: number;
}

export interface ChainTask {
  readonly instance: InstanceView;
  readonly load: Load;
}

export interface ChainGroup {
  readonly id: string;
  /** `read → map`. */
  readonly name: string;
  readonly operators: readonly { readonly name: string; readonly kind: string; readonly concurrency: number }[];
  readonly parallelism: number;
  readonly tasks: readonly ChainTask[];
  /** Of all its tasks. */
  readonly mean: Load;
  /** Ids of the chains that send to it, and whether by key. */
  readonly from: readonly { readonly id: string; readonly byKey: boolean }[];
  readonly isSource: boolean;
  readonly isSink: boolean;
}

const none: Load = { busy: 0, backPressured: 0, idle: 0, turn: 0 };
const ends: ReadonlySet<string> = new Set(["sink", "print", "collect"]);

/** The chains in the order of the plan; loops' back edges are left out. Empty without a plan. */
export function chainGroups({ plan, operators }: PlannedJob): ChainGroup[] {
  if (plan === undefined) return [];
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const chainOf = new Map(plan.chains.flatMap((chain) => chain.nodes.map((id) => [id, chain.id] as const)));
  const views = new Map(operators.map((operator) => [operator.nodeId, operator]));
  return plan.chains.map((chain): ChainGroup => {
    const first = views.get(chain.nodes[0]!);
    const tasks = (first?.instances ?? []).map((instance) => ({ instance, load: loadOf(instance) }));
    const into = plan.edges.filter((edge) => !edge.chained && !edge.feedback && chainOf.get(edge.to) === chain.id);
    return {
      id: chain.id, name: chain.name, parallelism: chain.parallelism, tasks, mean: meanOf(tasks),
      operators: chain.nodes.flatMap((id) => nodes.get(id) ?? []).map(({ name, kind, concurrency }) => ({ name, kind, concurrency })),
      from: into.map((edge) => ({ id: chainOf.get(edge.from)!, byKey: edge.partitioning === "hash" })),
      isSource: into.length === 0, isSink: chain.nodes.some((id) => ends.has(nodes.get(id)?.kind ?? "")),
    };
  });
}

/** Of the last second of a running task, else of its life. */
function loadOf(instance: InstanceView): Load {
  const { busyMsPerSecond: busy, backPressuredMsPerSecond: backPressured, idleMsPerSecond: idle, turnMsPerSecond: turn } = instance;
  if (busy + backPressured + idle > 0) return partsOf({ busy, backPressured, idle, turn });
  return partsOf({ busy: instance.busyMs, backPressured: instance.backPressuredMs, idle: instance.idleMs, turn: instance.turnMs });
}

function partsOf({ busy, backPressured, idle, turn }: Load): Load {
  const all = busy + backPressured + idle;
  return all === 0 ? none : { busy: busy / all, backPressured: backPressured / all, idle: idle / all, turn: turn / all };
}

function meanOf(tasks: readonly ChainTask[]): Load {
  if (tasks.length === 0) return none;
  const mean = (field: keyof Load) => tasks.reduce((sum, { load }) => sum + load[field], 0) / tasks.length;
  return { busy: mean("busy"), backPressured: mean("backPressured"), idle: mean("idle"), turn: mean("turn") };
}
