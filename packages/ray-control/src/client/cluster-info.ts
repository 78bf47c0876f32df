// What the cluster says of itself through the session.

import type { CallOptions } from "./limits.ts";
import type { Link } from "./link.ts";

export interface RayNode {
  /** Hexadecimal. */
  readonly nodeId: string;
  readonly isAlive: boolean;
  readonly address: string;
  readonly hostname: string;
  /** By Ray's names: CPU, GPU, memory (bytes), custom ones. Without `node:…`. */
  readonly resources: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly isHead: boolean;
  /** Why it died, in Ray's words; empty while it lives. */
  readonly deathReason: string;
}

export interface RuntimeContext {
  readonly jobId: string;
  /** The node of the session's own process. */
  readonly nodeId: string;
  readonly namespace: string;
  /** `host:port` of the cluster's control store, for `ray start --address`. */
  readonly gcsAddress: string;
}

export async function nodesOf(link: Link, limits: CallOptions): Promise<RayNode[]> {
  const { json } = await link.unary("ClusterInfo", { type: "NODES" }, limits);
  return (JSON.parse(json ?? "[]") as Record<string, unknown>[]).map(toNode);
}

/** @param node - as Ray's `nodes()` tells of it. */
export function toNode(node: Record<string, unknown>): RayNode {
  const text = (name: string) => (typeof node[name] === "string" ? node[name] : "");
  const resources = (node["Resources"] ?? {}) as Record<string, number>;
  return {
    nodeId: text("NodeID"), isAlive: node["Alive"] === true, address: text("NodeManagerAddress"), hostname: text("NodeManagerHostname"),
    resources: Object.fromEntries(Object.entries(resources).filter(([name]) => !name.startsWith("node:"))),
    labels: (node["Labels"] ?? {}) as Record<string, string>,
    isHead: "node:__internal_head__" in resources,
    deathReason: text("DeathReasonMessage"),
  };
}

export async function resourcesOf(link: Link, type: "CLUSTER_RESOURCES" | "AVAILABLE_RESOURCES", limits: CallOptions): Promise<Record<string, number>> {
  const { resourceTable } = await link.unary("ClusterInfo", { type }, limits);
  return { ...resourceTable?.table };
}

export async function runtimeContextOf(link: Link, limits: CallOptions): Promise<RuntimeContext> {
  const { runtimeContext } = await link.unary("ClusterInfo", { type: "RUNTIME_CONTEXT" }, limits);
  const hex = (id: Uint8Array | undefined) => Buffer.from(id ?? []).toString("hex");
  return { jobId: hex(runtimeContext?.jobId), nodeId: hex(runtimeContext?.nodeId), namespace: runtimeContext?.namespace ?? "", gcsAddress: runtimeContext?.gcsAddress ?? "" };
}

/** `host:port` of the dashboard; empty if there is none. */
export async function dashboardUrlOf(link: Link, limits: CallOptions): Promise<string> {
  const { json } = await link.unary("ClusterInfo", { type: "DASHBOARD_URL" }, limits);
  return (JSON.parse(json ?? "{}") as { dashboard_url?: string }).dashboard_url ?? "";
}
