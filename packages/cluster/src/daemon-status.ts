// The JobManager daemon on the head: its record, and what it says of itself through the connection.
import { callerTls } from "@sage/config";
import { Cleanup, isLoopback, isSageError, messageOf } from "@sage/core";
import type { ClientOptions, JobsClient, ServerInfoView } from "@sage/protocol";
import { parseDaemonReady, runFileName, type DaemonReady } from "@sage/protocol/files";
import { openTunnel, script, type Glance, type Host } from "@sage/ssh-deploy";
import { daemonToken } from "./daemon-token.ts";
import { recordNames } from "./layout.ts";
import type { ClusterSession } from "./session.ts";

export interface DaemonStatus {
  readonly state: "up" | "silent" | "down";
  readonly port: number;
  readonly pid?: number;
  readonly version?: string;
  /** Jobs by phase. */
  readonly jobs?: Readonly<Record<string, number>>;
  /** What it speaks with who calls it from other hosts than its own; unset: it listens on loopback. */
  readonly security?: "TLS" | "clear text";
  /** Of one that is silent. */
  readonly why?: string;
}

const askDeadlineMs = 5_000;

export async function askDaemon(session: ClusterSession, host: Host, facts: Pick<Glance, "processes">, signal: AbortSignal): Promise<DaemonStatus> {
  const { daemon } = session.cluster;
  const record = facts.processes.find(({ name }) => name === recordNames.daemon);
  const ready = await readReady(host, session.head.daemonHome, signal);
  if (!record?.running && !ready) return { state: "down", port: daemon.port };
  const port = ready?.port ?? daemon.port;
  let why = "";
  const info = await sayWho(session, host, ready, signal).catch((error: unknown) => { if (!isSilence(error)) why = messageOf(error); });
  signal.throwIfAborted();
  const pid = record?.running ? record.pid : ready?.pid;
  if (info) return { state: "up", port, version: info.version, jobs: info.jobsByPhase, ...securityOf(ready), ...(pid === undefined ? {} : { pid }) };
  return record?.running ? { state: "silent", port, pid: record.pid, ...(why === "" ? {} : { why }) } : { state: "down", port };
}

const isSilence = (error: unknown): boolean => isSageError(error) && ["SAGE_DAEMON_UNREACHABLE", "SAGE_TIMEOUT", "SAGE_CANCELLED"].includes(error.code);

const securityOf = (ready: DaemonReady | undefined): Pick<DaemonStatus, "security"> =>
  (ready === undefined || isLoopback(ready.host) ? {} : { security: ready.tls ? "TLS" : "clear text" });

/** What it says of itself. @throws if it does not answer */
export async function sayWho(session: ClusterSession, host: Host, ready: DaemonReady | undefined, signal: AbortSignal): Promise<ServerInfoView> {
  const { callUnary } = await import("./daemon-calls.ts");
  await using daemon = await dialDaemon(session, host, ready);
  return await callUnary(daemon.client, "ServerInfo", {}, { deadlineMs: askDeadlineMs, signal });
}

/** A client of the daemon on `host`, through SSH. @param ready - what it wrote; unset: where it is configured to be. */
export async function dialDaemon(session: ClusterSession, host: Host, ready: DaemonReady | undefined): Promise<AsyncDisposable & { readonly client: JobsClient }> {
  const { daemon } = session.cluster;
  const { jobsClient } = await import("./daemon-calls.ts");
  const cleanup = new Cleanup();
  try {
    const tunnel = cleanup.use(await openTunnel(host, { host: dialable(ready?.host ?? daemon.bindHost), port: ready?.port ?? daemon.port }));
    const token = await daemonToken(session);
    const own = callerTls(daemon, true);
    const tls: ClientOptions["tls"] = ready?.tls ? { ...own, ...ready.tls } : ready ? undefined : own && { serverName: daemon.host, ...own };
    const client = cleanup.use(jobsClient(tunnel.address, { ...(token ? { token } : {}), ...(tls ? { tls } : {}) }));
    return { client, [Symbol.asyncDispose]: () => cleanup[Symbol.asyncDispose]() };
  } catch (error) {
    await cleanup[Symbol.asyncDispose]();
    throw error;
  }
}

/** What it wrote when it came up; also left by one that was killed. */
export async function readReady(host: Host, home: string, signal: AbortSignal): Promise<DaemonReady | undefined> {
  const { stdout } = await host.run(script('cat "$(at "$1")" 2>/dev/null || :', [`${home}/${runFileName}`]), { signal });
  try {
    return parseDaemonReady(stdout);
  } catch {
    return undefined;
  }
}

export const dialable = (bindHost: string): string => (isLoopback(bindHost) || bindHost === "0.0.0.0" || bindHost === "::" ? "127.0.0.1" : bindHost);
