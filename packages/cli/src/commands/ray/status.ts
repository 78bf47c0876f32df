import { command } from "../../command.ts";
import { nokubeCall, nokubeOptions } from "../../cluster/nokube.ts";
import { printStatus, statusExitCode } from "../../cluster/print-status.ts";
import { withCluster } from "../../cluster/with-cluster.ts";

export const rayStatus = command({
  path: "ray status",
  summary: "Show the Ray cluster that a ray-config.yaml describes",
  reads: true,
  options: nokubeOptions,
  run: async (context) => withCluster({ ...nokubeCall(context), isShort: true }, async (session) => {
    const { clusterStatus } = await import("@sage/cluster");
    return clusterStatus(session, session.targets, { withDaemon: false });
  }),
  print: printStatus,
  names: ({ hosts }) => hosts.map(({ host }) => host),
  exitCode: statusExitCode,
});
