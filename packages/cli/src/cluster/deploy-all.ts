// `sage deploy start | stop | restart | status`: Ray and the JobManager daemon together, as the guides type it.
import type { ClusterReport, ClusterSession, Target } from "@sage/cluster";
import { UsageError } from "../errors.ts";
import type { OptionTable } from "../options.ts";
import { daemonFiles } from "./daemon-files.ts";
import { clusterOptions, dryRunOption } from "./with-cluster.ts";

export const deployOptions = {
  ...clusterOptions, ...dryRunOption,
  "with-workers": { type: "boolean", help: "the workers too, not the head alone" },
  "ray-only": { type: "boolean", help: "Ray alone, on the head and all workers" },
  "daemon-only": { type: "boolean", help: "the JobManager alone" },
} as const satisfies OptionTable;

export interface DeployFlags {
  readonly "dry-run": boolean;
  readonly "with-workers": boolean;
  readonly "ray-only": boolean;
  readonly "daemon-only": boolean;
}

/** @throws UsageError */
export function partsOf(session: ClusterSession, flags: DeployFlags): { readonly ray: readonly Target[]; readonly daemon: boolean } {
  if (flags["ray-only"] && flags["daemon-only"]) throw new UsageError("--ray-only and --daemon-only exclude one another");
  if (flags["daemon-only"] && flags["with-workers"]) throw new UsageError("--daemon-only starts nothing on workers", "Leave --with-workers out.");
  const ray = flags["daemon-only"] ? [] : flags["with-workers"] || flags["ray-only"] ? session.targets : [session.head];
  return { ray, daemon: !flags["ray-only"] };
}

export async function startParts(session: ClusterSession, flags: DeployFlags, doing: string): Promise<ClusterReport> {
  const { startCluster, startDaemon } = await import("@sage/cluster");
  const { ray, daemon } = partsOf(session, flags);
  const options = { dryRun: flags["dry-run"], doing };
  const ofRay = ray.length > 0 ? await startCluster(session, { ...options, targets: ray }) : { hosts: [] };
  return { hosts: [...ofRay.hosts, ...(daemon ? (await startDaemon(session, daemonFiles(), options)).hosts : [])] };
}

export async function stopParts(session: ClusterSession, flags: DeployFlags, doing: string): Promise<ClusterReport> {
  const { stopCluster, stopDaemon } = await import("@sage/cluster");
  const { ray, daemon } = partsOf(session, flags);
  const options = { dryRun: flags["dry-run"], doing };
  const ofDaemon = daemon ? await stopDaemon(session, options) : { hosts: [] };
  return { hosts: [...ofDaemon.hosts, ...(ray.length > 0 ? (await stopCluster(session, { ...options, targets: ray })).hosts : [])] };
}

/** Only for a dry run: really, the daemon ends before Ray does, and starts behind it. */
export async function planRestart(session: ClusterSession, flags: DeployFlags, doing: string): Promise<ClusterReport> {
  const { restartCluster, restartDaemon } = await import("@sage/cluster");
  const { ray, daemon } = partsOf(session, flags);
  const options = { dryRun: true, doing };
  const ofRay = ray.length > 0 ? await restartCluster(session, { ...options, targets: ray }) : { hosts: [] };
  return { hosts: [...ofRay.hosts, ...(daemon ? (await restartDaemon(session, daemonFiles(), options)).hosts : [])] };
}
