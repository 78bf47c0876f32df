// `cluster stop`, `head stop`, `worker stop`: ends what the records name, workers first, and empties marked folders.
//
// Invariants:
//   E1. Nothing is ended but what Sage recorded there; nothing is deleted but marked folders of this cluster.
//   E2. A host where nothing runs is not changed, and that is well.
import { cleanTempDir, probeHost, stopProcess, TempDirRefusedError, type Host, type HostTask } from "@sage/ssh-deploy";
import { locked } from "./locked.ts";
import { recordNames, recordsDir } from "./layout.ts";
import { toReports, type ClusterReport, type Done } from "./report.ts";
import type { ClusterSession, Target } from "./session.ts";
import type { ChangeOptions } from "./start.ts";

export interface StopOptions extends ChangeOptions {
  /** Whether the daemon on the head ends too; default false. */
  readonly withDaemon?: boolean;
}

/** From SIGTERM to SIGKILL. Ray gives its own processes five seconds each. */
const graceMs = 15_000;

export async function stopCluster(session: ClusterSession, options: StopOptions): Promise<ClusterReport> {
  const { targets = session.targets, dryRun = false, withDaemon = false } = options;
  if (dryRun) return { hosts: await stopRound(session, targets, withDaemon, true, session.signal) };
  if (!targets.includes(session.head)) return { hosts: await stopRound(session, targets, withDaemon, false, session.signal) };
  const headError = await session.host(session.head).then(() => undefined, (error: unknown) => error);
  session.signal.throwIfAborted();
  if (headError !== undefined) return stopUnderLock(session, targets, withDaemon, session.signal); // its lock is as far away as it is
  return locked(session, options.doing, (signal) => stopUnderLock(session, targets, withDaemon, signal));
}

/** The same for a caller that holds the lock. */
export async function stopUnderLock(session: ClusterSession, targets: readonly Target[], withDaemon: boolean, signal: AbortSignal): Promise<ClusterReport> {
  const workers = targets.filter((target) => target !== session.head);
  const ofWorkers = await stopRound(session, workers, withDaemon, false, signal);
  if (!targets.includes(session.head)) return { hosts: ofWorkers };
  return { hosts: [...(await stopRound(session, [session.head], withDaemon, false, signal)), ...ofWorkers] };
}

async function stopRound(session: ClusterSession, targets: readonly Target[], withDaemon: boolean, dryRun: boolean, signal: AbortSignal) {
  const report = await session.each(targets, (host, task) => stopOn(session, host, task, withDaemon, dryRun), { signal });
  return toReports(targets, report);
}

async function stopOn(session: ClusterSession, host: Host, task: HostTask & { readonly target: Target }, withDaemon: boolean, dryRun: boolean): Promise<Done> {
  const { target: { host: spec }, signal } = task;
  const names: string[] = [...(withDaemon && spec.role === "head" ? [recordNames.daemon] : []), recordNames[spec.role]];
  if (dryRun) {
    const { processes, dirs } = await probeHost(host, { sageHome: spec.sageHome, dirs: [spec.tempDir] }, { signal });
    const steps = [...processes.filter(({ name, members }) => names.includes(name) && members.length > 0).map(({ name }) => `end ${name}`), ...(dirs[0]?.mark === session.cluster.name ? [`empty ${spec.tempDir}`] : [])];
    return steps.length > 0 ? { state: "planned", text: steps.join(", "), steps } : { state: "same", text: "nothing runs" };
  }
  const steps: string[] = [];
  for (const name of names) {
    task.progress(name === recordNames.daemon ? "stops the JobManager" : "stops Ray");
    const outcome = await stopProcess(host, recordsDir(spec), name, { graceMs, signal });
    if (outcome !== "was-stopped") steps.push(outcome === "killed" ? `${name} was killed: it did not end by itself` : `${name} ended`);
  }
  if ((await cleanOwn(session, host, task)) === "cleaned") steps.push(`${spec.tempDir} emptied`);
  return steps.length === 0 ? { state: "same", text: "nothing ran" } : { state: "changed", text: steps.join(", "), steps };
}

/** A folder without our mark is left alone without a word: nothing of ours was ever in it. */
async function cleanOwn(session: ClusterSession, host: Host, { target: { host: spec }, signal }: HostTask & { readonly target: Target }): Promise<"cleaned" | "absent" | "not ours"> {
  try {
    return await cleanTempDir(host, spec.tempDir, session.cluster.name, signal);
  } catch (error) {
    if (error instanceof TempDirRefusedError && !error.message.includes("cannot be removed")) return "not ours";
    throw error;
  }
}
