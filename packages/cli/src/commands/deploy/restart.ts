import { command } from "../../command.ts";
import { deployOptions, planRestart, startParts, stopParts } from "../../cluster/deploy-all.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { withCluster } from "../../cluster/with-cluster.ts";

export const deployRestart = command({
  path: "deploy restart",
  summary: "Stop and start what start would start",
  options: deployOptions,
  run: async (context) => withCluster(context, async (session) => {
    if (context.options["dry-run"]) return planRestart(session, context.options, "sage deploy restart");
    const stopped = await stopParts(session, context.options, "sage deploy restart");
    return stopped.hosts.some(({ state }) => state === "failed") ? stopped : startParts(session, context.options, "sage deploy restart");
  }),
  print: printReport,
  exitCode: reportExitCode,
});
