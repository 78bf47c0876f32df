// The JobManager daemon on the head host: its program is shipped by content, its process recorded, its answer waited for.
import { readdirSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { historyFlags } from "@sage/config";
import { cmd, isSageError } from "@sage/core";
import { listProcesses, nodeRuntime, probeHost, runtimePath, script, shipRuntime, shipTree, startProcess, stopProcess, switchRelease, treeOf, type Host, type HostFacts, type HostTask, type Tree } from "@sage/ssh-deploy";
import { checkpointEnv } from "./daemon-checkpoints.ts";
import { rayFlags, shipWorker } from "./daemon-ray.ts";
import { sayWho, readReady } from "./daemon-status.ts";
import { DaemonFilesMissingError, NotUpError } from "./errors.ts";
import { listensOn } from "./head-view.ts";
import { absolute, daemonLog, daemonRoot, rayTokenPath, recordNames, recordsDir } from "./layout.ts";
import { locked } from "./locked.ts";
import { hasNode } from "./prepare.ts";
import { proxyEnv } from "./proxy-env.ts";
import { rayToken } from "./ray-token.ts";
import { renewDoor, sendDoor } from "./remote-door.ts";
import { toReports, type ClusterReport, type Done } from "./report.ts";
import type { ClusterSession } from "./session.ts";
import type { ChangeOptions } from "./start.ts";

export interface DaemonFiles {
  /** `daemon.mjs` of the server's package, built. */
  readonly daemonPath: string;
  /** `worker.mjs` of the runtime's package, built. */
  readonly workerPath: string;
}

const upDeadlineMs = 60_000;
const lookAgainMs = 100;

/** Starts it unless it runs and answers. */
export async function startDaemon(session: ClusterSession, files: DaemonFiles, options: ChangeOptions): Promise<ClusterReport> {
  if (options.dryRun === true) return onHead(session, session.signal, async (host, task) => {
    const facts = await headFacts(session, host, task.signal);
    return isRunning(facts) ? { state: "same", text: "the JobManager runs" } : { state: "planned", text: "start the JobManager", steps: ["start the JobManager"] };
  });
  return locked(session, options.doing, (signal) => startDaemonUnderLock(session, files, signal));
}

export async function startDaemonUnderLock(session: ClusterSession, files: DaemonFiles, signal: AbortSignal): Promise<ClusterReport> {
  return onHead(session, signal, async (host, task): Promise<Done> => {
    const { daemon, head } = session.cluster;
    const facts = await headFacts(session, host, task.signal);
    const runs = isRunning(facts);
    const home = absolute(session.head.daemonHome, facts.home);
    if (runs && (await answers(session, host, task.signal))) {
      const renewed = await renewDoor(session, host, home, task.signal);
      return renewed ? { state: "changed", text: "the JobManager runs already, and has a new certificate", steps: ["renew its certificate"] } : { state: "same", text: `the JobManager runs already, port ${daemon.port}` };
    }
    if (facts.processes.some(({ name }) => name === recordNames.daemon)) await stopProcess(host, recordsDir(head), recordNames.daemon, { signal: task.signal });
    const node = await nodeOn(host, head.sageHome, facts, task);
    const tree = await daemonTree(files);
    task.progress("sends the JobManager");
    await shipTree(host, daemonRoot(head), tree, { signal: task.signal });
    await switchRelease(host, daemonRoot(head), tree.manifest.id, task.signal);
    const program = absolute(`${daemonRoot(head)}/releases/${tree.manifest.id}`, facts.home);
    const door = await sendDoor(session, host, home, task.signal);
    const checkpoints = await checkpointEnv(session.cluster.checkpoints, session.env, host, home, task.signal);
    task.progress("sends the worker to all hosts");
    const ray = await rayFlags(session, host, await shipWorker(session, files.workerPath, task.signal), task.signal);
    task.progress("starts the JobManager");
    await startProcess(host, {
      recordsDir: recordsDir(head), name: recordNames.daemon, logPath: daemonLog(session.head),
      command: cmd([node, `${program}/dist/daemon.mjs`, "--home", home, "--host", daemon.bindHost, "--port", String(daemon.port), "--http-port", String(daemon.httpPort), ...historyFlags(daemon), "--ray-dashboard", `http://${listensOn(head)}:${head.dashboardPort}`, "--worker-entry", `${program}/worker.mjs`, ...ray, ...door], { env: { ...proxyEnv(head), ...checkpoints, ...(await rayEnv(session, facts.home, task.signal)) } }),
    }, task.signal);
    await comesUp(session, host, task);
    return { state: "changed", text: `the JobManager listens on ${daemon.bindHost}:${daemon.port}`, steps: ["start the JobManager"] };
  });
}

/** Ends it: by SIGTERM first, so that it ends its jobs' workers in order. */
export async function stopDaemon(session: ClusterSession, options: ChangeOptions): Promise<ClusterReport> {
  const round = (signal: AbortSignal) => onHead(session, signal, async (host, task): Promise<Done> => {
    if (options.dryRun === true) return isRunning(await headFacts(session, host, task.signal)) ? { state: "planned", text: "stop the JobManager", steps: ["stop the JobManager"] } : { state: "same", text: "no JobManager runs" };
    const outcome = await stopProcess(host, recordsDir(session.cluster.head), recordNames.daemon, { graceMs: 30_000, signal: task.signal });
    return outcome === "was-stopped" ? { state: "same", text: "no JobManager ran" } : { state: "changed", text: outcome === "killed" ? "the JobManager was killed: it did not end by itself" : "the JobManager ended" };
  });
  return options.dryRun === true ? round(session.signal) : locked(session, options.doing, round);
}

const onHead = async (session: ClusterSession, signal: AbortSignal, work: (host: Host, task: HostTask) => Promise<Done>): Promise<ClusterReport> => ({
  hosts: toReports([session.head], await session.each([session.head], work, { signal })),
});

const headFacts = (session: ClusterSession, host: Host, signal: AbortSignal): Promise<HostFacts> =>
  probeHost(host, { sageHome: session.cluster.head.sageHome, node: true }, { signal });

const isRunning = (facts: HostFacts) => facts.processes.some(({ name, running }) => name === recordNames.daemon && running);

async function answers(session: ClusterSession, host: Host, signal: AbortSignal): Promise<boolean> {
  try {
    await sayWho(session, host, await readReady(host, session.head.daemonHome, signal), signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!isSageError(error)) throw error;
    return false;
  }
}

async function comesUp(session: ClusterSession, host: Host, { signal }: HostTask): Promise<void> {
  const { clock, cluster: { head }, head: { daemonHome } } = session;
  const endMs = clock.monotonicMs() + upDeadlineMs;
  while (clock.monotonicMs() < endMs) {
    if ((await readReady(host, daemonHome, signal)) && (await answers(session, host, signal))) return;
    const mine = (await listProcesses(host, recordsDir(head), signal)).find(({ name }) => name === recordNames.daemon);
    if (!mine?.running) {
      const { stdout } = await host.run(script('tail -n 5 "$(at "$1")" 2>/dev/null || :', [daemonLog(session.head)]), { signal });
      throw new NotUpError(host.name, "the JobManager", stdout.trim() || "it ended at once", "Its log: sage jobmanager logs");
    }
    await clock.sleep(lookAgainMs, signal);
  }
  throw new NotUpError(host.name, "the JobManager", `it did not answer within ${upDeadlineMs / 1000} s`, "Its log: sage jobmanager logs");
}

/** The host's own Node, else the one of this machine, which is sent once. */
async function nodeOn(host: Host, sageHome: string, facts: HostFacts, task: HostTask): Promise<string> {
  if (facts.node && hasNode(facts)) return facts.node.path;
  const runtime = nodeRuntime();
  task.progress("sends a Node binary");
  await shipRuntime(host, sageHome, runtime, { signal: task.signal });
  return absolute(runtimePath(sageHome, runtime), facts.home);
}

/** Where the daemon finds the token of the Ray beside it, as Ray's own programs do. */
async function rayEnv(session: ClusterSession, home: string, signal: AbortSignal): Promise<Record<string, string>> {
  return (await rayToken(session, signal)) ? { RAY_AUTH_TOKEN_PATH: absolute(rayTokenPath(session.cluster.head), home) } : {};
}

/** The daemon, its pages, its one native package, and the worker: all that runs without an installation. */
async function daemonTree({ daemonPath, workerPath }: DaemonFiles): Promise<Tree> {
  const dist = dirname(daemonPath);
  const take = async (path: string, from: string) => ({ path, content: await readFile(from).catch((error: unknown) => { throw new DaemonFilesMissingError(from, error); }) });
  const fromDaemon = createRequire(daemonPath);
  const found = packageDir(fromDaemon, "libsql");
  if (found === undefined) throw new DaemonFilesMissingError("libsql");
  const libsql = realpathSync(found); // its own packages lie beside where it really is
  const fromLibsql = createRequire(join(libsql, "package.json"));
  const packages = new Map([["libsql", libsql]]);
  for (const name of ["@neon-rs/load", "detect-libc", "@libsql/linux-x64-gnu", "@libsql/linux-arm64-gnu"]) {
    const at = packageDir(fromLibsql, name);
    if (at !== undefined) packages.set(name, at);
  }
  return treeOf(await Promise.all([
    take("dist/daemon.mjs", daemonPath), take("package.json", join(dist, "../package.json")), take("worker.mjs", workerPath),
    ...filesBelow(join(dist, "dashboard")).map((file) => take(`dist/dashboard/${file}`, join(dist, "dashboard", file))),
    ...[...packages].flatMap(([name, at]) => filesBelow(at).filter((file) => !file.startsWith("node_modules/") && /\.(c?js|json|node)$/.test(file)).map((file) => take(`node_modules/${name}/${file}`, join(at, file)))),
  ]));
}

/** Also of packages that export no package.json, and of those for another processor: undefined. */
function packageDir(from: NodeJS.Require, name: string): string | undefined {
  for (const base of from.resolve.paths(name) ?? []) {
    try {
      readdirSync(join(base, name));
      return join(base, name);
    } catch {
      // not in this one
    }
  }
  return undefined;
}

function filesBelow(dir: string): string[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dir.length + 1));
}
