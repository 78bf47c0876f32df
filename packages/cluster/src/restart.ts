// Stop and start under one lock.
import { startDaemon, stopDaemon, type DaemonFiles } from "./daemon.ts";
import { locked } from "./locked.ts";
import type { ClusterReport, HostReport } from "./report.ts";
import type { ClusterSession } from "./session.ts";
import { startCluster, startUnderLock, type ChangeOptions } from "./start.ts";
import { stopCluster, stopUnderLock } from "./stop.ts";

/** Hosts that could not be stopped are not started; their failure is what is reported of them. */
export async function restartCluster(session: ClusterSession, options: ChangeOptions): Promise<ClusterReport> {
  const { targets = session.targets } = options;
  if (options.dryRun === true) return plannedRestart(await stopCluster(session, options), await startCluster(session, options));
  return locked(session, options.doing, async (signal) => {
    const stopped = await stopUnderLock(session, targets, false, signal);
    const failed = new Map(stopped.hosts.filter(({ state }) => state === "failed").map((report) => [report.host, report]));
    const started = await startUnderLock(session, targets.filter(({ name }) => !failed.has(name)), signal);
    const losesWorkers = session.workers.some((worker) => !targets.includes(worker));
    return {
      hosts: targets.map((target) => {
        const report = failed.get(target.name) ?? started.hosts.find(({ host }) => host === target.name)!;
        return target === session.head && losesWorkers && report.state === "changed" ? { ...report, text: `${report.text}; workers of the earlier one end: sage worker start` } : report;
      }),
    };
  });
}

/** The JobManager on the head. */
export async function restartDaemon(session: ClusterSession, files: DaemonFiles, options: ChangeOptions): Promise<ClusterReport> {
  const stopped = await stopDaemon(session, options);
  if (options.dryRun === true) return plannedRestart(stopped, await startDaemon(session, files, options));
  return stopped.hosts.some(({ state }) => state === "failed") ? stopped : startDaemon(session, files, options);
}

/** What a dry run says of both halves: what runs now would be ended, and started again. */
function plannedRestart(stop: ClusterReport, start: ClusterReport): ClusterReport {
  return {
    hosts: start.hosts.map((then, at): HostReport => {
      const first = stop.hosts[at];
      if (first?.state !== "planned" || then.state === "failed") return then;
      const steps = [...first.steps, ...(then.state === "planned" ? then.steps : ["start it again"])];
      return { ...then, state: "planned", text: steps.join(", "), steps, tookMs: first.tookMs + then.tookMs };
    }),
  };
}
