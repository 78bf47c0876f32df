// Stop and start under one lock.
import { locked } from "./locked.ts";
import type { ClusterReport } from "./report.ts";
import type { ClusterSession } from "./session.ts";
import { startCluster, startUnderLock, type ChangeOptions } from "./start.ts";
import { stopUnderLock } from "./stop.ts";

/** Hosts that could not be stopped are not started; their failure is what is reported of them. */
export async function restartCluster(session: ClusterSession, options: ChangeOptions): Promise<ClusterReport> {
  const { targets = session.targets } = options;
  if (options.dryRun === true) return startCluster(session, options);
  return locked(session, options.doing, async (signal) => {
    const stopped = await stopUnderLock(session, targets, false, signal);
    const failed = new Map(stopped.hosts.filter(({ state }) => state === "failed").map((report) => [report.host, report]));
    const started = await startUnderLock(session, targets.filter(({ name }) => !failed.has(name)), signal);
    return { hosts: targets.map(({ name }) => failed.get(name) ?? started.hosts.find(({ host }) => host === name)!) };
  });
}
