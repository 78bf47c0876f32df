// The Ray cluster as its daemon sees it, for `sage jobmanager status`: whether it answers, who is there, what is free.

import { messageOf } from "@sage/core";
import type { RayViewInit } from "@sage/protocol";
import type { RayControl, RayNode } from "@sage/ray-control";

/** Whoever asks waits for so long, in milliseconds. */
const answerWithinMs = 3_000;
const mostLost = 10;

export async function rayView(address: string, open: (signal: AbortSignal) => Promise<RayControl>): Promise<RayViewInit> {
  const signal = AbortSignal.timeout(answerWithinMs);
  try {
    const session = await open(signal);
    const [nodes, total, free] = await Promise.all([session.nodes({ signal }), session.clusterResources({ signal }), session.availableResources({ signal })]);
    return { address, why: "", version: session.server.rayVersion, ...hostsOf(nodes), resources: resourcesOf(total, free) };
  } catch (error) {
    return { address, why: signal.aborted ? `it has not answered within ${answerWithinMs / 1_000} s` : messageOf(error) };
  }
}

/** A host whose Ray was started again has a dead node and a living one. */
export function hostsOf(nodes: readonly Pick<RayNode, "isAlive" | "hostname" | "address">[]): { readonly hosts: number; readonly lostHosts: string[] } {
  const nameOf = ({ hostname, address }: (typeof nodes)[number]) => hostname || address;
  const alive = new Set(nodes.filter(({ isAlive }) => isAlive).map(nameOf));
  const lost = new Set(nodes.map(nameOf).filter((name) => !alive.has(name)));
  return { hosts: alive.size, lostHosts: [...lost].sort().slice(0, mostLost) };
}

/** What workers can ask for. */
export function resourcesOf(total: Readonly<Record<string, number>>, free: Readonly<Record<string, number>>): { name: string; total: number; free: number }[] {
  const names = Object.keys(total).filter((name) => !/^node:|^object_store_memory$|^accelerator_type:/.test(name)).sort();
  return names.map((name) => ({ name, total: total[name]!, free: free[name] ?? 0 }));
}
