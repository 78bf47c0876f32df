// The JobManager daemon on the head: its record, and what it says of itself through the connection.
import { isLoopback } from "@sage/config";
import { callUnary, jobsClient, parseDaemonReady, runFileName, type DaemonReady } from "@sage/protocol";
import { openTunnel, script, type Host, type HostFacts } from "@sage/ssh-deploy";
import { daemonToken } from "./daemon-token.ts";
import { daemonHome, recordNames } from "./layout.ts";
import type { ClusterSession } from "./session.ts";

export interface DaemonStatus {
  readonly state: "up" | "silent" | "down";
  readonly port: number;
  readonly pid?: number;
  readonly version?: string;
  /** Jobs by phase. */
  readonly jobs?: Readonly<Record<string, number>>;
}

const askDeadlineMs = 5_000;

export async function askDaemon(session: ClusterSession, host: Host, facts: Pick<HostFacts, "processes">, signal: AbortSignal): Promise<DaemonStatus> {
  const { daemon, head } = session.cluster;
  const record = facts.processes.find(({ name }) => name === recordNames.daemon);
  const ready = await readReady(host, daemonHome(head), signal);
  if (!record?.running && !ready) return { state: "down", port: daemon.port };
  const port = ready?.port ?? daemon.port;
  const info = await sayWho(session, host, ready?.host ?? daemon.bindHost, port, signal).catch(() => undefined);
  signal.throwIfAborted();
  const pid = record?.running ? record.pid : ready?.pid;
  if (info) return { state: "up", port, version: info.version, jobs: info.jobsByPhase, ...(pid === undefined ? {} : { pid }) };
  return record?.running ? { state: "silent", port, pid: record.pid } : { state: "down", port };
}

/** What it says of itself. @throws if it does not answer */
export async function sayWho(session: ClusterSession, host: Host, bindHost: string, port: number, signal: AbortSignal): Promise<{ readonly version: string; readonly jobsByPhase: Readonly<Record<string, number>> }> {
  await using tunnel = await openTunnel(host, { host: dialable(bindHost), port });
  const token = await daemonToken(session);
  const client = jobsClient(tunnel.address, token ? { token } : {});
  try {
    return await callUnary(client, "ServerInfo", {}, { deadlineMs: askDeadlineMs, signal });
  } finally {
    client.close();
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
