// The shape of one chain: its operators in the order records pass them, where each one's output goes, and which
// counter counts what.
//
// Invariants:
//   L1. A chain is a tree: every node but the first has exactly one parent, and stands behind it.
//   L2. Counter 0 counts the records that the first node takes (of a source: emits).
//   L3. Nodes that pass on every record share one counter, so that counting costs nothing per operator.

import type { Graph, GraphNode, UserFunction } from "@sage/graph";
import type { Plan, PlanChain, PlanEdge, PlanNode } from "@sage/protocol/records";

/** Where records go: to another node of the chain, or out of it. */
export type Target = { readonly to: "node"; readonly at: number } | { readonly to: "output"; readonly output: number };

export interface ChainNode {
  /** Its place in the chain; 0 is the first. */
  readonly at: number;
  readonly plan: PlanNode;
  readonly graph: GraphNode;
  /** Selects the key where the input is keyed and comes from inside the chain. */
  readonly key: UserFunction | undefined;
  readonly keyed: boolean;
  /** Whether its records have a time. */
  readonly timed: boolean;
  readonly targets: readonly Target[];
  /** Side outputs by tag. */
  readonly sides: ReadonlyMap<string, readonly Target[]>;
  /** Counter of the records that it takes; -1 for sources. */
  readonly taken: number;
  /** Counter of the records that it emits; -1 where it emits none. */
  readonly emitted: number;
  /** Whether it counts for itself what it takes, and what it emits. */
  readonly countsTaken: boolean;
  readonly countsEmitted: boolean;
}

/** An edge into the chain, or out of it. */
export interface OuterEdge {
  /** Its place in `plan.edges`. */
  readonly index: number;
  readonly plan: PlanEdge;
  readonly key: UserFunction | undefined;
}

/** The end of a `collect()` is an output like an edge. */
export type ChainOutput = { readonly kind: "edge"; readonly edge: OuterEdge } | { readonly kind: "collect"; readonly node: PlanNode };

export interface ChainLayout {
  readonly chain: PlanChain;
  readonly nodes: readonly ChainNode[];
  readonly inputs: readonly OuterEdge[];
  readonly outputs: readonly ChainOutput[];
  readonly counters: number;
}

const sources: ReadonlySet<string> = new Set(["batch", "source", "iterable", "data", "file"]);
/** Kinds that neither drop nor add a record. */
const oneToOne: ReadonlySet<string> = new Set(["map", "coMap", "future", "assignTimestamps"]);
const ends: ReadonlySet<string> = new Set(["sink", "print", "collect"]);
/** Kinds whose call is written into the path of records, so that they need no counter of their own. */
const inlined: ReadonlySet<string> = new Set(["map", "coMap", "filter", "future", "sink", "print", "collect", "reduce", "aggregate", "assignTimestamps"]);

export const isSource = (kind: string): boolean => sources.has(kind);

/** Whether many records are in an operator at once. */
export const isConcurrent = (node: PlanNode): boolean => node.concurrency > 1 && ["map", "coMap", "filter", "flatMap", "process", "sink"].includes(node.kind);

/** Whether an operator's call stands in the path itself, and a failure of it ends the job. */
const isPlain = (node: PlanNode): boolean => inlined.has(node.kind) && !isConcurrent(node) && node.onError === "fail";

/** The layouts of all chains, by chain id. */
export function layoutsOf(plan: Plan, graph: Graph): Map<string, ChainLayout> {
  const keys = graph.nodes.flatMap((node) => node.inputs.map((input) => input.key));
  const edges = plan.edges.map((edge, index): OuterEdge => ({ index, plan: edge, key: keys[index] }));
  const [into, outOf] = [groupBy(edges, (edge) => edge.plan.to), groupBy(edges, (edge) => edge.plan.from)];
  const graphNodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const planNodes = new Map(plan.nodes.map((node) => [node.id, node]));
  return new Map(plan.chains.map((chain) => {
    const draft = new LayoutDraft(chain, into, outOf);
    for (const id of chain.nodes) draft.add(planNodes.get(id)!, graphNodes.get(id)!);
    return [chain.id, draft.done()];
  }));
}

class LayoutDraft {
  readonly #chain: PlanChain;
  readonly #into: ReadonlyMap<string, readonly OuterEdge[]>;
  readonly #outOf: ReadonlyMap<string, readonly OuterEdge[]>;
  readonly #places: ReadonlyMap<string, number>;
  readonly #nodes: ChainNode[] = [];
  readonly #outputs: ChainOutput[] = [];
  #counters = 1;

  constructor(chain: PlanChain, into: ReadonlyMap<string, readonly OuterEdge[]>, outOf: ReadonlyMap<string, readonly OuterEdge[]>) {
    this.#chain = chain;
    this.#into = into;
    this.#outOf = outOf;
    this.#places = new Map(chain.nodes.map((id, at) => [id, at]));
  }

  add(plan: PlanNode, graph: GraphNode): void {
    const at = this.#nodes.length;
    const [input] = this.#into.get(plan.id) ?? [];
    const parent = at === 0 || input === undefined ? undefined : this.#nodes[this.#places.get(input.plan.from)!];
    const countsTaken = !isSource(plan.kind) && !isPlain(plan);
    const taken = isSource(plan.kind) ? -1 : parent === undefined ? 0 : countsTaken ? this.#counters++ : parent.emitted;
    const countsEmitted = !isSource(plan.kind) && !ends.has(plan.kind) && !(oneToOne.has(plan.kind) && isPlain(plan));
    const emitted = ends.has(plan.kind) ? -1 : isSource(plan.kind) ? 0 : countsEmitted ? this.#counters++ : taken;
    const { targets, sides } = this.#targetsOf(plan);
    const keyed = (this.#into.get(plan.id) ?? []).some((edge) => edge.plan.keyed);
    const timed = (this.#into.get(plan.id) ?? []).some((edge) => edge.plan.timed === true);
    this.#nodes.push({ at, plan, graph, key: parent && input?.key, keyed, timed, targets, sides, taken, emitted, countsTaken, countsEmitted });
  }

  done(): ChainLayout {
    return { chain: this.#chain, nodes: this.#nodes, inputs: this.#into.get(this.#chain.id) ?? [], outputs: this.#outputs, counters: this.#counters };
  }

  #targetsOf(node: PlanNode): { targets: Target[]; sides: Map<string, Target[]> } {
    const targets: Target[] = [];
    const sides = new Map<string, Target[]>();
    if (node.kind === "collect") targets.push(this.#output({ kind: "collect", node }));
    for (const edge of this.#outOf.get(node.id) ?? []) {
      const target = edge.plan.chained ? ({ to: "node", at: this.#places.get(edge.plan.to)! } as const) : this.#output({ kind: "edge", edge });
      const { tag } = edge.plan;
      if (tag === undefined) targets.push(target);
      else sides.set(tag, [...(sides.get(tag) ?? []), target]);
    }
    return { targets, sides };
  }

  #output(output: ChainOutput): Target {
    return { to: "output", output: this.#outputs.push(output) - 1 };
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
