// Where this host reaches Ray's dashboard, from what the cluster itself says of it. Pure.
//
// Rule: what listens on loopback of another host is not looked for on this one: another Ray may listen there.

import { isLoopback, SageError } from "@sage/core";

/** The cluster's dashboard is not to be reached from the daemon's host, or there is none. */
export class NoRayDashboardError extends SageError {
  constructor(why: string) {
    super(why, { code: "SAGE_RAY_DASHBOARD_UNKNOWN", fault: "cluster", hint: "Name its address by --ray-dashboard URL, or SAGE_RAY_DASHBOARD." });
  }
}

/**
 * @param told - `host:port` as the head knows it; empty without a dashboard.
 * @param cluster - `host:port` at which the daemon reaches Ray itself.
 * @param own - addresses and names of the daemon's host, besides loopback.
 * @returns `http://host:port`
 * @throws NoRayDashboardError
 */
export function rayDashboardUrl(told: string, cluster: string, own: readonly string[]): string {
  if (told === "") throw new NoRayDashboardError("this Ray runs without its dashboard; name one by --ray-dashboard URL");
  const [clusterHost, dashboard] = [hostOf(cluster), told.replace(/^https?:\/\//, "").replace(/\/$/, "")];
  const [host, port] = [hostOf(dashboard), /:(\d+)$/.exec(dashboard)?.[1]];
  if (host === "" || port === undefined) throw new NoRayDashboardError(`Ray says ${JSON.stringify(told.slice(0, 100))} of its dashboard, which is no address; name one by --ray-dashboard URL`);
  const isHere = isLoopback(clusterHost) || own.includes(clusterHost);
  if (isLoopback(host) && !isHere) throw new NoRayDashboardError(`Ray's dashboard listens on ${dashboard} of its own host, ${clusterHost}, alone, and this is another one: start Ray with --dashboard-host=0.0.0.0, or name a way to it by --ray-dashboard URL`);
  const reached = host === "0.0.0.0" || host === "::" ? clusterHost : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}

const hostOf = (address: string): string => address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
