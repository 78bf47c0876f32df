// The daemon's part of the model, and the way to it that loads no YAML parser where there is nothing to parse.
//
// The command line and the client call `readDaemonAddress` at every start: without a file it costs a look at the
// disk; only with one (or with a value that looks wrong, for its message) is the whole loader brought in.
import { access } from "node:fs/promises";
import { join } from "node:path";
import { isLoopback } from "@sage/core";
import { defined, type CheckpointSettings, type DaemonSettings } from "./cluster.ts";
import { madeTlsDir } from "./daemon-tls.ts";
import { fill } from "./fill.ts";
import { jsonSchema } from "./json-schema.ts";
import { hostName, localPath } from "./patterns.ts";
import { configPlace, pathFrom, sageHome } from "./places.ts";
import type { LoadOptions } from "./load.ts";
import type { SageConfig } from "./sage-schema.ts";

export { pathFrom, sageHome } from "./places.ts";
export { callerTls, servesTls, type CallerTls } from "./daemon-tls.ts";
export { defaultHttpPort } from "./default-ports.ts";

/**
 * Where the daemon is reached and how: flag > environment > file > default, as {@link loadConfig} has it.
 *
 * @throws {@link ConfigError} if the configuration cannot be used.
 */
export async function readDaemonAddress(options: LoadOptions): Promise<DaemonSettings> {
  const { path } = configPlace(options.env, options.path);
  if (configPlace(options.env, options.path).named || (await exists(path))) return throughLoader(options);
  const given = plainSettings(options);
  if (!given) return throughLoader(options);
  const schema = jsonSchema("sage").properties?.["daemon"] ?? {};
  const daemon = fill(schema, given, { baseDir: process.cwd(), env: options.env }) as SageConfig["daemon"];
  return daemonSettingsOf(daemon, sageHome(options.env), (local) => pathFrom(process.cwd(), local, options.env));
}

async function throughLoader(options: LoadOptions): Promise<DaemonSettings> {
  const loader = await import("./load-daemon.ts");
  return loader.loadDaemonSettings(options);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR");
}

const plainKeys = { host: hostName, token_file: localPath } as const;

/** What flags and environment say of the daemon; undefined if it needs more than a look. */
function plainSettings({ env, flags = {}, cluster }: LoadOptions): Record<string, unknown> | undefined {
  const given: Record<string, unknown> = {};
  const set = (name: string) => flags[name] ?? (env[`SAGE_${name.replace(".", "_").toUpperCase()}`] || undefined);
  if (cluster !== undefined || set("cluster") !== undefined || set("home") !== (env["SAGE_HOME"] || undefined)) return undefined;
  const keys = Object.keys(jsonSchema("sage").properties?.["daemon"]?.properties ?? {});
  const others = keys.filter((key) => key !== "host" && key !== "port" && key !== "token_file");
  if (others.some((key) => set(`daemon.${key}`) !== undefined)) return undefined;
  if (Object.keys(jsonSchema("sage").properties?.["daemon"]?.properties?.["tls"]?.properties ?? {}).some((key) => flags[`daemon.tls.${key}`] !== undefined || env[`SAGE_DAEMON_TLS_${key.toUpperCase()}`])) return undefined;
  for (const [key, pattern] of Object.entries(plainKeys)) {
    const value = set(`daemon.${key}`) ?? (key === "host" ? set("head.host") : undefined);
    if (value === undefined) continue;
    if (typeof value !== "string" || !new RegExp(pattern, "u").test(value)) return undefined;
    given[key] = value;
  }
  const port = set("daemon.port");
  if (port === undefined) return given;
  const number = typeof port === "string" && /^[0-9]{1,5}$/.test(port) ? Number(port) : port;
  if (typeof number !== "number" || !Number.isInteger(number) || number < 1 || number > 65_535) return undefined;
  return { ...given, port: number };
}

/** Whether callers may have to come through SSH: the daemon is said to be on another host, and to listen on loopback there; who names an authority for it means to dial it. */
export function mayNeedTunnel({ tunnel, host, bindHost, tls }: Pick<DaemonSettings, "tunnel" | "host" | "bindHost"> & { readonly tls?: Pick<DaemonSettings["tls"], "mode" | "caPath"> }): boolean {
  if (tunnel !== "auto") return tunnel === "always";
  return !isLoopback(host) && isLoopback(bindHost) && tls?.caPath === undefined && (tls?.mode ?? "auto") === "auto";
}

/** @param local - makes a path that the configuration names absolute. */
export function daemonSettingsOf(daemon: SageConfig["daemon"], home: string, local: (path: string) => string): DaemonSettings {
  const path = (text: string | undefined) => (text === undefined ? undefined : local(text));
  const { mode, cert_file: cert, key_file: key, ca_file: ca, client_ca_file: clientCa, client_cert_file: clientCert, client_key_file: clientKey } = daemon.tls;
  return defined<DaemonSettings>({
    host: daemon.host,
    port: daemon.port,
    bindHost: daemon.bind_host,
    httpPort: daemon.http_port,
    token: daemon.token ?? { from: "file", path: path(daemon.token_file) ?? join(home, "token") },
    tls: defined({
      mode, certPath: path(cert), keyPath: path(key), caPath: path(ca), clientCaPath: path(clientCa),
      clientCertPath: path(clientCert), clientKeyPath: path(clientKey), madeDir: madeTlsDir(home),
    }),
    tunnel: daemon.tunnel,
    connectTimeoutMs: daemon.connect_timeout * 1000,
    warmWorkers: daemon.warm_workers,
    keepHistory: daemon.keep_history,
    workersPort: daemon.workers_port,
    dataPorts: daemon.data_ports,
    advertiseHost: daemon.advertise_host,
  });
}

/** For the daemon's command line, wherever it runs. */
export const historyFlags = ({ keepHistory }: Pick<DaemonSettings, "keepHistory">): string[] => (keepHistory === undefined ? [] : ["--keep-history", String(keepHistory)]);

/** @param local - makes a path that the configuration names absolute. */
export function checkpointSettingsOf({ store, keep, endpoint, region, credentials_file: file }: SageConfig["checkpoints"], local: (path: string) => string): CheckpointSettings {
  return defined<CheckpointSettings>({ store, keep, endpoint, region, credentialsPath: file === undefined ? undefined : local(file) });
}
