// Every key of `~/.sage/config.yaml`. Nothing is required: local use needs no file, a cluster needs `head.host`.
//
// Times are in seconds unless a key's name ends in `_ms`; sizes are in bytes. Paths on a host may start with `~/`,
// the home of the user that logs in there. Keep the order: the reference and `sage config init` follow it.
import { Type, type Static } from "@sinclair/typebox";
import {
  address, addressList, amount, bytes, choice, condaName, either, flag, host, integer, listOf, namesTo, optional,
  pathHere, pathThere, port, ports, programThere, secret, section, user, withDefault, words,
} from "./key-kinds.ts";
import { defaultHttpPort } from "./default-ports.ts";
import type { Filled } from "./filled.ts";

const resources = (whose: string) =>
  section({
    cpus: optional(amount({ description: `CPUs that ${whose} offers to Ray; unset: all it has.`, unit: "CPUs", examples: [8] })),
    gpus: optional(amount({ description: `GPUs that ${whose} offers to Ray; unset: all it has.`, unit: "GPUs", examples: [1] })),
    memory: optional(bytes({ description: `Memory that ${whose} offers to tasks and actors; unset: Ray decides.`, examples: ["16GiB"] })),
    object_store_memory: optional(bytes({ description: `Memory of Ray's object store on ${whose}; unset: Ray decides.`, examples: [2_000_000_000] })),
    custom: optional(namesTo(amount({ description: "How much of the resource there is." }), { description: `Custom resources of ${whose}, by name.`, examples: [{ ssd: 1 }] })),
  }, { description: `What ${whose} offers to Ray.` });

const programs = {
  sage_home: optional(pathThere({ description: "Folder of Sage on the host: releases, the Ray venv, data.", examples: ["/home/sage"] })),
  python_path: optional(programThere({ description: "Python on the host; unset: found there.", examples: ["/opt/conda/envs/sage/bin/python"] })),
  ray_command: optional(programThere({ description: "Ray's command on the host; unset: beside python_path, or Sage's own venv.", examples: ["/opt/conda/envs/sage/bin/ray"] })),
  conda_env: optional(condaName({ description: "Conda environment whose Python and Ray are used: its name, or its folder.", examples: ["sage"] })),
};

const login = {
  user: optional(user({ description: "Login user on this host; unset: ssh.user.", examples: ["sage"] })),
  key_path: optional(pathHere({ description: "Private key for this host; unset: ssh.key_path.", examples: ["~/.ssh/id_ed25519"] })),
  password: optional(secret({ description: "Password for this host. A key is safer.", examples: [{ env: "SAGE2_PASSWORD" }] })),
  jump_host: optional(address({ description: "Host to go through on the way to this one; unset: ssh.jump_host.", examples: ["bastion:22"] })),
};

const proxy = section({
  http_proxy: optional(words({ description: "http_proxy of remote commands.", examples: ["http://proxy:3128"] })),
  https_proxy: optional(words({ description: "https_proxy of remote commands.", examples: ["http://proxy:3128"] })),
  no_proxy: optional(words({ description: "no_proxy of remote commands.", examples: ["localhost,10.0.0.0/8"] })),
}, { description: "Proxy variables for remote commands; a host's own count before those in remote.proxy." });

const head = section({
  host: optional(host({ description: "The head host's name or IP address. Reached over SSH unless it is this machine.", examples: ["base-sage"] })),
  name: optional(words({ description: "What to call the head in output; unset: its host.", examples: ["ray-head"] })),
  head_port: withDefault(port({ description: "Ray's own port on the head." }), 6379),
  dashboard_port: withDefault(port({ description: "Port of Ray's dashboard." }), 8265),
  dashboard_host: withDefault(host({ description: "Address that Ray's dashboard listens on. 0.0.0.0 shows it, without a password, to everyone who can reach the host." }), "127.0.0.1"),
  temp_dir: withDefault(pathThere({ description: "Ray's temporary folder on the head. At most 44 characters: Ray puts sockets below it." }), "/var/tmp/ray"),
  log_dir: withDefault(pathThere({ description: "Folder of the head's logs." }), "/var/tmp/sage_head_logs"),
  ...programs,
  ssh_port: withDefault(port({ description: "SSH port of the head host." }), 22),
  ...login,
  proxy: optional(proxy),
  resources: optional(resources("the head")),
}, { description: "The head host: Ray's head, the JobManager daemon." });

const workerHost = Type.Object({
  host: host({ description: "The worker's name or IP address.", examples: ["sage2"] }),
  port: withDefault(port({ description: "SSH port." }), 22),
  name: optional(words({ description: "What to call it in output; unset: its host.", examples: ["gpu-box"] })),
  ...login,
  bind_host: optional(host({ description: "Address that Ray uses on this host; unset: worker.bind_host.", examples: ["10.0.0.2"] })),
  temp_dir: optional(pathThere({ description: "Ray's temporary folder on this host; unset: worker.temp_dir.", examples: ["/data/ray"] })),
  log_dir: optional(pathThere({ description: "Folder of this host's logs; unset: worker.log_dir.", examples: ["/data/logs"] })),
  ...programs,
  proxy: optional(proxy),
  resources: optional(resources("this host")),
}, { additionalProperties: false, description: "One worker host.", allowed: "a section of keys" });

const workerList = (description: string) =>
  listOf(either(address({ description: "HOST[:PORT]" }), workerHost, { description: "One worker host.", allowed: '"HOST:PORT", or a section with host, port, user, key_path, resources' }), {
    description, allowed: "a list of hosts",
  });

const worker = section({
  bind_host: withDefault(host({ description: 'Address that Ray uses on a worker; "localhost" means the host\'s own name.' }), "localhost"),
  temp_dir: withDefault(pathThere({ description: "Ray's temporary folder on every worker. At most 44 characters." }), "/tmp/ray_worker"),
  log_dir: withDefault(pathThere({ description: "Folder of the logs on every worker." }), "/tmp/sage_worker_logs"),
  resources: optional(resources("each worker")),
}, { description: "What holds for every worker host." });

const ssh = section({
  user: optional(user({ description: "Login user on every host; unset: what ~/.ssh/config says, else the local user.", examples: ["sage"] })),
  key_path: optional(pathHere({ description: "Private key; unset: the agent, then the usual files in ~/.ssh.", examples: ["~/.ssh/id_rsa"] })),
  key_passphrase: optional(secret({ description: "Passphrase of an encrypted key.", examples: [{ env: "SAGE_KEY_PASSPHRASE" }] })),
  password: optional(secret({ description: "Password on every host. A key is safer.", examples: [{ env: "SAGE_PASSWORD" }] })),
  connect_timeout: withDefault(integer(1, 3600, { description: "How long a connection may take.", unit: "seconds" }), 10),
  keepalive_interval: withDefault(integer(1, 3600, { description: "Pause between signs of life; three lost ones end the connection.", unit: "seconds" }), 5),
  jump_host: optional(address({ description: "Host that every connection goes through (as ssh -J).", examples: ["ops@bastion:22"] })),
  known_hosts: withDefault(pathHere({ description: "File of known host keys. An unknown key is an error: `sage cluster trust HOST`." }), "~/.ssh/known_hosts"),
  config_file: withDefault(pathHere({ description: "OpenSSH client configuration with aliases and ProxyJump." }), "~/.ssh/config"),
  max_parallel: withDefault(integer(1, 1024, { description: "Hosts worked on at the same time.", unit: "hosts" }), 64),
  workers: optional(workerList("Worker hosts, as workers_ssh_hosts; both lists count.")),
}, { description: "How hosts are reached." });

const remote = section({
  sage_home: withDefault(pathThere({ description: "Folder of Sage on every host: releases, the Ray venv, data." }), "~/.sage"),
  python_path: programs.python_path,
  ray_command: programs.ray_command,
  conda_env: programs.conda_env,
  keep_releases: withDefault(integer(1, 100, { description: "Deployed releases that are kept for `sage cluster rollback`.", unit: "releases" }), 3),
  proxy: optional(proxy),
  force_reinstall: optional(flag({ description: "Has no effect: deploys go by content hash.", deprecated: true })),
}, { description: "The environment on every host." });

const daemon = section({
  host: withDefault(host({ description: "Where the JobManager daemon is reached; unset: head.host, else this machine." }), "127.0.0.1"),
  port: withDefault(port({ description: "The daemon's port for clients and workers (gRPC)." }), 19_001),
  bind_host: withDefault(host({ description: "Address that the daemon listens on. On any but loopback it wants a token, and speaks TLS." }), "127.0.0.1"),
  http_port: withDefault(port({ description: "The daemon's port for browsers: dashboard and /metrics." }), defaultHttpPort),
  workers_port: optional(port({ description: "The daemon's port for workers on other hosts; unset: port + 2 on Sage's own clusters, elsewhere any.", examples: [19_003] })),
  data_ports: optional(ports({ description: "Ports on which workers on Ray listen for one another's records; unset: any.", examples: ["20000-20999"] })),
  advertise_host: optional(host({ description: "The daemon's host as workers on Ray reach it; unset: the address from which it reaches them, on Sage's own clusters the head's.", examples: ["10.0.0.5"] })),
  token: optional(secret({ description: "Token that callers must show; unset: token_file.", examples: [{ file: "~/.sage/token" }] })),
  token_file: optional(pathHere({ description: "File with the token, mode 0600; unset: `token` in Sage's home, made by deploy.", examples: ["~/.sage/token"] })),
  tls: optional(section({
    mode: withDefault(choice(["auto", "on", "off"], { description: "Whether the daemon and its callers speak TLS: auto does where the daemon listens on more than loopback. off: clear text there too, token included; only on a network that is trusted." }), "auto"),
    cert_file: optional(pathHere({ description: "The daemon's certificate (PEM), on this machine: deploy brings it to the head. Unset: `sage deploy start` makes one where it is needed, and makes it anew before it ends.", examples: ["~/certs/sage.pem"] })),
    key_file: optional(pathHere({ description: "The certificate's private key (PEM), mode 0600.", examples: ["~/certs/sage.key"] })),
    ca_file: optional(pathHere({ description: "Certificates that callers trust (PEM); unset: `tls/ca.pem` in Sage's home where Sage has made one, else those of the system.", examples: ["~/certs/ca.pem"] })),
    client_ca_file: optional(pathHere({ description: "Certificates that vouch for callers (PEM). Set: callers have to show a certificate (mutual TLS).", examples: ["~/certs/callers.pem"] })),
    client_cert_file: optional(pathHere({ description: "The certificate that this machine shows to the daemon (PEM).", examples: ["~/certs/me.pem"] })),
    client_key_file: optional(pathHere({ description: "Its private key (PEM), mode 0600.", examples: ["~/certs/me.key"] })),
  }, { description: "TLS between the daemon and who calls it." })),
  tunnel: withDefault(choice(["auto", "always", "never"], { description: "Whether the CLI reaches the daemon through SSH: auto does when the daemon listens on loopback of another host." }), "auto"),
  connect_timeout: withDefault(integer(1, 3600, { description: "How long reaching the daemon may take.", unit: "seconds" }), 10),
  warm_workers: withDefault(integer(0, 1024, { description: "Worker processes that are kept started for the next job, 60 MB each: on the daemon's host, or on each host of Ray.", unit: "processes" }), 1),
  keep_history: optional(integer(1, 100_000, { description: "How many moves from phase to phase the history of a job keeps, older ones are counted; unset: 400.", unit: "moves", examples: [1_000] })),
}, { description: "The JobManager daemon." });

const ray = section({
  address: optional(Type.String({ description: "A running Ray cluster to attach to, instead of one that Sage starts: its client server, or, where only that port is open, its dashboard.", pattern: "^(?:auto|ray://[A-Za-z0-9\\[][A-Za-z0-9.:_\\]-]{0,255}:[0-9]{1,5}|https?://[A-Za-z0-9\\[][A-Za-z0-9.:_\\]/-]{0,255})$", allowed: "auto, ray://HOST:PORT, or http://HOST:PORT of Ray's dashboard", examples: ["ray://base-sage:10001", "http://base-sage:8265"] })),
  placement: withDefault(choice(["spread", "pack"], { description: "Where workers of a job go: spread over as many hosts as there are, or pack on as few as have room." }), "spread"),
  version: optional(Type.String({ description: "Ray's version on every host; unset: the one Sage was tested with.", pattern: "^[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}$", allowed: 'a version such as "2.60.0"', examples: ["2.60.0"] })),
  client_server_port: withDefault(port({ description: "Port of Ray's client server on the head." }), 10_001),
  auth: withDefault(choice(["auto", "off"], { description: "Whether Ray's ports ask for a token: auto does where Ray can (2.52 and later). Deploy makes it; it lies on the hosts in sage_home, mode 0600." }), "auto"),
  health_check_period_ms: withDefault(integer(100, 600_000, { description: "Pause between the head's health checks of a host.", unit: "milliseconds" }), 1000),
  health_check_timeout_ms: withDefault(integer(100, 600_000, { description: "How long a host may take to answer one.", unit: "milliseconds" }), 1000),
  health_check_failures: withDefault(integer(1, 100, { description: "Failed checks in a row after which a host is dead.", unit: "checks" }), 3),
}, { description: "Ray itself." });

const checkpoints = section({
  store: optional(Type.String({ description: "Where the daemon keeps the checkpoints of jobs: a folder of its host, or a bucket; unset: in its home.", pattern: "^(?:s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9_./-]{0,512})?|~?/[^\\x00-\\x1f]{1,1024})$", allowed: "s3://BUCKET/PREFIX, or an absolute path", examples: ["s3://bucket/sage", "/mnt/shared/sage"] })),
  keep: optional(integer(1, 1_000, { description: "How many checkpoints of each job stay, besides savepoints; unset: 3. What a job says itself goes before.", unit: "checkpoints", examples: [5] })),
  endpoint: optional(Type.String({ description: "The S3-compatible server; unset: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, else AWS.", pattern: "^https?://[^/\\s]{1,255}$", allowed: "a URL such as https://minio:9000", examples: ["https://minio:9000"] })),
  region: optional(words({ description: "The server's region; unset: AWS_REGION, else us-east-1.", examples: ["eu-central-1"] })),
  credentials_file: optional(pathHere({ description: "File with aws_access_key_id and aws_secret_access_key under [default], mode 0600; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go before.", examples: ["~/.sage/s3"] })),
}, { description: "Where the state of jobs is kept." });

const limits = section({
  max_workers: optional(integer(0, 10_000, { description: "The most worker hosts that the cluster may have; unset: no limit.", unit: "hosts", examples: [10] })),
}, { description: "Limits of the cluster." });

const project = section({
  root: withDefault(pathHere({ description: "Folder of the project that deploy ships, relative to where the command runs." }), "."),
  include: withDefault(listOf(words({ description: "A glob, relative to root." }), { description: "Files that are shipped: globs relative to root.", allowed: "a list of globs" }), ["**"]),
  exclude: withDefault(listOf(words({ description: "A glob, relative to root." }), { description: "Files that are not shipped, even if included.", allowed: "a list of globs" }), [".git/**", "**/node_modules/**", "**/.env*", "**/__pycache__/**", ".sage/**"]),
}, { description: "The project's files that deploy ships to the hosts." });

const workersSshHosts = optional(either(addressList({ description: "HOST[:PORT] separated by commas." }), workerList("A list of hosts."), {
  description: "The worker hosts: a string, or a list of HOST:PORT or {host, port, user, key_path, resources}.",
  allowed: 'text such as "sage2:22,sage4:22", or a list of hosts', examples: ["sage2:22,sage4:22"],
}));

const cluster = { head: optional(head), worker: optional(worker), workers_ssh_hosts: workersSshHosts, ssh: optional(ssh), remote: optional(remote), daemon: optional(daemon), ray: optional(ray), limits: optional(limits), project: optional(project) };
const unused = (name: string) =>
  optional(Type.Unsafe<unknown>({ type: "object", description: `Has no effect: \`${name}\` of older files is read by nobody.`, deprecated: true, allowed: "a section of keys" }));

export const sageSchema = Type.Object({
  target: withDefault(choice(["local", "remote"], { description: "Where environment() runs a pipeline: in this process, or on the cluster." }), "local"),
  home: withDefault(pathHere({ description: "Sage's folder on this machine: configuration, logs, data." }), "~/.sage"),
  checkpoints: optional(checkpoints),
  cluster: optional(Type.String({ description: "The named cluster that commands use; unset: the keys at the top.", pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$", allowed: "a name of letters, digits, `_` and `-`", examples: ["prod"] })),
  ...cluster,
  clusters: optional(namesTo(Type.Object(cluster, { additionalProperties: false, description: "One cluster.", allowed: "a section of keys" }), {
    description: "More clusters, by name, each with the sections above. What one does not set is taken from the top, but for hosts and tokens: those are never inherited.", examples: [{ prod: { head: { host: "base-sage" } } }],
  })),
  output: unused("output"),
  monitor: unused("monitor"),
  jobmanager: unused("jobmanager"),
}, { $schema: "http://json-schema.org/draft-07/schema#", title: "Sage configuration", description: "~/.sage/config.yaml", additionalProperties: false });

/** What a file may hold. */
export type SageConfigFile = Static<typeof sageSchema>;
/** What loading gives: defaults filled in, secrets as references; of the named clusters the names. */
export type SageConfig = Omit<Filled<typeof sageSchema>, "clusters"> & { readonly clusters: readonly string[] };
export type WorkerHostSetting = Filled<typeof workerHost>;
