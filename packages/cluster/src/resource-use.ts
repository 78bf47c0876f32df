// What of Ray's resources is free, and what is in use. Ray tells the use of a node and that of all nodes apart, each as
// old as it is, and of a node that has had no task nothing at all: here the two never contradict one another. Pure.
import type { DashboardNode, NodeUse } from "@sage/ray-control";

type Amounts = Readonly<Record<string, number>>;

export interface ClusterUse {
  /** By node id: what no task and no actor has reserved. A resource is missing until Ray has counted it. */
  readonly free: ReadonlyMap<string, Amounts>;
  /** Of all nodes that live. */
  readonly used: Amounts | undefined;
}

/** @param usedOfAll - as the autoscaler last said; undefined: it said nothing. */
export function resourceUse(nodes: readonly DashboardNode[], uses: readonly NodeUse[], usedOfAll: Amounts | undefined): ClusterUse {
  const live = nodes.filter(({ isAlive }) => isAlive);
  const counted = new Map(uses.map(({ nodeId, resources }) => [nodeId, new Map(resources.map((one) => [one.name, one]))]));
  const free = new Map<string, Record<string, number>>(live.map(({ nodeId }) => [nodeId, {}]));
  const used: Record<string, number> = {};
  for (const name of new Set(live.flatMap(({ resources }) => Object.keys(withoutNodes(resources))))) {
    const having = live.filter(({ resources }) => resources[name] !== undefined);
    const known = having.flatMap(({ nodeId }) => counted.get(nodeId)?.get(name)?.used ?? []).reduce((sum, one) => sum + one, 0);
    const isWhole = having.every(({ nodeId }) => counted.get(nodeId)?.has(name));
    const ofOthers = (usedOfAll?.[name] ?? Number.NaN) - known; // of the nodes that are not counted
    for (const { nodeId, resources } of having) {
      const use = counted.get(nodeId)?.get(name);
      if (use) free.get(nodeId)![name] = rounded(use.total - use.used);
      else if (ofOthers <= 0) free.get(nodeId)![name] = resources[name]!;
    }
    const sum = isWhole ? known : usedOfAll?.[name];
    if (sum !== undefined) used[name] = rounded(sum);
  }
  return { free, used: Object.keys(used).length > 0 ? used : usedOfAll };
}

/** ` 1.0/4.0 CPU` in the autoscaler's words. */
export function usedOf(text: string): Record<string, number> {
  const used: Record<string, number> = {};
  const usage = /(?:Usage|Total Usage):\n([\s\S]*?)(?:\n\s*\n|\n[A-Z]|$)/.exec(text)?.[1] ?? "";
  for (const [, amount, , unit, name] of usage.matchAll(/^ *([\d.]+)([A-Z]i?B|B)?\/[\d.]+([A-Z]i?B|B)? +(\S+)/gm)) {
    const scale = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 }[unit ?? ""] ?? 1;
    if (name !== undefined) used[name] = Number(amount) * scale;
  }
  return used;
}

/** Without the resources that Ray makes up to name a node. */
export const withoutNodes = (resources: Amounts): Record<string, number> => Object.fromEntries(Object.entries(resources).filter(([name]) => !name.startsWith("node:")));

const rounded = (amount: number) => Math.round(amount * 1_000) / 1_000;
