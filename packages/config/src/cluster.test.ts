import { Secret } from "@sage/core";
import { expect, test } from "vitest";
import { toBytes, type Cluster, type ClusterHost } from "./cluster.ts";
import { convertNokube } from "./convert.ts";
import { ConfigError, formatFinding } from "./errors.ts";
import { resolveCluster } from "./load-cluster.ts";
import { configFileOf } from "./read-file.ts";

const env = { HOME: "/home/me" };
const clusterOf = (text: string, cluster?: string) => resolveCluster(configFileOf(text, "/etc/sage/c.yaml"), { env, ...(cluster === undefined ? {} : { cluster }) });

/** Secrets revealed, to compare what logins really hold. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revealed(one)]));
}

function worker(cluster: Cluster, index: number): ClusterHost {
  const host = cluster.workers[index];
  if (!host) throw new Error(`there is no worker ${index}`);
  return host;
}

test("the three forms of a worker list say the same", () => {
  const forms = ['workers_ssh_hosts: "sage2:22,sage4:23"', "workers_ssh_hosts: [sage2, sage4:23]", "workers_ssh_hosts: [{ host: sage2 }, { host: sage4, port: 23 }]", "ssh: { workers: [{ host: sage2, port: 22 }, sage4:23] }"];
  for (const form of forms) {
    const { cluster } = clusterOf(`head: { host: base }\n${form}\n`);
    expect(cluster.workers.map((one) => [one.host, one.port, one.rayHost])).toEqual([["sage2", 22, "sage2"], ["sage4", 23, "sage4"]]);
  }
});

test("a host's own keys count before its section's, and those before the ones for all", () => {
  const { cluster } = clusterOf(`
head: { host: base, user: boss, sage_home: /srv/head, resources: { cpus: 2 } }
worker: { bind_host: localhost, temp_dir: /tmp/w, resources: { cpus: 8, custom: { disk: 1 } } }
workers_ssh_hosts:
  - sage2
  - { host: sage4, user: me, key_path: keys/id, bind_host: 10.0.0.4, temp_dir: /data/t, password: pw, jump_host: gate:2222, resources: { cpus: 4, memory: 1GiB, custom: { ssd: 2 } } }
ssh: { user: sage, key_path: ~/.ssh/id_rsa, connect_timeout: 7, jump_host: ops@bastion }
remote: { sage_home: /home/sage, conda_env: sage, proxy: { http_proxy: "http://p:1" } }
`);
  const login = { key: { from: "path", path: "/home/me/.ssh/id_rsa" } };
  expect(cluster.head).toMatchObject({ sageHome: "/srv/head", condaEnv: "sage", logins: [{ user: "boss", ...login }], resources: { cpus: 2, custom: {} } });
  expect(worker(cluster, 0)).toMatchObject({ sageHome: "/home/sage", rayHost: "sage2", tempDir: "/tmp/w", logins: [{ user: "sage", ...login }], jump: { user: "ops", host: "bastion", port: 22 }, resources: { cpus: 8, custom: { disk: 1 } }, proxy: { http_proxy: "http://p:1" } });
  expect(revealed(worker(cluster, 1))).toMatchObject({
    rayHost: "10.0.0.4", tempDir: "/data/t", jump: { host: "gate", port: 2222 },
    logins: [{ user: "me", key: { path: "/etc/sage/keys/id" }, password: { secret: "pw" } }],
    resources: { cpus: 4, memoryBytes: 1024 ** 3, custom: { disk: 1, ssd: 2 } },
  });
  expect(cluster.ssh.connectTimeoutMs).toBe(7000);
});

test("a cluster without a head is refused; where clusters are named, they are listed", () => {
  const failure = (text: string) => {
    try {
      clusterOf(text);
    } catch (error) {
      if (error instanceof ConfigError) return error.findings.map(formatFinding);
    }
    return [];
  };
  expect(failure("")).toEqual(["/etc/sage/c.yaml head.host: is missing, allowed: a host name or an IP address; write the head host's name: sage config set head.host HOST"]);
  expect(failure("clusters: { prod: { head: { host: a } } }\n")).toEqual([expect.stringContaining("choose a cluster with --cluster: prod")]);
  expect(clusterOf("clusters: { prod: { head: { host: a } } }\n", "prod").cluster).toMatchObject({ name: "prod", head: { host: "a" } });
});

const nokube = `
ray_spec:
  dashboard_port: 8266
  max_workers: 10
nodes:
  - ssh_url: "prod-server-1:22"
    name: "ray-head-prod"
    role: "head"
    ray_config: { port: 10001, num_cpus: 8, object_store_memory: 2000000000 }
    storage: { type: "local", path: "/opt/nokube/data/ray/head" }
    users:
      - userid: "prod-admin"
        password: "prod123"
      - userid: "second"
        sshkey: "~/.ssh/prod"
      - userid: "third"
        sshkey: "ssh-ed25519 AAAAC3 me@here"
      - userid: "fourth"
        sshkey: |
          -----BEGIN OPENSSH PRIVATE KEY-----
          abc
          -----END OPENSSH PRIVATE KEY-----
  - ssh_url: "prod-server-2:2222"
    name: "ray-worker-1"
    role: "worker"
    ray_config: { num_cpus: 16, object_store_memory: 4000000000 }
    storage: { path: "/opt/nokube/data/ray/worker-1/" }
    users: [{ password: "worker123" }]
    proxy: { http_proxy: "http://proxy:3128", no_proxy: "localhost" }
  - ssh_url: "prod-server-3"
`;

test("a NoKube file is honoured fully: resources, every login in order, storage, limit, proxy", () => {
  const { cluster } = clusterOf(nokube);
  expect(cluster).toMatchObject({ dialect: "nokube", limits: { maxWorkers: 10 }, daemon: { host: "prod-server-1", port: 19_001 } });
  expect(cluster.head).toMatchObject({
    name: "ray-head-prod", host: "prod-server-1", port: 22, dashboardPort: 8266,
    resources: { cpus: 8, objectStoreBytes: 2e9 },
    dataDir: "/opt/nokube/data/ray/head", tempDir: "/opt/nokube/data/ray/head/tmp", logDir: "/opt/nokube/data/ray/head/logs", sageHome: "/opt/nokube/data/ray/head/sage",
  });
  expect(revealed(cluster.head.logins)).toEqual([
    { user: "prod-admin", password: { from: "value", secret: "prod123" } },
    { user: "second", key: { from: "path", path: "/home/me/.ssh/prod" } },
    { user: "third", key: { from: "agent", publicKey: "ssh-ed25519 AAAAC3 me@here" } },
    { user: "fourth", key: { from: "text", privateKey: { from: "value", secret: expect.stringContaining("\nabc\n") as string } } },
  ]);
  expect(worker(cluster, 0)).toMatchObject({ port: 2222, resources: { cpus: 16, objectStoreBytes: 4e9 }, tempDir: "/opt/nokube/data/ray/worker-1/tmp", logins: [{ user: "root" }], proxy: { http_proxy: "http://proxy:3128", no_proxy: "localhost" } });
  expect(worker(cluster, 1)).toMatchObject({ name: "prod-server-3", port: 22, role: "worker", logins: [{ user: "root" }] });
  expect(JSON.stringify(cluster)).not.toMatch(/prod123|worker123|PRIVATE/);
});

test("a head port that meets Ray's client server moves the client server, with a warning", () => {
  const { cluster, warnings } = clusterOf(nokube);
  expect([cluster.head.rayPort, cluster.head.clientServerPort]).toEqual([10_001, 10_002]);
  expect(warnings.map(formatFinding)).toContain("/etc/sage/c.yaml:9:25 nodes.0.ray_config.port: found 10001, where Ray's client server listens by default; it moves to 10002; 6379 is Ray's own port");
  const sage = clusterOf("head: { host: a, head_port: 10001 }\n");
  expect([sage.cluster.head.clientServerPort, sage.warnings[0]?.key]).toEqual([10_002, "head.head_port"]);
});

test("passwords are warned of, and nothing shows them", () => {
  const { warnings } = clusterOf(nokube);
  const lines = warnings.map(formatFinding).join("\n");
  expect(lines).toContain("nodes.0.users.0.password: a password is used to log in; a key is safer: sshkey");
  expect(lines).not.toMatch(/prod123|worker123/);
});

test("a converted NoKube file describes the same cluster, but for what it says it loses", () => {
  const { text, warnings } = convertNokube(configFileOf(nokube, "/etc/sage/c.yaml"), env);
  const old = clusterOf(nokube).cluster;
  const { cluster } = clusterOf(text);
  const comparable = (one: ClusterHost) => revealed({ ...one, dataDir: undefined, logins: one.logins.slice(0, 1) });
  expect(comparable(cluster.head)).toEqual(comparable(old.head));
  expect(cluster.workers.slice(0, 1).map(comparable)).toEqual(old.workers.slice(0, 1).map(comparable));
  expect(cluster.workers.map((one) => one.name)).toEqual(old.workers.map((one) => one.name));
  expect(cluster.limits).toEqual(old.limits);
  expect(warnings.map(formatFinding)).toContain("/etc/sage/c.yaml:11:5 nodes.0.users: has 4 logins; Sage's form keeps the first; put the one that works first");
});

test("the guides' local NoKube file loads", () => {
  const { cluster } = clusterOf('nodes:\n  - ssh_url: "localhost:10001"\n    name: "ray-head-local"\n    role: "head"\n    ray_config:\n      port: 10001\n      dashboard_port: 8265\n      num_cpus: 4\n      object_store_memory: 1000000000\n    storage:\n      type: "local"\n      path: "/tmp/nokube/data/ray/head"\n    users:\n      - userid: "local-user"\n        password: "local123"\n');
  expect([cluster.head.host, cluster.head.port, cluster.workers]).toEqual(["localhost", 10_001, []]);
});

test("sizes are read as bytes", () => {
  expect([toBytes(5), toBytes("1024"), toBytes("500MB"), toBytes("4GiB"), toBytes("1.5 KB"), toBytes("2Ti")]).toEqual([5, 1024, 5e8, 4 * 1024 ** 3, 1500, 2 * 1024 ** 4]);
});
