// `cluster deploy` and `worker deploy`: the same work on all hosts, or on the workers.
import type { DeployReport } from "@sage/cluster";
import { showBytes } from "../checkpoint-table.ts";
import { command, type AnyCommand } from "../command.ts";
import { counted } from "../durations.ts";
import { printReport, reportExitCode } from "./print-report.ts";
import { targetsOf } from "./start-stop.ts";
import { clusterOptions, dryRunOption, withCluster } from "./with-cluster.ts";

export const deployCommand = (part: "cluster" | "worker"): AnyCommand => command({
  path: `${part} deploy`,
  summary: `Bring Ray, Node and the project's files to ${part === "cluster" ? "all hosts" : "the workers"}; only what a host lacks is sent`,
  options: { ...clusterOptions, ...dryRunOption },
  details: "The project is the folder project.root, by default the one where the command runs; project.include and project.exclude choose its files.",
  run: async (context) => withCluster(context, async (session): Promise<DeployReport> => {
    const { deployCluster } = await import("@sage/cluster");
    return deployCluster(session, { targets: targetsOf(session, part), dryRun: context.options["dry-run"], doing: `sage ${part} deploy` });
  }),
  print(report: DeployReport, io) {
    for (const { path, why } of report.skipped) io.note(`not sent: ${path} ${why}`);
    io.line(`release ${report.release.slice(0, 8)}: ${counted(report.files, "file")}, ${showBytes(report.bytes)}`);
    printReport(report, io);
  },
  exitCode: (report: DeployReport) => reportExitCode(report),
});
