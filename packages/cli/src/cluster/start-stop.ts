// The commands that start, stop and show hosts, made for all hosts, the head, or the workers: they differ in nothing else.
import type { ClusterReport, ClusterSession, ClusterStatus, Target } from "@sage/cluster";
import { command, type AnyCommand } from "../command.ts";
import { clusterOptions, dryRunOption, withCluster } from "./with-cluster.ts";
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

export const statusCommand = (part: Part): AnyCommand => command({
  path: `${part} status`,
  summary: part === "cluster" ? "Show every host: SSH, Ray, the daemon, disk, clock" : `Show how ${nouns[part]} ${part === "head" ? "is" : "are"}`,
  reads: true,
  options: optionsFor(part),
  details: "Exit code: 0 when every host is up, 4 when none is, 5 when some are not.",
  run: async (context) => withCluster({ ...context, isShort: true }, async (session): Promise<ClusterStatus> => {
    const { clusterStatus } = await import("@sage/cluster");
    return clusterStatus(session, targetsOf(session, part, (context.options as Options).host), { withDaemon: part !== "worker" });
  }),
  print: printStatus,
  names: ({ hosts }) => hosts.map(({ host }) => host),
  exitCode: statusExitCode,
});
