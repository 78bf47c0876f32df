// Options of commands that work on the daemon of this machine, and the settings that they stand for.

import { dirname } from "node:path";
import { isLoopback } from "@sage/core";
import type { DaemonSettings } from "@sage/config";
import type { OptionTable } from "../../options.ts";
import type { StartPlan } from "../../local-daemon/start.ts";

export const homeOption = { home: { type: "string", value: "FOLDER", help: "Sage's folder, one daemon each; default: SAGE_HOME, else ~/.sage" } } as const satisfies OptionTable;

export const listenOptions = {
  host: { type: "string", value: "HOST", help: "address to listen on; default: daemon.bind_host, else 127.0.0.1" },
  port: { type: "integer", value: "PORT", min: 0, max: 65_535, help: "port to listen on, 0 for any free one; default: daemon.port, else 19001" },
  insecure: { type: "boolean", help: "clear text also where the daemon listens on more than loopback: only where nobody can listen in; default: TLS there (daemon.tls)" },
  "http-port": { type: "integer", value: "PORT", min: 0, max: 65_535, help: "port of the dashboard, 0 for any free one; default: daemon.http_port, else 19002" },
} as const satisfies OptionTable;

export const rayOptions = {
  "ray-address": { type: "string", value: "ADDRESS", help: "workers run on this Ray cluster: ray://HOST:10001, http://HOST:8265 where only its dashboard can be reached, auto for the Ray of this machine, or off; default: SAGE_RAY_ADDRESS, else ray.address, else on this machine without Ray" },
  "advertise-host": { type: "string", value: "HOST", help: "this machine as the hosts of Ray reach it; default: daemon.advertise_host, else the address from which it reaches them" },
  "workers-port": { type: "integer", value: "PORT", min: 0, max: 65_535, help: "port on which workers on Ray reach the daemon; default: daemon.workers_port, else any free one" },
  "data-ports": { type: "string", value: "FROM-TO", help: "ports on which workers on Ray listen for one another's records; default: daemon.data_ports, else any" },
  "ray-placement": { type: "string", value: "spread|pack", help: "workers of a job go to as many hosts of Ray as there are, or to as few as have room; default: ray.placement, else spread" },
  "warm-workers": { type: "integer", value: "N", min: 0, max: 1024, help: "workers that wait for the next job on each host of Ray; default: daemon.warm_workers, else 1" },
} as const satisfies OptionTable;

export const timeoutOption = (help: string) => ({ timeout: { type: "duration", help } }) as const satisfies OptionTable;

/** The folder that a command works on. */
export async function homeOf(home: string | undefined, env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const { pathFrom, sageHome } = await import("@sage/config/daemon-settings");
  return home === undefined ? sageHome(env) : pathFrom(cwd, home, env);
}

type Flags<T extends OptionTable> = { readonly [name in keyof T]: string | number | undefined };
type ListenFlags = { readonly insecure: boolean; readonly host: string | undefined; readonly port: number | undefined; readonly "http-port": number | undefined };

/** How a daemon of this machine shall run: flag, environment, configuration, default. */
export async function daemonPlan(options: ListenFlags & Flags<typeof rayOptions>, env: NodeJS.ProcessEnv): Promise<Pick<StartPlan, "host" | "port" | "httpPort" | "warmWorkers" | "words" | "access" | "env">> {
  const [{ defaultHttpPort, historyFlags, readDaemonAddress }, { ownAccess }] = await Promise.all([import("@sage/config/daemon-settings"), import("../../local-daemon/own-access.ts")]);
  const settings = await readDaemonAddress({ env, ...(options.insecure ? { flags: { "daemon.tls.mode": "off" } } : {}) });
  const more = await moreSettings(env);
  const host = options.host ?? settings.bindHost;
  const door = await doorWords(settings, host, env); // before the token is read: it makes the file
  return {
    host, port: options.port ?? settings.port, warmWorkers: settings.warmWorkers,
    // The default may be taken by another home's daemon; then the daemon finds another one, so it is not insisted on.
    httpPort: options["http-port"] ?? (settings.httpPort === defaultHttpPort ? undefined : settings.httpPort),
    words: [...door, ...historyFlags(settings), ...rayWords(options, { "ray-address": more?.rayAddress, "ray-placement": more?.rayPlacement, "advertise-host": settings.advertiseHost, "workers-port": settings.workersPort, "data-ports": settings.dataPorts, "warm-workers": undefined })],
    access: await ownAccess(settings, env),
    env: { ...env, ...more?.checkpoints },
  };
}

/** A token and a certificate, where the daemon needs them. */
async function doorWords(settings: DaemonSettings, host: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { servesTls } = await import("@sage/config/daemon-settings");
  return isLoopback(host) && !servesTls(settings, host) ? [] : (await import("@sage/cluster")).localDoorFlags(settings, host, env);
}

/** As words for the daemon's own command line: what was typed, else what is configured. */
function rayWords(typed: Flags<typeof rayOptions>, configured: Flags<typeof rayOptions>): string[] {
  return (Object.keys(rayOptions) as (keyof typeof rayOptions)[]).flatMap((name) => {
    const value = typed[name] ?? configured[name];
    if (value === undefined) return [];
    return [`--${name}`, name === "ray-address" && value === "off" ? "" : String(value)]; // empty: also SAGE_RAY_ADDRESS does not count
  });
}

/** What only the whole configuration says: Ray's address, and the checkpoint store in the words of AWS' tools. */
async function moreSettings(env: NodeJS.ProcessEnv): Promise<{ readonly rayAddress: string | undefined; readonly rayPlacement: "pack" | undefined; readonly checkpoints: NodeJS.ProcessEnv } | undefined> {
  const { checkpointSettingsOf, ConfigError, loadConfig, pathFrom } = await import("@sage/config");
  const loaded = await loadConfig({ env }).catch((error: unknown) => { // a file of the other dialect: it has no such keys
    if (error instanceof ConfigError) return undefined;
    throw error;
  });
  if (loaded === undefined) return undefined;
  const { store, keep, endpoint, region, credentialsPath } = checkpointSettingsOf(loaded.value.checkpoints, (path) => pathFrom(loaded.path === undefined ? process.cwd() : dirname(loaded.path), path, env));
  return {
    rayAddress: loaded.value.ray.address, rayPlacement: loaded.value.ray.placement === "spread" ? undefined : loaded.value.ray.placement, // as the daemon does by itself
    checkpoints: {
      ...(store === undefined ? {} : { SAGE_CHECKPOINTS_STORE: store }), ...(keep === undefined ? {} : { SAGE_CHECKPOINTS_KEEP: String(keep) }), ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL_S3: endpoint }),
      ...(region === undefined ? {} : { AWS_REGION: region }), ...(credentialsPath === undefined ? {} : { AWS_SHARED_CREDENTIALS_FILE: credentialsPath }),
    },
  };
}
