// The one cluster that both dialects become: every host with its logins, folders, programs and resources decided.
// Deploying and running read this and never a dialect.
//
// Rules:
//   K1. Everything is resolved here: a host's own key, then its section's, then the default.
//   K2. Paths on this machine are absolute; paths on a host are absolute or start with `~/` (the login user's home).
//   K3. Secrets are references; no text of a secret is in the model but inside a `Secret`.
import type { Address } from "./addresses.ts";
import type { TlsSettings } from "./daemon-tls.ts";
import type { Dialect } from "./json-schema.ts";
import type { SecretRef } from "./secret-ref.ts";

export interface Cluster {
  /** The named cluster, or "default". */
  readonly name: string;
  readonly dialect: Dialect;
  /** The file that it was read from. */
  readonly path?: string;
  readonly head: HeadHost;
  readonly workers: readonly ClusterHost[];
  readonly ssh: SshSettings;
  readonly ray: RaySettings;
  readonly daemon: DaemonSettings;
  readonly project: ProjectSettings;
  readonly checkpoints: CheckpointSettings;
  readonly limits: { readonly maxWorkers?: number };
  /** Deployed releases that are kept on each host. */
  readonly keepReleases: number;
}

export interface ClusterHost {
  readonly role: "head" | "worker";
  /** What to call it in output; unlike hosts, unique names are not promised. */
  readonly name: string;
  readonly host: string;
  /** SSH port. */
  readonly port: number;
  /** Tried in this order; at least one. */
  readonly logins: readonly Login[];
  readonly jump?: Address;
  /** The address that Ray uses for this host (`--node-ip-address`, resolved by name). */
  readonly rayHost: string;
  readonly resources: HostResources;
  /** Folder of Sage on the host: releases, the Ray venv. */
  readonly sageHome: string;
  /** Root of the node's data, where the configuration names one. */
  readonly dataDir?: string;
  readonly tempDir: string;
  readonly logDir: string;
  readonly pythonPath?: string;
  readonly rayCommand?: string;
  readonly condaEnv?: string;
  /** Proxy variables for commands: http_proxy, https_proxy, no_proxy. */
  readonly proxy: Readonly<Record<string, string>>;
}

export interface HeadHost extends ClusterHost {
  readonly role: "head";
  /** Ray's own port (GCS). */
  readonly rayPort: number;
  readonly dashboardPort: number;
  readonly dashboardHost: string;
  /** Ray's client server. */
  readonly clientServerPort: number;
}

export interface Login {
  /** Unset: what `~/.ssh/config` says, else the local user. */
  readonly user?: string;
  /** Unset, with no password either: the agent, then the usual key files. */
  readonly key?: LoginKey;
  readonly password?: SecretRef;
}

export type LoginKey =
  | { readonly from: "path"; readonly path: string; readonly passphrase?: SecretRef }
  | { readonly from: "text"; readonly privateKey: SecretRef; readonly passphrase?: SecretRef }
  /** The agent's key with this public half (OpenSSH's one-line form). */
  | { readonly from: "agent"; readonly publicKey: string };

/** Unset: Ray decides. */
export interface HostResources {
  readonly cpus?: number;
  readonly gpus?: number;
  readonly memoryBytes?: number;
  readonly objectStoreBytes?: number;
  readonly custom: Readonly<Record<string, number>>;
}

export interface SshSettings {
  readonly connectTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  readonly knownHostsPath: string;
  readonly configPath: string;
  /** Hosts worked on at the same time. */
  readonly maxParallel: number;
}

export interface RaySettings {
  /** A running cluster to attach to. */
  readonly address?: string;
  /** Unset: the version that Sage was tested with. */
  readonly version?: string;
  /** "auto": token mode where the version has it. */
  readonly auth: "auto" | "off";
  readonly healthCheckPeriodMs: number;
  readonly healthCheckTimeoutMs: number;
  readonly healthCheckFailures: number;
  /** Of a job's workers: over as many hosts as there are, or on as few as have room. */
  readonly placement: "spread" | "pack";
}

export interface DaemonSettings {
  readonly host: string;
  readonly port: number;
  readonly bindHost: string;
  readonly httpPort: number;
  readonly token: SecretRef;
  readonly tls: TlsSettings;
  readonly tunnel: "auto" | "always" | "never";
  readonly connectTimeoutMs: number;
  readonly warmWorkers: number;
  readonly keepHistory?: number;
  /** For workers on other hosts; unset: beside the other two on Sage's own clusters, elsewhere any. */
  readonly workersPort?: number;
  /** `FROM-TO`, for the records of workers on Ray; unset: any. */
  readonly dataPorts?: string;
  /** The daemon's host as workers on Ray reach it. */
  readonly advertiseHost?: string;
}

/** Where the state of jobs is kept. */
export interface CheckpointSettings {
  /** `s3://BUCKET/PREFIX`, or a folder of the daemon's host; unset: in the daemon's home. */
  readonly store?: string;
  /** How many stay of each job; unset: 3. */
  readonly keep?: number;
  readonly endpoint?: string;
  readonly region?: string;
  /** On this machine, in the form of AWS' own tools. */
  readonly credentialsPath?: string;
}

export interface ProjectSettings {
  readonly root: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Bytes of `4GiB`, `500MB`, `1.5 GB`, `1024`. K, M, G, T count in thousands; Ki, Mi, Gi, Ti in 1024. */
export function toBytes(size: number | string): number {
  if (typeof size === "number") return size;
  const parts = /^([0-9.]+) ?([KMGT]?)(i?)B?$/.exec(size);
  const power = ["", "K", "M", "G", "T"].indexOf(parts?.[2] ?? "");
  return Math.round(Number(parts?.[1] ?? Number.NaN) * (parts?.[3] === "i" ? 1024 : 1000) ** power);
}

/** A copy without the properties that are undefined. */
export function defined<T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
