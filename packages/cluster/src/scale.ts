// One worker more, one worker less.
//
// Invariants:
//   A1. A host is in the configuration only after it was deployed, started and seen alive by the head.
//   A2. A host leaves the configuration only after its work and its Ray have ended; with `now`, work is not waited for,
//       and a host that cannot be reached counts as ended.
//   A3. What an add that was killed has left on a host is taken away by a remove, though no file names that host: it
//       carries this cluster's mark, and its Ray joins this cluster's head.
import { addWorker, loadCluster, parseAddress, removeWorker, sameHostKey, type Cluster, type LoadOptions } from "@sage/config";
import { isSageError } from "@sage/core";
import { probeHost } from "@sage/ssh-deploy";
import { deployUnderLock } from "./deploy.ts";
import { AddressError, HeadStaysError, HostNotFoundError } from "./errors.ts";
import { drainWorker } from "./drain.ts";
import { recordNames } from "./layout.ts";
import { locked } from "./locked.ts";
import { projectTree } from "./project-tree.ts";
import { nodeAddress } from "./ray-node.ts";
import { toReports, type ClusterReport, type Done, type HostReport } from "./report.ts";
import type { ClusterSession, Target } from "./session.ts";
import { startUnderLock } from "./start.ts";
import { stopUnderLock } from "./stop.ts";

export interface ScaleOptions {
  /** `HOST[:PORT]`. */
  readonly address: string;
  readonly load: LoadOptions;
  readonly open: (cluster: Cluster) => Promise<ClusterSession>;
  readonly doing: string;
  readonly dryRun?: boolean;
}

export interface ScaleReport extends ClusterReport {
  /** Whether the file was written. */
  readonly configChanged: boolean;
  readonly path: string | undefined;
}

/** @throws ConfigError if the address is none, or the file would not load with it (a limit, say). */
export async function addHost(options: ScaleOptions): Promise<ScaleReport> {
  const { cluster } = await loadCluster(options.load);
  const wanted = await withWorker(cluster, options);
  await using session = await options.open(wanted.cluster);
  const target = targetAt(session, options.address);
  if (options.dryRun === true) {
    return { hosts: [{ host: target.name, where: target.where, role: "worker", state: wanted.isNew ? "planned" : "same", text: wanted.isNew ? "deploy, start, add to the configuration" : "is a worker already", steps: [], tookMs: 0 }], configChanged: false, path: cluster.path };
  }
  const tree = await projectTree(session);
  return await locked(session, options.doing, async (signal) => {
    const deployed = await deployUnderLock(session, [target], tree, signal);
    if (deployed.hosts.some(({ state }) => state === "failed")) return { ...deployed, configChanged: false, path: cluster.path };
    const started = await startUnderLock(session, [target], signal);
    if (started.hosts.some(({ state }) => state === "failed")) {
      if (wanted.isNew) await stopUnderLock(session, [target], false, session.signal);
      return { ...started, configChanged: false, path: cluster.path };
    }
    const written = await addWorker(editTarget(options.load, cluster), options.address); // A1
    return { ...started, configChanged: written.changed, path: written.path };
  });
}

export interface RemoveOptions extends ScaleOptions {
  /** Not to wait for its work, and to take it out even if it cannot be reached. */
  readonly now?: boolean;
  /** Whether Sage's jobs there go on elsewhere; else their end is waited for. */
  readonly moves?: boolean;
  /** For its work to end; default: as long as it takes. */
  readonly timeoutMs?: number;
}

export async function removeHost(options: RemoveOptions): Promise<ScaleReport> {
  const { cluster } = await loadCluster(options.load);
  const wanted = await withWorker(cluster, options).catch((error: unknown) => { throw isSageError(error) && error.code === "SAGE_CONFIG" ? unknownHost(cluster, options.address, error) : error; });
  await using session = await options.open(wanted.cluster);
  const target = targetAt(session, options.address);
  if (wanted.isNew) {
    const isOurs = await carriesOurs(session, target).catch((error: unknown) => {
      session.signal.throwIfAborted();
      throw unknownHost(cluster, options.address, error);
    });
    if (!isOurs) throw unknownHost(cluster, options.address);
  }
  if (options.dryRun === true) {
    return { hosts: [{ host: target.name, where: target.where, role: "worker", state: "planned", text: `${options.now === true ? "" : "wait for its work, "}stop Ray, ${wanted.isNew ? "empty what an unfinished add has left there" : "take it out of the configuration"}`, steps: [], tookMs: 0 }], configChanged: false, path: cluster.path };
  }
  if (options.now !== true) {
    const busy = await failedDrain(session, target, options); // without the lock: it may take days
    if (busy) return { ...busy, configChanged: false, path: cluster.path };
  }
  return await locked(session, options.doing, async (signal) => {
    const stopped = await stopUnderLock(session, [target], false, signal);
    const failed = stopped.hosts.some(({ state }) => state === "failed");
    if (failed && options.now !== true) return { hosts: stopped.hosts.map(orNow), configChanged: false, path: cluster.path };
    const written = await removeWorker(editTarget(options.load, cluster), options.address); // A2
    return { ...stopped, configChanged: written.changed, path: written.path };
  });
}

/** A host that is out of reach for good can be taken out all the same. */
const orNow = (host: HostReport): HostReport => ({ ...host, fix: `${host.fix === undefined ? "" : `${host.fix} `}Or take it out as it is: --now` });

const unknownHost = (cluster: Cluster, address: string, cause?: unknown): HostNotFoundError => new HostNotFoundError(address, cluster.workers.map(({ name }) => name), cause);

/** Whether an add that did not end was at work on a host that the configuration does not name. */
async function carriesOurs(session: ClusterSession, target: Target): Promise<boolean> {
  const { signal, cluster, head } = session;
  const { host: spec } = target;
  const { dirs: [tempDir], processes } = await probeHost(await session.host(target), { sageHome: spec.sageHome, dirs: [spec.tempDir] }, { signal });
  if (tempDir?.mark !== cluster.name) return false; // A3
  const record = processes.find(({ name }) => name === recordNames.worker);
  if (record === undefined) return true;
  const address = await nodeAddress(await session.host(head), head.host, signal);
  return record.command.includes(` --address ${address}:${cluster.head.rayPort} `);
}

/** The report of a host that could not be emptied; undefined: it is empty. */
async function failedDrain(session: ClusterSession, target: Target, { moves = false, timeoutMs }: RemoveOptions): Promise<ClusterReport | undefined> {
  const report = await session.each([target], (_host, task): Promise<Done> =>
    drainWorker(session, target, task, { moves, ...(timeoutMs === undefined ? {} : { timeoutMs }) }).then((waited) => ({ state: waited ? "changed" : "same", text: "has no work" })), { deadlineMs: Number.POSITIVE_INFINITY });
  return report.failed.length === 0 ? undefined : { hosts: toReports([target], report) };
}

/** The cluster as it would be, from the host's own keys where the file knows it, else from those of all workers. */
async function withWorker(cluster: Cluster, { address, load }: ScaleOptions): Promise<{ readonly cluster: Cluster; readonly isNew: boolean }> {
  const wanted = parseAddress(address);
  if (!wanted) throw new AddressError(address);
  if (sameHostKey(cluster.head) === sameHostKey(wanted)) throw new HeadStaysError(cluster.head.name);
  if (cluster.workers.some((worker) => sameHostKey(worker) === sameHostKey(wanted))) return { cluster, isNew: false };
  const workers = [...cluster.workers.map((worker) => `${worker.host.includes(":") ? `[${worker.host}]` : worker.host}:${worker.port}`), address].join(",");
  const { cluster: grown } = await loadCluster({ ...load, flags: { ...load.flags, "ssh.workers": undefined, workers_ssh_hosts: workers } });
  const added = grown.workers.find((worker) => sameHostKey(worker) === sameHostKey(wanted));
  if (!added) throw new HostNotFoundError(address, cluster.workers.map(({ name }) => name));
  return { cluster: { ...cluster, workers: [...cluster.workers, added] }, isNew: true };
}

function targetAt(session: ClusterSession, address: string): Target {
  const wanted = parseAddress(address);
  if (!wanted) throw new AddressError(address);
  const found = session.targets.find(({ host }) => sameHostKey(host) === sameHostKey(wanted));
  if (!found) throw new HostNotFoundError(address, session.workers.map(({ name }) => name));
  return found;
}

function editTarget(load: LoadOptions, cluster: Cluster) {
  const named = load.cluster ?? (cluster.name === "default" ? undefined : cluster.name);
  return { env: load.env, ...(load.path === undefined ? {} : { path: load.path }), ...(named === undefined ? {} : { cluster: named }) };
}
