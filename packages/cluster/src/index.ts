// A cluster of SSH hosts: what is done with it as a whole, without a command line.
export { ClusterSession, keyOf, type SessionOptions, type Target } from "./session.ts";
export type { ClusterReport, Done, HostReport, HostState } from "./report.ts";
export { startCluster, type ChangeOptions } from "./start.ts";
export { stopCluster, type StopOptions } from "./stop.ts";
export { clusterStatus, type ClusterStatus, type HostStatus, type RayState } from "./status.ts";
export type { DaemonStatus } from "./daemon-status.ts";
export { restartCluster } from "./restart.ts";
