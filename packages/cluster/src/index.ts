// A cluster of SSH hosts: what is done with it as a whole, without a command line.
export { ClusterSession, keyOf, type SessionOptions, type Target } from "./session.ts";
export type { ClusterReport, Done, HostReport, HostState } from "./report.ts";
export { startCluster, type ChangeOptions } from "./start.ts";
export { stopCluster, type StopOptions } from "./stop.ts";
export { clusterStatus, watchStatus, type ClusterStatus, type HostStatus, type RayState } from "./status.ts";
export type { DaemonStatus } from "./daemon-status.ts";
export { restartCluster, restartDaemon } from "./restart.ts";
export { deployCluster, rollbackCluster, type DeployReport } from "./deploy.ts";
export { openDaemonWay } from "./daemon-way.ts";
export { startDaemon, stopDaemon, type DaemonFiles } from "./daemon.ts";
export { addHost, removeHost, type ScaleOptions, type ScaleReport } from "./scale.ts";
export { readLogs, type LogsOptions } from "./logs.ts";
export { diagnose, type Diagnosis, type Finding } from "./doctor.ts";
export { shownKey, trustKey } from "./trust.ts";
export { openDoors, type Door, type Doors } from "./tunnel.ts";
export { openDashboardWay, type DashboardWay } from "./dashboard-way.ts";
export { localDoorFlags } from "./local-door.ts";
