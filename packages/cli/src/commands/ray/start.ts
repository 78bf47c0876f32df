import { command } from "../../command.ts";
import { nokubeCall, nokubeChangeOptions } from "../../cluster/nokube.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { withCluster } from "../../cluster/with-cluster.ts";

export const rayStart = command({
  path: "ray start",
  summary: "Start the Ray cluster that a ray-config.yaml describes",
  options: nokubeChangeOptions,
  examples: ["sage ray start --config ray-config.yaml"],
  run: async (context) => withCluster(nokubeCall(context), async (session) => {
    const { startCluster } = await import("@sage/cluster");
    return startCluster(session, { dryRun: context.options["dry-run"], doing: "sage ray start" });
  }),
  print: printReport,
  exitCode: reportExitCode,
});
