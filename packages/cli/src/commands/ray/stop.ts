import { command } from "../../command.ts";
import { nokubeCall, nokubeChangeOptions } from "../../cluster/nokube.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { withCluster } from "../../cluster/with-cluster.ts";

export const rayStop = command({
  path: "ray stop",
  summary: "Stop the Ray cluster that a ray-config.yaml describes",
  options: nokubeChangeOptions,
  examples: ["sage ray stop --config ray-config.yaml"],
  run: async (context) => withCluster(nokubeCall(context), async (session) => {
    const { stopCluster } = await import("@sage/cluster");
    return stopCluster(session, { dryRun: context.options["dry-run"], doing: "sage ray stop" });
  }),
  print: printReport,
  exitCode: reportExitCode,
});
