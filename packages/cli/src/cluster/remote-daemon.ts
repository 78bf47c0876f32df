// The daemon on the cluster's head, over SSH: what `--remote` of the jobmanager commands means.
import type { ClusterReport, ClusterStatus } from "@sage/cluster";
import type { OptionTable } from "../options.ts";
import { daemonFiles } from "./daemon-files.ts";
import { clusterOptions, dryRunOption, withCluster, type ClusterCall } from "./with-cluster.ts";

export const remoteOptions = {
  remote: { type: "boolean", help: "the daemon on the cluster's head, over SSH" },
  ...clusterOptions,
} as const satisfies OptionTable;
export const remoteChangeOptions = { ...remoteOptions, ...dryRunOption } as const satisfies OptionTable;

export const startRemote = (call: ClusterCall, dryRun: boolean): Promise<ClusterReport> => withCluster(call, async (session) => {
  const { startDaemon } = await import("@sage/cluster");
  return startDaemon(session, daemonFiles(), { dryRun, doing: "sage jobmanager start" });
});

export const stopRemote = (call: ClusterCall, dryRun: boolean): Promise<ClusterReport> => withCluster(call, async (session) => {
  const { stopDaemon } = await import("@sage/cluster");
  return stopDaemon(session, { dryRun, doing: "sage jobmanager stop" });
});

export const restartRemote = (call: ClusterCall, dryRun: boolean): Promise<ClusterReport> => withCluster(call, async (session) => {
  const { restartDaemon } = await import("@sage/cluster");
  return restartDaemon(session, daemonFiles(), { dryRun, doing: "sage jobmanager restart" });
});

export const remoteStatus = (call: ClusterCall): Promise<ClusterStatus> => withCluster({ ...call, isShort: true }, async (session) => {
  const { clusterStatus } = await import("@sage/cluster");
  return clusterStatus(session, [session.head]);
});
