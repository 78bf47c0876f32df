// Adding and removing a worker, under both names: `cluster scale add` and `worker add`.
import type { ScaleReport } from "@sage/cluster";
import { command, type AnyCommand } from "../command.ts";
import { UsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import { printReport, reportExitCode } from "./print-report.ts";
import { clusterOptions, dryRunOption, openSession, withHints } from "./with-cluster.ts";

const args = ["host"] as const;
const argHelp = { host: "HOST or HOST:PORT" };

const loadOptions = (options: { readonly config?: string | undefined; readonly cluster?: string | undefined }, env: NodeJS.ProcessEnv) =>
  ({ env, ...(options.config === undefined ? {} : { path: options.config }), ...(options.cluster === undefined ? {} : { cluster: options.cluster }) });

function print(report: ScaleReport, io: Io): void {
  printReport(report, io);
  io.line(report.configChanged ? `${report.path} was changed` : "the configuration was not changed");
}

export const addCommand = (path: "cluster scale add" | "worker add"): AnyCommand => command({
  path, args, argHelp,
  summary: "Deploy to one more worker, start it, and add it to the configuration once the head lists it",
  options: { ...clusterOptions, ...dryRunOption },
  details: "If anything fails, the configuration is left as it was.",
  async run(context) {
    const { addHost } = await import("@sage/cluster");
    return withHints(context, () => addHost({ address: context.args.host, load: loadOptions(context.options, context.env), open: (cluster) => openSession(cluster, context), doing: `sage ${path}`, dryRun: context.options["dry-run"] }));
  },
  print,
  exitCode: reportExitCode,
});

export const removeCommand = (path: "cluster scale remove" | "worker remove"): AnyCommand => command({
  path, args, argHelp,
  summary: "Wait until a worker has no more work, stop it, and take it out of the configuration",
  options: {
    ...clusterOptions, ...dryRunOption,
    now: { type: "boolean", help: "do not wait for its work, and take it out even if it cannot be reached" },
    move: { type: "boolean", help: "save Sage's jobs that work there and continue them elsewhere" },
    timeout: { type: "duration", help: "how long to wait for its work; default: as long as it takes" },
  },
  details: "From the first moment on, Ray gives it no new work. Interrupted, it stays so: repeat the command, or bring it back by `sage worker restart --host HOST`.",
  async run(context) {
    const { removeHost } = await import("@sage/cluster");
    const { options } = context;
    if (options.now && (options.move || options.timeout !== undefined)) throw new UsageError("--now does not wait: --move and --timeout make no sense with it");
    return withHints(context, () => removeHost({
      address: context.args.host, load: loadOptions(options, context.env), open: (cluster) => openSession(cluster, context), doing: `sage ${path}`, dryRun: options["dry-run"],
      now: options.now, moves: options.move, ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    }));
  },
  print,
  exitCode: reportExitCode,
});
