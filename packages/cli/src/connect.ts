// The way to the daemon: flag, environment, configuration, else 127.0.0.1:19001. Loaded when a command connects.

import { isLoopback } from "@sage/core";
import { callerTls, readDaemonAddress, sageHome } from "@sage/config/daemon-settings";
import { connectJobManager, type JobManagerClient } from "@sage/jobmanager-client";
import type { DaemonWays } from "./cluster/daemon-ways.ts";
import { asOwn, ownAccess } from "./local-daemon/own-access.ts";
import type { DaemonAddress } from "./local-daemon/probe.ts";
import { readRecord, type DaemonRecord } from "./local-daemon/record.ts";

export interface Daemon {
  readonly host: string;
  readonly port: number;
  /** What to call it with. @param address - where it is dialled instead: the end of a tunnel. */
  at(address: string | undefined): DaemonAddress;
}

/** @throws ConfigError if the configuration cannot be used. */
export async function configuredDaemon(options: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): Promise<Daemon> {
  const settings = await readDaemonAddress({ env, flags: { "daemon.host": options["host"], "daemon.port": options["port"] } });
  const { host, port } = settings;
  const own = await ownAccess(settings, env);
  const { token } = own;
  const record = isLoopback(host) ? await readRecord(sageHome(env)) : undefined; // of one that was started with other flags than are configured
  return {
    host, port,
    at(address) {
      const tls = callerTls(settings, address !== undefined) ?? (record?.port === port ? asOwn(record, own).tls : undefined);
      return { host, port, connectTimeoutMs: settings.connectTimeoutMs, isInsecure: settings.tls.mode === "off", ...(token ? { token } : {}), ...(tls ? { tls } : {}), ...(address === undefined ? {} : { address }) };
    },
  };
}

/** The daemon of this machine that has written a record. */
export async function recordedDaemon(record: DaemonRecord, env: NodeJS.ProcessEnv): Promise<Daemon> {
  const called = asOwn(record, await ownAccess(await readDaemonAddress({ env }), env));
  return { ...called, at: () => called };
}

/** @throws `SAGE_DAEMON_UNREACHABLE` if none answers; what opening its host throws where the way leads through SSH. */
export async function connectDaemon(options: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv, ways: DaemonWays, signal: AbortSignal): Promise<JobManagerClient> {
  const daemon = await configuredDaemon(options, env);
  return connectJobManager({ ...daemon.at(await ways.to(daemon)), signal });
}
