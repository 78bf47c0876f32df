// What a worker asks of Ray's hosts, and whether any of them could ever give it. Pure.

import { SageError } from "@sage/core";
import type { Resources } from "@sage/protocol";
import type { RayNode, ResourceOptions } from "@sage/ray-control";

/** By Ray's names: CPU, GPU, memory (bytes), and the cluster's own. */
export type Demand = Readonly<Record<string, number>>;

/** Ray would wait for ever. */
export class InfeasibleSlotError extends SageError {
  constructor(demand: Demand, nodes: readonly RayNode[]) {
    super(`a worker needs ${describe(demand)}, and no host of the Ray cluster has that: ${nearestOf(demand, nodes)}`, {
      code: "SAGE_RESOURCES_INFEASIBLE", fault: "user", hint: "Lower the operator's `resources`, or add a host that has them (`sage cluster status` shows what each has).",
    });
  }
}

export function demandOf({ cpus = 1, gpus = 0, memoryBytes = 0, custom = {} }: Resources = {}): Demand {
  const all = { CPU: cpus, GPU: gpus, memory: memoryBytes, ...custom };
  return Object.fromEntries(Object.entries(all).filter(([, amount]) => amount > 0));
}

export function optionsOf({ CPU = 0, GPU = 0, memory = 0, ...resources }: Demand): ResourceOptions {
  return { numCpus: CPU, ...(GPU > 0 ? { numGpus: GPU } : {}), ...(memory > 0 ? { memoryBytes: memory } : {}), ...(Object.keys(resources).length > 0 ? { resources } : {}) };
}

/** Whether the node could take the demand if it were idle. */
export function fits(demand: Demand, node: RayNode): boolean {
  return node.isAlive && missingOf(demand, node).length === 0;
}

/** @throws {@link InfeasibleSlotError} when no living node has room for the demand, not even an idle one */
export function requireFeasible(demand: Demand, nodes: readonly RayNode[]): void {
  if (!nodes.some((node) => fits(demand, node))) throw new InfeasibleSlotError(demand, nodes.filter(({ isAlive }) => isAlive));
}

/** Ray would wait for ever, holding some of them. */
export class InfeasibleJobError extends SageError {
  constructor(count: number, demand: Demand, room: number) {
    super(`the job needs ${count} workers of ${describe(demand)} at once, and all hosts of the Ray cluster together have room for ${room}, even when they are idle`, {
      code: "SAGE_RESOURCES_INFEASIBLE", fault: "user", hint: `Lower the job's parallelism to ${room} or its operators' \`resources\`, or add hosts (\`sage cluster status\` shows what each has).`,
    });
  }
}

/**
 * Of workers that run at once.
 * @throws {@link InfeasibleSlotError}; {@link InfeasibleJobError} when those that need as much as one of them, or more, outnumber the places for that one
 */
export function requireFeasibleTogether(demands: readonly Demand[], nodes: readonly RayNode[]): void {
  for (const demand of demands) {
    requireFeasible(demand, nodes);
    const count = demands.filter((other) => Object.entries(demand).every(([name, amount]) => (other[name] ?? 0) >= amount)).length;
    const room = nodes.filter(({ isAlive }) => isAlive).reduce((sum, node) => sum + placesOn(node, demand), 0);
    if (room < count) throw new InfeasibleJobError(count, demand, room);
  }
}

const placesOn = ({ resources }: RayNode, demand: Demand): number => Math.min(...Object.entries(demand).map(([name, amount]) => Math.floor((resources[name] ?? 0) / amount + 1e-9)), Infinity);

/** What all of them need together. */
export function sumOf(demands: readonly Demand[]): Demand {
  const sum: Record<string, number> = {};
  for (const demand of demands) for (const [name, amount] of Object.entries(demand)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}

/** `2 CPU, 1 GPU and 4 GiB of memory` */
export function describe(demand: Demand): string {
  const parts = Object.entries(demand).map(([name, amount]) => amountOf(name, amount));
  if (parts.length === 0) return "nothing";
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** In words for the job's log. */
export function waitText(demand: Demand, free: Readonly<Record<string, number>>, total: Readonly<Record<string, number>>): string {
  return `waits for free resources: it needs ${freeText(demand, free, total)}`;
}

/** What is needed, and what is free of what there is. */
export function freeText(demand: Demand, free: Readonly<Record<string, number>>, total: Readonly<Record<string, number>>): string {
  const each = Object.keys(demand).map((name) => `${amountOf(name, free[name] ?? 0)} of ${amountOf(name, total[name] ?? 0)}`);
  return `${describe(demand)}; free in the whole cluster: ${each.join(", ")}`;
}

/** Whether there is less free in the whole cluster. */
export const lacks = (demand: Demand, free: Readonly<Record<string, number>>): boolean => Object.entries(demand).some(([name, amount]) => (free[name] ?? 0) < amount - 1e-9);

interface Missing {
  readonly name: string;
  readonly needed: number;
  readonly has: number;
}

function missingOf(demand: Demand, { resources }: RayNode): readonly Missing[] {
  return Object.entries(demand).flatMap(([name, needed]) => {
    const has = resources[name] ?? 0;
    return has < needed ? [{ name, needed, has }] : [];
  });
}

/** The host that lacks the fewest kinds, and of those the smallest part of what is needed. */
function nearestOf(demand: Demand, nodes: readonly RayNode[]): string {
  const ranked = nodes
    .map((node) => ({ node, missing: missingOf(demand, node) }))
    .map((each) => ({ ...each, lack: each.missing.reduce((sum, { needed, has }) => sum + (needed - has) / needed, 0) }))
    .sort((a, b) => a.missing.length - b.missing.length || a.lack - b.lack);
  const [nearest] = ranked;
  if (!nearest) return "it has no living host";
  const lacks = nearest.missing.map(({ name, has }) => (has === 0 ? `no ${nameOf(name)}` : `only ${amountOf(name, has)}`)).join(" and ");
  return `${nearest.node.hostname || nearest.node.address} comes nearest, with ${lacks}`;
}

const nameOf = (name: string): string => (name === "memory" ? "memory for workers" : name);

function amountOf(name: string, amount: number): string {
  const rounded = Math.round(amount * 100) / 100;
  return name === "memory" ? `${Math.round((amount / 2 ** 30) * 100) / 100} GiB of memory` : `${rounded} ${name}`;
}
