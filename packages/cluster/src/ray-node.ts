// One Ray node on one host: its command, whether it is up, and the waits for facts in between.
//
// Invariants:
//   N1. A node that answers as the cluster's is left as it is.
//   N2. A start that failed leaves nothing behind before it is tried again.
//   N3. A worker is up when the head lists it alive under its name, with an id that it did not list before the start.
import type { Cluster, ClusterHost, HeadHost } from "@sage/config";
import { isSageError, messageOf, type Clock, type Command } from "@sage/core";
import { rayJoin, rayStartHead, type DashboardNode, type NodePorts, type RayNodeSettings } from "@sage/ray-control";
import { listProcesses, runBegins, script, startProcess, stopProcess, type Host, type HostFacts, type HostTask } from "@sage/ssh-deploy";
import { absolute, rayLog, rayTokenPath, recordNames, recordsDir, workersPort } from "./layout.ts";
import { NotUpError } from "./errors.ts";
import { proxyEnv } from "./proxy-env.ts";
import { rayProgramOf } from "./ray-program.ts";
import { hasTokenMode, withoutToken } from "./ray-token.ts";
import { keyOf } from "./session.ts";

export interface NodeContext {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly spec: ClusterHost;
  readonly facts: HostFacts;
  readonly rayVersion: string;
  readonly clock: Clock;
  readonly task: HostTask;
}

/** How long a node may take to come up: on a loaded machine `ray start` takes 17 s. */
const upDeadlineMs = 90_000;
/** A process of which nobody knows the outcome gets this much time from its start. */
const bootMs = 45_000;
const lookAgainMs = 150;
const attempts = 3;

/** The address of the host that others reach: of its name, else of the interface that SSH came in by. */
export async function nodeAddress(host: Host, spec: ClusterHost, signal: AbortSignal): Promise<string> {
  const { stdout } = await host.run(script(`
case $1 in *[!0-9.]*) ;; *) echo "$1"; exit ;; esac
case $1 in *:*) echo "$1"; exit ;; esac
found=$(getent ahostsv4 "$1" 2>/dev/null | awk '$1 !~ /^127\\./ { print $1; exit }' || :)
[ -n "$found" ] || found=$(printf '%s\\n' "\${SSH_CONNECTION:-}" | awk '$3 !~ /^127\\./ { print $3 }')
[ -n "$found" ] || found=$(hostname -I 2>/dev/null | awk '{ print $1 }')
printf '%s\\n' "\${found:-127.0.0.1}"
`, [spec.rayHost]), { signal });
  return stdout.trim();
}

function settingsOf({ cluster, spec, facts, rayVersion }: NodeContext, address: string): RayNodeSettings {
  const { cpus, gpus, memoryBytes, objectStoreBytes, custom } = spec.resources;
  return {
    program: rayProgramOf(facts, spec, rayVersion), nodeAddress: address, nodeName: keyOf(spec), tempDir: absolute(spec.tempDir, facts.home), block: true,
    ...(cpus === undefined ? {} : { cpus }), ...(gpus === undefined ? {} : { gpus }), ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(objectStoreBytes === undefined ? {} : { objectStoreBytes }), resources: custom,
    ...(hasTokenMode(cluster, rayVersion) ? { tokenPath: absolute(rayTokenPath(spec), facts.home) } : {}),
    // Its processes' own temporary files then lie in the folder that `stop` empties.
    env: { ...proxyEnv(spec), PYTHONUNBUFFERED: "1", TMPDIR: absolute(spec.tempDir, facts.home), SAGE_CLUSTER: cluster.name, ...(hasTokenMode(cluster, rayVersion) ? {} : withoutToken(rayVersion)) },
  };
}

export function headCommand(context: NodeContext, address: string): Command {
  const { cluster: { ray }, spec } = context;
  const head = spec as HeadHost;
  return rayStartHead({
    ...settingsOf(context, address), ports: workerPorts(context.cluster), port: head.rayPort, clientServerPort: head.clientServerPort, dashboardPort: head.dashboardPort, dashboardHost: head.dashboardHost,
    healthCheck: { periodMs: ray.healthCheckPeriodMs, timeoutMs: ray.healthCheckTimeoutMs, failures: ray.healthCheckFailures },
  });
}

const portRanges = [[10_002, 18_999], [20_000, 29_999], [30_000, 32_767]] as const;

/** Ports for Ray's worker processes on the head: Ray's own default takes what the daemon, or a moved client server, listens on. */
export function workerPorts({ head, daemon }: Cluster): NodePorts {
  const taken = [head.rayPort, head.clientServerPort, head.dashboardPort, daemon.port, daemon.httpPort, workersPort(daemon)];
  const [dataFrom = 0, dataTo = 0] = daemon.dataPorts?.split("-").map(Number) ?? [];
  const [minWorker, maxWorker] = portRanges.find(([from, to]) => !taken.some((port) => port >= from && port <= to) && (dataTo < from || dataFrom > to)) ?? [0, 0];
  return minWorker === 0 ? {} : { minWorker, maxWorker };
}

export function workerCommand(context: NodeContext, address: string, headAddress: string): Command {
  return rayJoin({ ...settingsOf(context, address), headAddress });
}

/** What is asked over and over until the node is up. */
export interface Watch {
  /** Whether it is up now; an error of the network counts as no. */
  isUp(former: ReadonlySet<string>): Promise<boolean>;
  /** Ids under which the head knows this node now. */
  knownIds(): Promise<ReadonlySet<string>>;
}

/** @returns whether something had to be done. @throws {@link NotUpError} */
export async function bringUp(context: NodeContext, command: () => Promise<Command>, watch: Watch): Promise<boolean> {
  const { host, spec, task: { signal, progress }, clock, facts } = context;
  const name = recordNames[spec.role];
  const record = facts.processes.find((process) => process.name === name);
  if (record?.running && (await watch.isUp(new Set()).catch(() => false))) return false; // N1
  if (record?.running) {
    const leftMs = bootMs - (clock.now() + facts.clockOffsetMs - record.startedAtMs);
    progress("waits for the Ray that is starting");
    if (leftMs > 0 && (await comesUp(context, watch, new Set(), leftMs)) === "up") return true;
  }
  let why = "";
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (record || attempt > 1) {
      progress("ends what is left of an earlier Ray");
      await stopProcess(host, recordsDir(spec), name, { signal });
    }
    const former = await watch.knownIds();
    progress(attempt === 1 ? "starts Ray" : `starts Ray, try ${attempt}: ${why.split("\n")[0]}`);
    await startProcess(host, { recordsDir: recordsDir(spec), name, command: await command(), logPath: rayLog(spec) }, signal);
    const outcome = await comesUp(context, watch, former, upDeadlineMs);
    if (outcome === "up") return true;
    why = outcome;
    if (isFinal(why)) break; // the next try would end alike
  }
  await stopProcess(host, recordsDir(spec), name, { signal }); // N2
  throw new NotUpError(context.host.name, spec.role === "head" ? "Ray's head" : "Ray", why, `Its log: sage ${spec.role} logs${spec.role === "head" ? "" : ` --host ${keyOf(spec)}`}`);
}

/** "up", or why it is not. */
async function comesUp(context: NodeContext, watch: Watch, former: ReadonlySet<string>, deadlineMs: number): Promise<string> {
  const { host, spec, clock, task: { signal } } = context;
  const endMs = clock.monotonicMs() + deadlineMs;
  let said = "it did not answer";
  for (let round = 1; clock.monotonicMs() < endMs; round++) {
    try {
      if (await watch.isUp(former)) return "up";
    } catch (error) {
      signal.throwIfAborted();
      if (!isSageError(error)) throw error;
      said = messageOf(error);
      if (error.code === "SAGE_RAY_UNAUTHENTICATED") return said;
    }
    if (round % 4 === 0) {
      const mine = (await listProcesses(host, recordsDir(spec), signal)).find((process) => process.name === recordNames[spec.role]);
      if (!mine?.running) return (await lastWords(host, spec, signal)) || "it ended at once";
    }
    await clock.sleep(lookAgainMs, signal);
  }
  return `${said} within ${Math.round(deadlineMs / 1000)} s`;
}

/** Whether what a start ended with is no matter of chance: what is wrong stays wrong. */
export const isFinal = (why: string): boolean =>
  /refuses our token|answered 40[13] to|AuthenticationError|InvalidAuthToken|[Uu]nauthenticated|No such option|Usage: ray|[Vv]ersion mismatch|Permission denied|PermissionError|No space left|Read-only file system|[Aa]ddress already in use|already (?:in use|occupied)|ModuleNotFoundError|ImportError|Exec format error|cannot execute|not found$/.test(why);

/** The end of its log that says most: the last lines of this run with an error in them. */
async function lastWords(host: Host, spec: ClusterHost, signal: AbortSignal): Promise<string> {
  const { stdout } = await host.run(script(`tail -n 200 "$(at "$1")" 2>/dev/null | awk -v mark='${runBegins}' 'index($0, mark) == 1 { text = ""; next } { text = text $0 "\\n" } END { printf "%s", text }' | tail -n 60`, [rayLog(spec)]), { signal });
  const lines = stdout.split("\n").map((line) => line.replace(/\u001b\[[0-9;]*m/g, "").trim()).filter(Boolean);
  const telling = lines.filter((line) => /error|exception|fail|mismatch|unable|refused/i.test(line));
  return (telling.at(-1) ?? lines.at(-1) ?? "").slice(0, 300);
}

export const nodesNamed = (nodes: readonly DashboardNode[], spec: ClusterHost): DashboardNode[] => nodes.filter((node) => node.name === keyOf(spec));
