// Sage's dialect → the cluster model.
import { dirname } from "node:path";
import { isLoopback } from "@sage/core";
import { parseAddress, type Address } from "./addresses.ts";
import { defined, toBytes, type Cluster, type ClusterHost, type HeadHost, type HostResources, type Login, type SshSettings } from "./cluster.ts";
import { checkpointSettingsOf, daemonSettingsOf } from "./daemon-settings.ts";
import { ConfigError } from "./errors.ts";
import type { LoadedConfig } from "./load.ts";
import { pathFrom } from "./places.ts";
import type { SageConfig } from "./sage-schema.ts";
import { workerEntries, type WorkerEntry } from "./worker-list.ts";

/** @throws {@link ConfigError} if no head host is named. */
export function clusterFromSage(loaded: LoadedConfig, env: NodeJS.ProcessEnv): Cluster {
  const config = loaded.value;
  const { host } = config.head;
  if (host === undefined) throw noHead(loaded);
  const here: Here = { config, local: (path) => pathFrom(loaded.path === undefined ? process.cwd() : dirname(loaded.path), path, env) };
  return defined<Cluster>({
    name: loaded.cluster ?? "default",
    dialect: "sage",
    path: loaded.path,
    head: headOf(here, host),
    workers: workerEntries(config).flatMap((entry) => (entry.address ? [workerOf(here, entry, entry.address)] : [])),
    ssh: sshOf(here),
    ray: defined({
      address: config.ray.address,
      placement: config.ray.placement,
      version: config.ray.version,
      auth: config.ray.auth,
      healthCheckPeriodMs: config.ray.health_check_period_ms,
      healthCheckTimeoutMs: config.ray.health_check_timeout_ms,
      healthCheckFailures: config.ray.health_check_failures,
    }),
    daemon: daemonSettingsOf(config.daemon, config.home, here.local),
    project: { root: pathFrom(process.cwd(), config.project.root, env), include: config.project.include, exclude: config.project.exclude },
    checkpoints: checkpointSettingsOf(config.checkpoints, here.local),
    limits: defined({ maxWorkers: config.limits.max_workers }),
    keepReleases: config.remote.keep_releases,
  });
}

interface Here {
  readonly config: SageConfig;
  /** A path on this machine, as the file means it. */
  readonly local: (path: string) => string;
}

function noHead(loaded: LoadedConfig): ConfigError {
  const names = loaded.value.clusters;
  const hint = loaded.cluster === undefined && names.length > 0 ? `choose a cluster with --cluster: ${names.join(", ")}` : "write the head host's name: sage config set head.host HOST";
  const key = loaded.cluster === undefined ? "head.host" : `clusters.${loaded.cluster}.head.host`;
  return new ConfigError([{ path: loaded.path ?? "configuration", key, message: "is missing, allowed: a host name or an IP address", hint }]);
}

function headOf(here: Here, host: string): HeadHost {
  const { head, ray } = here.config;
  const moves = ray.client_server_port === head.head_port;
  return defined<HeadHost>({
    ...hostOf(here, head),
    role: "head",
    name: head.name ?? host,
    host,
    port: head.ssh_port,
    rayHost: host,
    tempDir: head.temp_dir,
    logDir: head.log_dir,
    rayPort: head.head_port,
    dashboardPort: head.dashboard_port,
    dashboardHost: head.dashboard_host,
    clientServerPort: moves ? ray.client_server_port + 1 : ray.client_server_port,
  });
}

function workerOf(here: Here, entry: WorkerEntry, address: Address): ClusterHost {
  const { worker } = here.config;
  const own = entry.setting;
  const bindHost = own?.bind_host ?? worker.bind_host;
  const shared = resourcesOf(worker.resources);
  const common = hostOf(here, own ?? {}, address.user);
  return {
    ...common,
    role: "worker",
    name: own?.name ?? address.host,
    host: address.host,
    port: address.port,
    rayHost: isLoopback(bindHost) ? address.host : bindHost,
    resources: { ...shared, ...common.resources, custom: { ...shared.custom, ...common.resources.custom } },
    tempDir: own?.temp_dir ?? worker.temp_dir,
    logDir: own?.log_dir ?? worker.log_dir,
  };
}

type OwnKeys = Partial<Pick<SageConfig["head"], "user" | "key_path" | "password" | "jump_host" | "sage_home" | "python_path" | "ray_command" | "conda_env" | "proxy" | "resources">>;

/** What a host has whatever its role: its own keys over those for all hosts. */
function hostOf(here: Here, own: OwnKeys, addressUser?: string) {
  const { remote, ssh } = here.config;
  const jump = own.jump_host ?? ssh.jump_host;
  return defined<Pick<ClusterHost, "logins" | "jump" | "resources" | "sageHome" | "pythonPath" | "rayCommand" | "condaEnv" | "proxy">>({
    logins: [loginOf(here, own, addressUser)],
    jump: jump === undefined ? undefined : parseAddress(jump),
    resources: resourcesOf(own.resources),
    sageHome: own.sage_home ?? remote.sage_home,
    pythonPath: own.python_path ?? remote.python_path,
    rayCommand: own.ray_command ?? remote.ray_command,
    condaEnv: own.conda_env ?? remote.conda_env,
    proxy: { ...remote.proxy, ...own.proxy },
  });
}

function loginOf(here: Here, own: OwnKeys, addressUser?: string): Login {
  const { ssh } = here.config;
  const keyPath = own.key_path ?? ssh.key_path;
  const passphrase = ssh.key_passphrase;
  return defined<Login>({
    user: own.user ?? addressUser ?? ssh.user,
    key: keyPath === undefined ? undefined : defined({ from: "path" as const, path: here.local(keyPath), passphrase }),
    password: own.password ?? ssh.password,
  });
}

function resourcesOf(resources: SageConfig["head"]["resources"] | undefined): HostResources {
  const { memory, object_store_memory: store } = resources ?? {};
  return defined<HostResources>({
    cpus: resources?.cpus,
    gpus: resources?.gpus,
    memoryBytes: memory === undefined ? undefined : toBytes(memory),
    objectStoreBytes: store === undefined ? undefined : toBytes(store),
    custom: { ...resources?.custom },
  });
}

function sshOf(here: Here): SshSettings {
  const { ssh } = here.config;
  return {
    connectTimeoutMs: ssh.connect_timeout * 1000,
    keepaliveIntervalMs: ssh.keepalive_interval * 1000,
    knownHostsPath: here.local(ssh.known_hosts),
    configPath: here.local(ssh.config_file),
    maxParallel: ssh.max_parallel,
  };
}
