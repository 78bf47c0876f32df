import { command } from "../../command.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { clusterOptions, withCluster } from "../../cluster/with-cluster.ts";

export const clusterPlan = command({
  path: "cluster plan",
  summary: "Say what `cluster start` would do on each host, and change nothing",
  reads: true,
  options: clusterOptions,
  run: async (context) => withCluster({ ...context, isShort: true }, async (session) => {
    const { startCluster } = await import("@sage/cluster");
    return startCluster(session, { dryRun: true, doing: "sage cluster plan" });
  }),
  print: printReport,
  names: ({ hosts }) => hosts.map(({ host }) => host),
  exitCode: reportExitCode,
});
