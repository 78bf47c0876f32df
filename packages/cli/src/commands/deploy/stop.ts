import { command } from "../../command.ts";
import { deployOptions, stopParts } from "../../cluster/deploy-all.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { withCluster } from "../../cluster/with-cluster.ts";

export const deployStop = command({
  path: "deploy stop",
  summary: "Stop the JobManager and Ray on the head; with --with-workers, on the workers too",
  options: deployOptions,
  run: async (context) => withCluster(context, (session) => stopParts(session, context.options, "sage deploy stop")),
  print: printReport,
  exitCode: reportExitCode,
});
