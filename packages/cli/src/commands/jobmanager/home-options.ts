// Options of commands that work on the daemon of this machine, and the settings that they stand for.

import type { OptionTable } from "../../options.ts";
import type { StartPlan } from "../../local-daemon/start.ts";

export const homeOption = { home: { type: "string", value: "FOLDER", help: "Sage's folder, one daemon each; default: SAGE_HOME, else ~/.sage" } } as const satisfies OptionTable;

export const listenOptions = {
  host: { type: "string", value: "HOST", help: "address to listen on; default: daemon.bind_host, else 127.0.0.1" },
  port: { type: "integer", value: "PORT", min: 0, max: 65_535, help: "port to listen on, 0 for any free one; default: daemon.port, else 19001" },
  "http-port": { type: "integer", value: "PORT", min: 0, max: 65_535, help: "port of the dashboard, 0 for any free one; default: daemon.http_port, else 19002" },
} as const satisfies OptionTable;

export const rayOptions = {
  "ray-address": { type: "string", value: "ADDRESS", help: "workers run on this Ray cluster: ray://HOST:10001, or auto for the Ray of this machine; default: SAGE_RAY_ADDRESS, else on this machine without Ray" },
  "advertise-host": { type: "string", value: "HOST", help: "this machine as the hosts of Ray reach it; default: the address from which it reaches them" },
  "data-ports": { type: "string", value: "FROM-TO", help: "ports on which workers on Ray listen for one another's records; default: any" },
  "warm-workers": { type: "integer", value: "N", min: 0, max: 1024, help: "workers that wait for the next job on each host of Ray; default 1" },
} as const satisfies OptionTable;

/** As words for the daemon's own command line. */
export const rayWords = (options: { readonly [name in keyof typeof rayOptions]: string | number | undefined }): string[] =>
  (Object.keys(rayOptions) as (keyof typeof rayOptions)[]).flatMap((name) => (options[name] === undefined ? [] : [`--${name}`, String(options[name])]));

export const timeoutOption = (help: string) => ({ timeout: { type: "duration", help } }) as const satisfies OptionTable;

/** The folder that a command works on. */
export async function homeOf(home: string | undefined, env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const { pathFrom, sageHome } = await import("@sage/config/daemon-settings");
  return home === undefined ? sageHome(env) : pathFrom(cwd, home, env);
}

interface ListenFlags {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly "http-port": number | undefined;
}

/** Where a daemon shall listen: flag, environment, configuration, default; and how many workers it keeps waiting. */
export async function listenAddress(options: ListenFlags, env: NodeJS.ProcessEnv): Promise<Pick<StartPlan, "host" | "port" | "httpPort" | "warmWorkers">> {
  const flags = { host: options.host, port: options.port, httpPort: options["http-port"] };
  const { defaultHttpPort, readDaemonAddress } = await import("@sage/config/daemon-settings");
  const settings = await readDaemonAddress({ env });
  // The default may be taken by another home's daemon; then the daemon finds another one, so it is not insisted on.
  const httpPort = flags.httpPort ?? (settings.httpPort === defaultHttpPort ? undefined : settings.httpPort);
  return { host: flags.host ?? settings.bindHost, port: flags.port ?? settings.port, httpPort, warmWorkers: settings.warmWorkers };
}

/** The environment of a daemon: what the configuration says of its checkpoint store, in the words of AWS' tools. */
export async function daemonEnv(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { ConfigError, loadConfig } = await import("@sage/config");
  const loaded = await loadConfig({ env }).catch((error: unknown) => { // a file of the other dialect: it has no such keys
    if (error instanceof ConfigError) return undefined;
    throw error;
  });
  const { store, endpoint, region, credentials_file: file } = loaded?.value.checkpoints ?? {};
  if (store === undefined) return env;
  return {
    ...env, SAGE_CHECKPOINTS_STORE: store, ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL_S3: endpoint }),
    ...(region === undefined ? {} : { AWS_REGION: region }), ...(file === undefined ? {} : { AWS_SHARED_CREDENTIALS_FILE: file }),
  };
}
