import { command } from "../../command.ts";
import { deployOptions, startParts } from "../../cluster/deploy-all.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { withCluster } from "../../cluster/with-cluster.ts";

export const deployStart = command({
  path: "deploy start",
  summary: "Start Ray on the head and the JobManager there; with --with-workers, Ray on the workers too",
  options: deployOptions,
  run: async (context) => withCluster(context, (session) => startParts(session, context.options, "sage deploy start")),
  print: printReport,
  exitCode: reportExitCode,
});
