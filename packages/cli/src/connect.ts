// The way to the daemon: flag, environment, configuration, else 127.0.0.1:19001. Loaded when a command connects.

import { access } from "node:fs/promises";
import { readDaemonAddress } from "@sage/config/daemon-settings";
import type { Secret } from "@sage/core";
import { connectJobManager, type JobManagerClient } from "@sage/jobmanager-client";
import type { DaemonWays } from "./cluster/daemon-ways.ts";

export interface DaemonAddress {
  readonly host: string;
  readonly port: number;
  readonly token?: Secret;
}

/** @throws ConfigError if the configuration cannot be used. */
export async function daemonAddress(options: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): Promise<DaemonAddress> {
  const { host, port, token } = await readDaemonAddress({ env, flags: { "daemon.host": options["host"], "daemon.port": options["port"] } });
  // The default file is there only where a daemon needs a token.
  if (token.from === "file" && !(await access(token.path).then(() => true, () => false))) return { host, port };
  const { readSecret } = await import("./token.ts");
  return { host, port, token: await readSecret(token, env) };
}

/** @throws `SAGE_DAEMON_UNREACHABLE` if none answers; what opening its host throws where the way leads through SSH. */
export async function connectDaemon(options: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv, ways: DaemonWays, signal: AbortSignal): Promise<JobManagerClient> {
  const daemon = await daemonAddress(options, env);
  const address = await ways.to(daemon);
  return connectJobManager({ ...daemon, ...(address === undefined ? {} : { address }), signal });
}
