import { command } from "../../command.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { clusterOptions, dryRunOption, withCluster } from "../../cluster/with-cluster.ts";

export const clusterRollback = command({
  path: "cluster rollback",
  summary: "Switch all hosts back to the release of the project before this one, or to the one named",
  args: ["release?"],
  argHelp: { release: "its id, as deploy prints it" },
  options: { ...clusterOptions, ...dryRunOption },
  run: async (context) => withCluster(context, async (session) => {
    const { rollbackCluster } = await import("@sage/cluster");
    const { release } = context.args;
    return rollbackCluster(session, { dryRun: context.options["dry-run"], doing: "sage cluster rollback", ...(release === undefined ? {} : { release }) });
  }),
  print: printReport,
  exitCode: reportExitCode,
});
