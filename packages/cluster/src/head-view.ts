// The cluster as its head sees it: Ray's dashboard, asked through the connection to the head. One question at a time is
// asked however many hosts wait for the answer.
import { isLoopback, type HeadHost } from "@sage/config";
import { RayDashboard, type DashboardNode } from "@sage/ray-control";
import type { ClusterSession } from "./session.ts";

export interface HeadView {
  readonly dashboard: RayDashboard;
  /** Answers may be as old as the question that was under way. */
  nodes(): Promise<readonly DashboardNode[]>;
}

const askTimeoutMs = 10_000;

export function viewOfHead(session: ClusterSession, signal: AbortSignal = session.signal): HeadView {
  const spec = session.cluster.head;
  const dashboard = new RayDashboard(`http://${spec.host.includes(":") ? `[${spec.host}]` : spec.host}:${spec.dashboardPort}`, {
    timeoutMs: askTimeoutMs,
    connect: async () => (await session.host(session.head, signal)).forward({ host: listensOn(spec), port: spec.dashboardPort }, signal),
  });
  let asking: Promise<readonly DashboardNode[]> | undefined;
  return {
    dashboard,
    nodes: () => (asking ??= dashboard.nodes({ signal }).finally(() => { asking = undefined; })),
  };
}

/** Where the dashboard is found on its own host. */
export function listensOn({ dashboardHost }: HeadHost): string {
  return isLoopback(dashboardHost) || dashboardHost === "0.0.0.0" || dashboardHost === "::" ? "127.0.0.1" : dashboardHost;
}
