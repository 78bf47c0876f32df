// NoKube's dialect → the cluster model. `storage.path` is the root of a node's data, logs and temporary files.
import { posix } from "node:path";
import { parseAddress } from "./addresses.ts";
import { defined, toBytes, type Cluster, type ClusterHost, type HeadHost, type Login, type LoginKey } from "./cluster.ts";
import { checkpointSettingsOf, daemonSettingsOf } from "./daemon-settings.ts";
import { defaultClientServerPort, defaultRayPort, isPrivateKey, tempFolder, type LoadedNokube } from "./load-nokube.ts";
import type { NokubeConfig, NokubeNode } from "./nokube-schema.ts";
import { pathFrom } from "./places.ts";
import type { SageConfig } from "./sage-schema.ts";
import type { SecretRef } from "./secret-ref.ts";

/**
 * @param sage - Sage's own configuration (its defaults, the environment, flags): what NoKube's dialect cannot say.
 * @param baseDir - the folder that relative paths in the file are relative to.
 */
export function clusterFromNokube(loaded: LoadedNokube, sage: SageConfig, baseDir: string, env: NodeJS.ProcessEnv): Cluster {
  const { nodes, ray_spec: spec } = loaded.value;
  const node = nodes.find((one) => one.role === "head");
  if (!node) throw new Error("a NoKube file without a head passed its check");
  const local = (path: string) => pathFrom(baseDir, path, env);
  const head = headOf(loaded.value, node, sage, local);
  return defined<Cluster>({
    name: "default",
    dialect: "nokube",
    path: loaded.path,
    head,
    workers: nodes.filter((one) => one.role === "worker").map((one) => hostOf(one, sage, local)),
    ssh: {
      connectTimeoutMs: sage.ssh.connect_timeout * 1000,
      keepaliveIntervalMs: sage.ssh.keepalive_interval * 1000,
      knownHostsPath: local(sage.ssh.known_hosts),
      configPath: local(sage.ssh.config_file),
      maxParallel: sage.ssh.max_parallel,
    },
    ray: defined({
      version: sage.ray.version,
      auth: sage.ray.auth,
      healthCheckPeriodMs: sage.ray.health_check_period_ms,
      healthCheckTimeoutMs: sage.ray.health_check_timeout_ms,
      healthCheckFailures: sage.ray.health_check_failures,
      placement: sage.ray.placement,
    }),
    daemon: daemonSettingsOf({ ...sage.daemon, host: head.host }, sage.home, local),
    project: { root: pathFrom(process.cwd(), sage.project.root, env), include: sage.project.include, exclude: sage.project.exclude },
    checkpoints: checkpointSettingsOf(sage.checkpoints, local),
    limits: defined({ maxWorkers: spec.max_workers }),
    keepReleases: sage.remote.keep_releases,
  });
}

type Local = (path: string) => string;

function headOf(config: NokubeConfig, node: NokubeNode, sage: SageConfig, local: Local): HeadHost {
  const host = hostOf(node, sage, local);
  const rayPort = node.ray_config.port ?? defaultRayPort;
  return {
    ...host,
    role: "head",
    tempDir: node.storage.path === undefined ? sage.head.temp_dir : host.tempDir,
    logDir: node.storage.path === undefined ? sage.head.log_dir : host.logDir,
    rayPort,
    dashboardPort: node.ray_config.dashboard_port ?? config.ray_spec.dashboard_port,
    dashboardHost: sage.head.dashboard_host,
    clientServerPort: rayPort === defaultClientServerPort ? rayPort + 1 : defaultClientServerPort,
  };
}

function hostOf(node: NokubeNode, sage: SageConfig, local: Local): ClusterHost {
  const address = parseAddress(node.ssh_url);
  if (!address) throw new Error("an ssh_url without a port from 1 to 65535 passed its check");
  const root = node.storage.path;
  const { object_store_memory: store } = node.ray_config;
  return defined<ClusterHost>({
    role: node.role,
    name: node.name ?? address.host,
    host: address.host,
    port: address.port,
    logins: loginsOf(node, address.user, local),
    rayHost: address.host,
    resources: defined({
      cpus: node.ray_config.num_cpus,
      gpus: node.ray_config.num_gpus,
      objectStoreBytes: store === undefined ? undefined : toBytes(store),
      custom: { ...node.ray_config.resources },
    }),
    sageHome: root === undefined ? sage.remote.sage_home : posix.join(root, "sage"),
    dataDir: root,
    tempDir: root === undefined ? sage.worker.temp_dir : posix.join(root, tempFolder),
    logDir: root === undefined ? sage.worker.log_dir : posix.join(root, "logs"),
    pythonPath: sage.remote.python_path,
    rayCommand: sage.remote.ray_command,
    condaEnv: sage.remote.conda_env,
    proxy: { ...node.proxy },
  });
}

function loginsOf(node: NokubeNode, addressUser: string | undefined, local: Local): Login[] {
  const users = node.users ?? [];
  if (users.length === 0) return [{ user: addressUser ?? "root" }];
  return users.map((entry) => defined<Login>({
    user: entry.userid,
    key: entry.sshkey === undefined ? undefined : keyOf(entry.sshkey, local),
    password: entry.password,
  }));
}

/** `sshkey` may be a path, the key's text, a public key, or where one of these is kept. */
function keyOf(ref: SecretRef, local: Local): LoginKey {
  if (ref.from !== "value") return { from: "text", privateKey: ref };
  const text = ref.secret.reveal();
  if (isPrivateKey(text)) return { from: "text", privateKey: ref };
  if (/^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ /.test(text)) return { from: "agent", publicKey: text.trim() };
  return { from: "path", path: local(text) };
}

