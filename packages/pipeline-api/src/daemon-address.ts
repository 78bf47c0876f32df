// Where the daemon of a remote environment is: options, then configuration, then the default.

import { access } from "node:fs/promises";
import type { Target } from "@sage/graph";
import type { ConnectOptions } from "@sage/jobmanager-client";

export type RemoteTarget = Extract<Target, { kind: "remote" }>;

/** @throws ConfigError if the configuration cannot be used. */
export async function daemonAddress({ host, port, token }: RemoteTarget, env: NodeJS.ProcessEnv = process.env): Promise<ConnectOptions> {
  const { readDaemonAddress } = await import("@sage/config/daemon-settings");
  const settings = await readDaemonAddress({ env, flags: { "daemon.host": host, "daemon.port": port } });
  const address = { host: settings.host, port: settings.port };
  if (token !== undefined) return { ...address, token };
  // The default file is there only where a daemon needs a token.
  if (settings.token.from === "file" && !(await exists(settings.token.path))) return address;
  const { readSecret } = await import("@sage/config");
  return { ...address, token: await readSecret(settings.token, env) };
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
