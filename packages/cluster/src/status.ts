// How every host is: SSH, Ray as the head sees it and as the host sees it, the daemon, disk, clock. Changes nothing.
import type { DashboardNode } from "@sage/ray-control";
import type { Glance } from "@sage/ssh-deploy";
import { askDaemon, type DaemonStatus } from "./daemon-status.ts";
import { keptGlances, lookOnce, type Look } from "./glances.ts";
import { viewOfHead } from "./head-view.ts";
import { recordNames } from "./layout.ts";
import { nodesNamed } from "./ray-node.ts";
import { failedReport, placeOf } from "./report.ts";
import { resourceUse, usedOf, withoutNodes, type ClusterUse } from "./resource-use.ts";
import { keyOf, type ClusterSession, type Target } from "./session.ts";
import { troublesOf, type Trouble } from "./troubles.ts";

/** `up`: alive in Ray. `starting`: its process runs, the head does not list it. `dead`: the head has given it up. `down`: nothing runs. */
export type RayState = "up" | "starting" | "dead" | "down" | "unknown";

export interface HostStatus {
  readonly host: string;
  readonly where: string;
  readonly role: "head" | "worker";
  readonly ssh: "ok" | "failed";
  readonly ray: RayState;
  /** Why it is not up, and what to do. */
  readonly why?: string;
  readonly fix?: string;
  readonly code?: string;
  readonly nodeAddress?: string;
  /** By Ray's names: CPU, GPU, memory and object_store_memory in bytes, custom ones. */
  readonly total?: Readonly<Record<string, number>>;
  /** Of these, what no task and no actor has reserved. Absent until Ray has counted, some seconds after its start. */
  readonly free?: Readonly<Record<string, number>>;
  readonly diskFreeBytes?: number;
  readonly memoryFreeBytes?: number;
  /** How far its clock is ahead of this machine's, give or take `clockErrorMs`: half of what the answer took. */
  readonly clockOffsetMs?: number;
  readonly clockErrorMs?: number;
  /** Of the head. */
  readonly daemon?: DaemonStatus;
  readonly tookMs: number;
}

export interface ClusterStatus {
  readonly cluster: string;
  readonly rayVersion?: string;
  readonly headAddress: string;
  readonly dashboard: string;
  /** Of all nodes that live, as Ray counts. */
  readonly used?: Readonly<Record<string, number>>;
  readonly hosts: readonly HostStatus[];
  /** What keeps hosts from being up, each cause once. */
  readonly troubles: readonly Trouble[];
  /** Nodes that Ray lists alive and the configuration does not name. */
  readonly strangers: readonly string[];
}

interface HeadSays {
  readonly nodes: readonly DashboardNode[] | undefined;
  readonly use: ClusterUse;
  readonly rayVersion: string | undefined;
}

const deadlineMs = 30_000;

/** Again and again over the same connections, until the signal fires; a host that was lost is tried anew each time. */
export async function* watchStatus(session: ClusterSession, targets: readonly Target[], { intervalMs, ...options }: { readonly intervalMs: number; readonly withDaemon?: boolean }): AsyncGenerator<ClusterStatus> {
  await using kept = keptGlances();
  for (let look: Look = lookOnce; ; look = kept.look) { // what is asked once leaves nothing behind to be ended
    yield await clusterStatus(session, targets, { ...options, look });
    try {
      await session.clock.sleep(intervalMs, session.signal);
    } catch (error) {
      if (session.signal.aborted) return;
      throw error;
    }
  }
}

export async function clusterStatus(session: ClusterSession, targets: readonly Target[] = session.targets, options: { readonly withDaemon?: boolean; readonly look?: Look } = {}): Promise<ClusterStatus> {
  const { withDaemon = true, look = lookOnce } = options;
  const asking = askHead(session);
  const report = await session.each(targets, async (host, { target, signal }) => {
    const facts = await look(host, target, signal);
    const daemon = withDaemon && target === session.head ? await askDaemon(session, host, facts, signal) : undefined;
    return { facts, daemon };
  }, { deadlineMs });
  const said = await asking;
  const hosts = report.outcomes.map((outcome, at): HostStatus => {
    const target = targets[at]!;
    if (outcome.kind === "done") return statusOf(target, outcome.value.facts, said, outcome.value.daemon, outcome.tookMs);
    const { text, fix, code } = failedReport(target, outcome.error);
    return { ...placeOf(target), ssh: "failed", ray: rayOf(target, said.nodes, undefined), why: text, tookMs: outcome.tookMs, ...(fix === undefined ? {} : { fix }), ...(code === undefined ? {} : { code }) };
  });
  const { head } = session.cluster;
  const known = new Set(session.targets.map(({ host }) => keyOf(host)));
  return {
    cluster: session.cluster.name, headAddress: `${head.host}:${head.rayPort}`, dashboard: `http://${head.host}:${head.dashboardPort}`, hosts, troubles: troublesOf(hosts),
    strangers: (said.nodes ?? []).filter(({ isAlive, name }) => isAlive && !known.has(name)).map(({ name, ip }) => name || ip),
    ...(said.rayVersion === undefined ? {} : { rayVersion: said.rayVersion }), ...(said.use.used === undefined ? {} : { used: said.use.used }),
  };
}

async function askHead(session: ClusterSession): Promise<HeadSays> {
  const view = viewOfHead(session);
  const [version, nodes, used, uses] = await Promise.all([
    view.ask((dashboard) => dashboard.version({ signal: session.signal })).then(({ rayVersion }) => rayVersion, () => undefined),
    view.nodes().catch(() => undefined),
    view.ask((dashboard) => dashboard.clusterStatus({ signal: session.signal })).then(usedOf, () => undefined),
    view.ask((dashboard) => dashboard.usage({ signal: session.signal })).catch(() => []),
  ]);
  return { nodes, use: resourceUse(nodes ?? [], uses, used), rayVersion: version };
}

function statusOf(target: Target, facts: Glance, { nodes, use }: HeadSays, daemon: DaemonStatus | undefined, tookMs: number): HostStatus {
  const ray = rayOf(target, nodes, facts);
  const mine = nodes ? nodesNamed(nodes, target.host) : [];
  const node = mine.find(({ isAlive }) => isAlive) ?? mine.at(-1);
  return {
    ...placeOf(target), ssh: "ok", ray, tookMs,
    diskFreeBytes: facts.diskFreeBytes, memoryFreeBytes: facts.memoryFreeBytes, clockOffsetMs: facts.clockOffsetMs, clockErrorMs: facts.clockErrorMs,
    ...(node ? { nodeAddress: node.ip, ...(node.isAlive ? { total: withoutNodes(node.resources), ...freeOf(node, use) } : {}) } : {}),
    ...(daemon ? { daemon } : {}), ...whyOf(ray, target, nodes, node),
  };
}

function rayOf(target: Target, nodes: readonly DashboardNode[] | undefined, facts: Glance | undefined): RayState {
  const mine = nodes ? nodesNamed(nodes, target.host) : [];
  if (mine.some(({ isAlive }) => isAlive)) return "up";
  const process = facts?.processes.find(({ name }) => name === recordNames[target.host.role]);
  if (process?.running) return mine.length > 0 ? "dead" : "starting";
  if (!facts) return mine.length > 0 ? "dead" : "unknown";
  return mine.length > 0 && process ? "dead" : "down";
}

function whyOf(ray: RayState, { host }: Target, nodes: readonly DashboardNode[] | undefined, node: DashboardNode | undefined): { readonly why?: string; readonly fix?: string } {
  const start = host.role === "head" ? "sage head start" : `sage worker start --host ${keyOf(host)}`;
  if (ray === "dead") return { why: `the head has given it up${node?.stateMessage ? `: ${node.stateMessage.split("\n")[0]}` : ""}`, fix: `Bring it back: ${start}` };
  if (ray === "starting") return { why: nodes ? "its Ray runs, but the head does not list it yet" : "its Ray runs, but the head does not answer", fix: host.role === "head" ? "Look again in a moment; then: sage head logs" : "Look again in a moment; then: sage head status" };
  if (ray === "down") return { why: "Ray does not run there", fix: `Start it: ${start}` };
  return {};
}

function freeOf({ nodeId }: DashboardNode, use: ClusterUse): Pick<HostStatus, "free"> {
  const free = use.free.get(nodeId) ?? {};
  return Object.keys(free).length === 0 ? {} : { free };
}
