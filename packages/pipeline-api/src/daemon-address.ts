// Where the daemon of a remote environment is: options, then configuration, then the default.

import { access } from "node:fs/promises";
import type { DaemonSettings } from "@sage/config";
import type { Secret } from "@sage/core";
import type { Target } from "@sage/graph";
import type { ConnectOptions } from "@sage/jobmanager-client";

export type RemoteTarget = Extract<Target, { kind: "remote" }>;

/** How it is called: directly, or at `address`, the end of a tunnel. @throws ConfigError if the configuration cannot be used. */
export async function daemonAddress({ host, port, token }: RemoteTarget, env: NodeJS.ProcessEnv = process.env): Promise<(address?: string) => ConnectOptions> {
  const { callerTls, readDaemonAddress } = await import("@sage/config/daemon-settings");
  const settings = await readDaemonAddress({ env, flags: { "daemon.host": host, "daemon.port": port } });
  const shown = token ?? (await configuredToken(settings.token, env));
  return (address) => {
    const tls = callerTls(settings, address !== undefined);
    return { host: settings.host, port: settings.port, connectTimeoutMs: settings.connectTimeoutMs, ...(settings.tls.mode === "off" ? { isInsecure: true } : {}), ...(shown === undefined ? {} : { token: shown }), ...(tls ? { tls } : {}), ...(address === undefined ? {} : { address }) };
  };
}

/** The default file is there only where a daemon needs a token. */
async function configuredToken(token: DaemonSettings["token"], env: NodeJS.ProcessEnv): Promise<Secret | undefined> {
  if (token.from === "file" && !(await exists(token.path))) return undefined;
  return (await import("@sage/config")).readSecret(token, env);
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
