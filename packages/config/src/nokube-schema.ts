// Every key of NoKube's `ray-config.yaml`. All of it is honoured; `cluster-from-nokube.ts` says how.
import { Type, type Static } from "@sinclair/typebox";
import { address, amount, bytes, choice, integer, listOf, namesTo, optional, pathThere, port, secret, section, user, withDefault, words } from "./key-kinds.ts";
import type { Filled } from "./filled.ts";

const userEntry = Type.Object({
  userid: withDefault(user({ description: "Login user." }), "root"),
  password: optional(secret({ description: "Password. A key is safer.", examples: [{ env: "HEAD_PASSWORD" }] })),
  sshkey: optional(secret({ description: "Private key: its path, or its text (PEM); or a public key whose private half the agent holds.", examples: ["~/.ssh/id_ed25519"] })),
}, { additionalProperties: false, description: "One login. An entry with neither password nor sshkey uses the agent and the usual key files.", allowed: "a section with userid, password, sshkey" });

const rayConfig = section({
  port: optional(port({ description: "Ray's own port on the head; unset: 6379. At 10001 it meets Ray's client server, which then moves to the next port.", examples: [6379] })),
  dashboard_port: optional(port({ description: "Port of Ray's dashboard; unset: ray_spec.dashboard_port.", examples: [8265] })),
  num_cpus: optional(amount({ description: "CPUs that the node offers to Ray; unset: all it has.", unit: "CPUs", examples: [8] })),
  num_gpus: optional(amount({ description: "GPUs that the node offers to Ray; unset: all it has.", unit: "GPUs", examples: [1] })),
  object_store_memory: optional(bytes({ description: "Memory of Ray's object store; unset: Ray decides.", examples: [2_000_000_000] })),
  resources: optional(namesTo(amount({ description: "How much of the resource there is." }), { description: "Custom resources of the node, by name.", examples: [{ ssd: 1 }] })),
}, { description: "Ray on this node." });

const node = Type.Object({
  ssh_url: address({ description: "Where SSH reaches the node.", examples: ["prod-server-1:22"] }),
  name: optional(words({ description: "What to call it in output; unset: its host.", examples: ["ray-head"] })),
  role: withDefault(choice(["head", "worker"], { description: "Exactly one node is the head." }), "worker"),
  ray_config: optional(rayConfig),
  storage: optional(section({
    type: withDefault(choice(["local"], { description: "Kind of storage." }), "local"),
    path: optional(pathThere({ description: "Root of the node's data, logs and temporary files. At most 40 characters.", examples: ["/opt/nokube/data/ray/head"] })),
  }, { description: "Where the node keeps its data." })),
  users: optional(listOf(userEntry, { description: "Logins, tried in this order.", allowed: "a list of logins" })),
  proxy: optional(section({
    http_proxy: optional(words({ description: "http_proxy of remote commands.", examples: ["http://proxy:3128"] })),
    https_proxy: optional(words({ description: "https_proxy of remote commands.", examples: ["http://proxy:3128"] })),
    no_proxy: optional(words({ description: "no_proxy of remote commands.", examples: ["localhost"] })),
  }, { description: "Proxy variables for commands on this node." })),
}, { additionalProperties: false, description: "One host of the cluster.", allowed: "a section with ssh_url, name, role, ray_config, storage, users, proxy" });

export const nokubeSchema = Type.Object({
  ray_spec: optional(section({
    dashboard_port: withDefault(port({ description: "Port of Ray's dashboard." }), 8265),
    max_workers: optional(integer(0, 10_000, { description: "The most worker nodes that the cluster may have; unset: no limit.", unit: "nodes", examples: [10] })),
  }, { description: "The cluster as a whole." })),
  nodes: Type.Array(node, { minItems: 1, maxItems: 10_000, description: "The hosts of the cluster.", allowed: "a list of at least one node" }),
}, { $schema: "http://json-schema.org/draft-07/schema#", title: "NoKube Ray configuration", description: "ray-config.yaml", additionalProperties: false });

/** What a file may hold. */
export type NokubeFile = Static<typeof nokubeSchema>;
/** What loading gives: defaults filled in, secrets as references. */
export type NokubeConfig = Filled<typeof nokubeSchema>;
export type NokubeNode = NokubeConfig["nodes"][number];
