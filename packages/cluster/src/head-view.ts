// The cluster as its head sees it: Ray's dashboard, asked through the connection to the head, with the cluster's token.
// One question about its nodes is asked at a time, however many hosts wait for the answer.
import type { HeadHost } from "@sage/config";
import { isLoopback, isSageError } from "@sage/core";
import { RayDashboard, type DashboardNode } from "@sage/ray-control";
import { forgetToken, rayToken } from "./ray-token.ts";
import type { ClusterSession } from "./session.ts";

export interface HeadView {
  /** Answers may be as old as the question that was under way. */
  nodes(): Promise<readonly DashboardNode[]>;
  /** Asks the dashboard. */
  ask<T>(question: (dashboard: RayDashboard) => Promise<T>): Promise<T>;
}

const askTimeoutMs = 10_000;

export function viewOfHead(session: ClusterSession, signal: AbortSignal = session.signal): HeadView {
  const spec = session.cluster.head;
  const open = async () => new RayDashboard(`http://${spec.host.includes(":") ? `[${spec.host}]` : spec.host}:${spec.dashboardPort}`, {
    timeoutMs: askTimeoutMs,
    connect: async () => (await session.host(session.head, signal)).forward({ host: listensOn(spec), port: spec.dashboardPort }, signal),
    token: await rayToken(session, signal),
  });
  const ask: HeadView["ask"] = async (question) => {
    try {
      return await question(await open());
    } catch (error) {
      if (!isSageError(error) || error.code !== "SAGE_RAY_UNAUTHENTICATED") throw error;
      forgetToken(session); // made or changed since it was read
      return await question(await open());
    }
  };
  let asking: Promise<readonly DashboardNode[]> | undefined;
  return { ask, nodes: () => (asking ??= ask((dashboard) => dashboard.nodes({ signal })).finally(() => { asking = undefined; })) };
}

/** Where the dashboard is found on its own host. */
export function listensOn({ dashboardHost }: HeadHost): string {
  return isLoopback(dashboardHost) || dashboardHost === "0.0.0.0" || dashboardHost === "::" ? "127.0.0.1" : dashboardHost;
}
