// The commands that start, stop and show hosts, made for all hosts, the head, or the workers: they differ in nothing else.
import type { ClusterReport, ClusterSession, ClusterStatus, Target } from "@sage/cluster";
import { command, streamingCommand, type AnyCommand } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { flagsOf, hintsIn } from "./hints.ts";
import { clusterOptions, dryRunOption, loadClusterFor, openSession, withCluster } from "./with-cluster.ts";
import { printReport, reportExitCode } from "./print-report.ts";
import { printStatus, statusExitCode } from "./print-status.ts";

export type Part = "cluster" | "head" | "worker";

const nouns: Readonly<Record<Part, string>> = { cluster: "the head and all workers", head: "the head", worker: "the workers, or one" };
const hostOption = { host: { type: "string", value: "HOST", help: "only this worker" } } as const;
const optionsFor = (part: Part) => (part === "worker" ? { ...clusterOptions, ...hostOption } : clusterOptions) as typeof clusterOptions & Partial<typeof hostOption>;

/** @throws HostNotFoundError */
export function targetsOf(session: ClusterSession, part: Part, host?: string): readonly Target[] {
  if (part === "cluster") return session.targets;
  if (part === "head") return [session.head];
  return host === undefined ? session.workers : [session.find(host)];
}

type Options = { readonly config?: string | undefined; readonly cluster?: string | undefined; readonly host?: string | undefined; readonly "dry-run"?: boolean };

const changing = (part: Part, verb: string, summary: string, work: (session: ClusterSession, targets: readonly Target[], options: Options) => Promise<ClusterReport>): AnyCommand => command({
  path: `${part} ${verb}`,
  summary,
  options: { ...optionsFor(part), ...dryRunOption },
  details: "Exit code: 0 when all is well, 4 when no host could be reached, 5 when some hosts failed.",
  run: async (context) => withCluster(context, (session) => work(session, targetsOf(session, part, (context.options as Options).host), context.options as Options)),
  print: printReport,
  exitCode: reportExitCode,
});

export const startCommand = (part: Part): AnyCommand => changing(part, "start", `Start Ray on ${nouns[part]}`, async (session, targets, options) => {
  const { startCluster } = await import("@sage/cluster");
  return startCluster(session, { targets, dryRun: options["dry-run"] === true, doing: `sage ${part} start` });
});

export const stopCommand = (part: Part): AnyCommand => changing(part, "stop", `Stop Ray on ${nouns[part]}: exactly what Sage started there`, async (session, targets, options) => {
  const { stopCluster } = await import("@sage/cluster");
  return stopCluster(session, { targets, dryRun: options["dry-run"] === true, doing: `sage ${part} stop` });
});

export const restartCommand = (part: Part): AnyCommand => changing(part, "restart", `Stop Ray on ${nouns[part]} and start it again`, async (session, targets, options) => {
  const { restartCluster } = await import("@sage/cluster");
  return restartCluster(session, { targets, dryRun: options["dry-run"] === true, doing: `sage ${part} restart` });
});

const watchIntervalMs = 2_000;

export const statusCommand = (part: Part): AnyCommand => streamingCommand({
  path: `${part} status`,
  summary: part === "cluster" ? "Show every host: SSH, Ray, the daemon, disk, clock" : `Show how ${nouns[part]} ${part === "head" ? "is" : "are"}`,
  reads: true,
  options: {
    ...optionsFor(part),
    watch: { type: "boolean", short: "w", help: "again and again, over the same connections, until Ctrl-C" },
    interval: { type: "duration", help: "with --watch: pause between two looks; default 2s" },
  },
  details: "Exit code: 0 when every host is up, 4 when none is, 5 when some are not.",
  async *stream(context): AsyncGenerator<ClusterStatus> {
    const { watchStatus } = await import("@sage/cluster");
    const call = { ...context, isShort: true };
    const flags = flagsOf(context.options);
    await using session = await openSession(await loadClusterFor(call), call);
    const { watch, interval = watchIntervalMs } = context.options;
    for await (const status of watchStatus(session, targetsOf(session, part, (context.options as Options).host), { intervalMs: interval, withDaemon: part !== "worker" })) {
      yield hintsIn(status, flags);
      if (!watch) return;
    }
  },
  print(status, io, { options }) {
    if (options.watch && io.width !== undefined) io.stdout.write("\u001b[H\u001b[2J"); // the terminal shows the newest alone
    printStatus(status, io);
  },
  names: ({ hosts }) => hosts.map(({ host }) => host),
  exitCode: (last) => (last ? statusExitCode(last) : exitCodes.interrupted),
});
