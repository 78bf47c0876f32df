import { command } from "../../command.ts";
import { exitCodes } from "../../exit-code.ts";
import { printStatus, statusExitCode } from "../../cluster/print-status.ts";
import { clusterOptions, withCluster } from "../../cluster/with-cluster.ts";

export const deployStatus = command({
  path: "deploy status",
  summary: "Show whether Ray and the JobManager run",
  reads: true,
  options: clusterOptions,
  details: "Exit code: 0 when every host and the JobManager are up, 4 when nothing is, 5 when some are not.",
  run: async (context) => withCluster({ ...context, isShort: true }, async (session) => {
    const { clusterStatus } = await import("@sage/cluster");
    return clusterStatus(session);
  }),
  print: printStatus,
  names: ({ hosts }) => hosts.map(({ host }) => host),
  exitCode(status) {
    const ofRay = statusExitCode(status);
    const daemonIsUp = status.hosts.some(({ daemon }) => daemon?.state === "up");
    if (daemonIsUp) return ofRay === exitCodes.ok ? exitCodes.ok : exitCodes.partial;
    return ofRay === exitCodes.unreachable ? exitCodes.unreachable : exitCodes.partial;
  },
});
