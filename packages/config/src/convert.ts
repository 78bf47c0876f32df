// NoKube's file → Sage's, as text that describes the same cluster.
import { stringify } from "yaml";
import { parseAddress } from "./addresses.ts";
import type { ConfigFinding } from "./errors.ts";
import { defaultRayPort, isPrivateKey, resolveNokube, tempFolder, defaultClientServerPort } from "./load-nokube.ts";
import type { NokubeConfig, NokubeNode } from "./nokube-schema.ts";
import type { ConfigFile } from "./read-file.ts";
import type { SecretRef } from "./secret-ref.ts";

export interface Converted {
  /** YAML of Sage's dialect. May hold passwords that the old file held: write it with mode 0600. */
  readonly text: string;
  /** What Sage's dialect cannot say, and what the old file made doubtful. */
  readonly warnings: readonly ConfigFinding[];
}

/** @throws {@link ConfigError} if the file is not a good NoKube file. */
export function convertNokube(file: ConfigFile, env: NodeJS.ProcessEnv): Converted {
  const loaded = resolveNokube(file, env);
  const warnings = [...loaded.warnings];
  const lose = (i: number, key: string, message: string, hint: string) => {
    const path = ["nodes", i, key];
    warnings.push({ ...file.locator.place(path, true), key: path.join("."), message, hint });
  };
  const hosts = loaded.value.nodes.map((node, i) => hostOf(node, (key, message, hint) => lose(i, key, message, hint)));
  const text = stringify(sageOf(loaded.value, hosts), { lineWidth: 0 });
  return { text: `# yaml-language-server: $schema=./sage.schema.json\n# Converted from a NoKube ray-config.yaml.\n${text}`, warnings };
}

type Lose = (key: string, message: string, hint: string) => void;
type Host = ReturnType<typeof hostOf>;

function sageOf(config: NokubeConfig, hosts: readonly Host[]): object {
  const at = config.nodes.findIndex((node) => node.role === "head");
  const node = config.nodes[at];
  const head = hosts[at];
  if (!node || !head) throw new Error("a NoKube file without a head passed its check");
  const { port: sshPort, ...rest } = head;
  const rayPort = node.ray_config.port ?? defaultRayPort;
  return {
    head: {
      ...rest,
      head_port: rayPort,
      dashboard_port: node.ray_config.dashboard_port ?? config.ray_spec.dashboard_port,
      ssh_port: sshPort,
    },
    workers_ssh_hosts: hosts.filter((_, i) => i !== at),
    ...(rayPort === defaultClientServerPort ? { ray: { client_server_port: defaultClientServerPort + 1 } } : {}),
    ...(config.ray_spec.max_workers === undefined ? {} : { limits: { max_workers: config.ray_spec.max_workers } }),
  };
}

function hostOf(node: NokubeNode, lose: Lose) {
  const address = parseAddress(node.ssh_url);
  if (!address) throw new Error("an ssh_url without a port from 1 to 65535 passed its check");
  const { num_cpus: cpus, num_gpus: gpus, object_store_memory: store, resources: custom } = node.ray_config;
  const resources = { ...given({ cpus, gpus, object_store_memory: store }), ...(custom ? { custom } : {}) };
  const root = node.storage.path;
  return {
    host: address.host,
    port: address.port,
    ...(node.name === undefined ? {} : { name: node.name }),
    ...loginOf(node, address.user, lose),
    ...(root === undefined ? {} : { sage_home: `${trimmed(root)}/sage`, temp_dir: `${trimmed(root)}/${tempFolder}`, log_dir: `${trimmed(root)}/logs` }),
    ...(Object.keys(node.proxy).length > 0 ? { proxy: { ...node.proxy } } : {}),
    ...(Object.keys(resources).length > 0 ? { resources } : {}),
  };
}

function loginOf(node: NokubeNode, addressUser: string | undefined, lose: Lose): object {
  const [user, ...others] = node.users ?? [];
  if (!user) return { user: addressUser ?? "root" };
  if (others.length > 0) lose("users", `has ${others.length + 1} logins; Sage's form keeps the first`, "put the one that works first");
  const key = user.sshkey === undefined ? undefined : keyPathOf(user.sshkey, lose);
  return { user: user.userid, ...given({ key_path: key }), ...(user.password === undefined ? {} : { password: settingOf(user.password) }) };
}

function keyPathOf(ref: SecretRef, lose: Lose): string | undefined {
  const text = ref.from === "value" ? ref.secret.reveal() : undefined;
  if (text !== undefined && !isPrivateKey(text) && !/^(ssh-|ecdsa-|sk-)/.test(text)) return text;
  lose("users", "has a key's text as sshkey; Sage's form takes the path of a key file", "save the key with mode 0600 and set key_path");
  return undefined;
}

function settingOf(ref: SecretRef): unknown {
  if (ref.from === "value") return ref.secret.reveal();
  return ref.from === "env" ? { env: ref.variable } : { file: ref.path };
}

function given(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, "");
}
