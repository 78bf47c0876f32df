import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, formatFinding } from "./errors.ts";
import { leafKeys } from "./keys.ts";
import { loadConfig, resolveConfig } from "./load.ts";
import { configFileOf } from "./read-file.ts";
import { readSecret } from "./secret-ref.ts";
import { formatOrigin, showConfig, showValues } from "./show.ts";
import { validateConfig } from "./validate-file.ts";

const load = (text: string, more: { env?: NodeJS.ProcessEnv; flags?: Record<string, unknown>; cluster?: string } = {}) =>
  resolveConfig(configFileOf(text, "/etc/sage/c.yaml"), { env: {}, ...more });

const failure = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.findings.map(formatFinding);
    throw error;
  }
  return [];
};

async function folder(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), "sage-config-"));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

/** The example of the guides, key by key. */
const guide = `head:
  host: "base-sage"              # the head
  head_port: 6379
  dashboard_port: 8265
  dashboard_host: "0.0.0.0"
  temp_dir: "/tmp/ray_head"
  log_dir: "/tmp/sage_head_logs"
worker:
  bind_host: "localhost"
  temp_dir: "/tmp/ray_worker"
  log_dir: "/tmp/sage_worker_logs"
workers_ssh_hosts: "sage2:22,sage4:22"
daemon:
  host: base-sage
  port: 19001
ssh:
  user: "sage"
  key_path: "~/.ssh/id_rsa"
  connect_timeout: 10
remote:
  sage_home: "/home/sage"
  python_path: "/opt/conda/envs/sage/bin/python"
  ray_command: "/opt/conda/envs/sage/bin/ray"
  conda_env: "sage"
`;

test("the guides' example loads word for word", () => {
  const { value } = load(guide);
  expect(value.head).toMatchObject({ host: "base-sage", head_port: 6379, temp_dir: "/tmp/ray_head" });
  expect(value.workers_ssh_hosts).toBe("sage2:22,sage4:22");
  expect(value.remote.conda_env).toBe("sage");
});

test("without a file there are defaults, and nothing is missing for local use", () => {
  const { value, warnings, path } = resolveConfig(undefined, { env: {} });
  expect({ target: value.target, daemon: value.daemon.host, port: value.daemon.port, path, warnings }).toEqual({ target: "local", daemon: "127.0.0.1", port: 19_001, path: undefined, warnings: [] });
});

test("a flag beats the environment, which beats the file, which beats the default; each with its origin", () => {
  const text = "daemon:\n  port: 1001\n  http_port: 1002\nssh:\n  connect_timeout: 11\n";
  const env = { SAGE_DAEMON_PORT: "2001", SAGE_DAEMON_HTTP_PORT: "2002" };
  const loaded = load(text, { env, flags: { "daemon.port": "3001", "daemon.host": undefined } });
  const shown = new Map(showValues(loaded).map((row) => [row.key, [row.value, row.from]]));
  expect(shown.get("daemon.port")).toEqual([3001, "--daemon.port"]);
  expect(shown.get("daemon.http_port")).toEqual([2002, "SAGE_DAEMON_HTTP_PORT"]);
  expect(shown.get("ssh.connect_timeout")).toEqual([11, "/etc/sage/c.yaml:5:20"]);
  expect(shown.get("ssh.max_parallel")).toEqual([64, "default"]);
});

test("the daemon is looked for on the head unless a host is named", () => {
  const loaded = load("head: { host: base }\n");
  expect([loaded.value.daemon.host, formatOrigin(loaded.origins.get("daemon.host") ?? { from: "default" })]).toEqual(["base", "default (head.host)"]);
  expect(load("head: { host: base }\ndaemon: { host: other }\n").value.daemon.host).toBe("other");
});

test("no two keys share an environment variable, and every variable is read", () => {
  const variables = leafKeys("sage").flatMap((key) => key.variable ?? []);
  expect(new Set(variables).size).toBe(variables.length);
  expect(variables.filter((name) => ["SAGE_CONFIG", "SAGE_DEBUG"].includes(name))).toEqual([]);
  const env = Object.fromEntries(variables.map((name) => [name, "\u0000"]));
  const text = failure(() => resolveConfig(undefined, { env })).join("\n");
  for (const name of variables) expect(text).toContain(`${name} `);
});

test("the environment's values are read by the key's type", () => {
  const env = { SAGE_PROJECT_EXCLUDE: "a/**, b/**", SAGE_SSH_WORKERS: "[{host: x, port: 23}, y]", SAGE_DAEMON_TOKEN: "{env: T}", SAGE_HEAD_RESOURCES_CPUS: "2.5", SAGE_DAEMON_WARM_WORKERS: "" };
  const { value } = resolveConfig(undefined, { env });
  expect(value.project.exclude).toEqual(["a/**", "b/**"]);
  expect(value.ssh.workers).toMatchObject([{ host: "x", port: 23 }, "y"]);
  expect(value.daemon).toMatchObject({ token: { from: "env", variable: "T" }, warm_workers: 1 });
  expect(value.head.resources.cpus).toBe(2.5);
});

test("wrong values from flags and environment are reported with those of the file", () => {
  const found = failure(() => load("head:\n  prot: 1\n", { env: { SAGE_DAEMON_PORT: "abc" }, flags: { "daemon.prot": 1, "ssh.user": "a b" } }));
  expect(found).toEqual([
    expect.stringContaining("/etc/sage/c.yaml:2:3 head.prot: is not a known key"),
    'SAGE_DAEMON_PORT daemon.port: found "abc", allowed: a port: an integer from 1 to 65535',
    '--daemon.prot daemon.prot: is not a known key; did you mean "daemon.port"?',
    '--ssh.user ssh.user: found "a b", allowed: a login name: letters, digits, `.`, `_`, `-`',
  ]);
});

test("a variable with a slip is pointed out", () => {
  const { warnings } = resolveConfig(undefined, { env: { SAGE_DEAMON_PORT: "1", SAGE_SOMETHING_ELSE_ENTIRELY: "1" } });
  expect(warnings.map(formatFinding)).toEqual(["SAGE_DEAMON_PORT: is not a variable that Sage reads; did you mean SAGE_DAEMON_PORT?"]);
});

const clusters = `head: { host: top }
workers_ssh_hosts: t1,t2
ssh: { user: ops }
daemon: { token: top-token }
clusters:
  prod:
    head: { host: base-sage }
  test:
    ssh: { user: me }
`;

test("a named cluster takes shared settings from the top, but never its hosts and tokens", () => {
  const prod = load(clusters, { cluster: "prod" });
  expect(prod.value).toMatchObject({ head: { host: "base-sage" }, ssh: { user: "ops" }, daemon: { host: "base-sage" } });
  expect([prod.value.workers_ssh_hosts, prod.value.daemon.token]).toEqual([undefined, undefined]);
  expect(formatOrigin(prod.origins.get("head.host") ?? { from: "default" })).toBe("/etc/sage/c.yaml:7:19");
  expect(load(clusters, { env: { SAGE_CLUSTER: "test" } }).value).toMatchObject({ head: {}, ssh: { user: "me" } });
  expect(load(clusters, { env: { SAGE_CLUSTER: "test" } }).value.head.host).toBeUndefined();
  expect(failure(() => load(clusters, { cluster: "prdo" }))).toEqual(['--cluster cluster: found "prdo", which is not a named cluster; did you mean "prod"?']);
});

test("validate looks at every named cluster", async () => {
  await using at = await folder();
  const path = join(at.dir, "c.yaml");
  await writeFile(path, "clusters:\n  a:\n    workers_ssh_hosts: [x, x]\n", { mode: 0o600 });
  await expect(validateConfig({ path, env: {} })).rejects.toThrow(/c\.yaml:3:28 .*found "x:22" twice/);
  await writeFile(path, clusters, { mode: 0o600 });
  expect(await validateConfig({ path, env: {} })).toMatchObject({ dialect: "sage", hasCluster: true });
});

test("secrets never show, but can be read", async () => {
  await using at = await folder();
  const file = join(at.dir, "token");
  await writeFile(file, "canary-3\n", { mode: 0o600 });
  const loaded = load(`daemon: { token: canary-1 }\nssh: { password: { env: PW }, key_passphrase: { file: ${file} }, workers: [{ host: a, password: canary-4 }] }\nclusters: { x: { daemon: { token: canary-5 } } }\n`);
  expect(JSON.stringify([showConfig(loaded), showValues(loaded)])).not.toContain("canary");
  expect(JSON.stringify(loaded.value)).not.toContain("canary");
  const { token } = loaded.value.daemon;
  const { password, key_passphrase: passphrase } = loaded.value.ssh;
  if (!token || !password || !passphrase) throw new Error("a secret is missing");
  expect((await readSecret(token, {})).reveal()).toBe("canary-1");
  expect((await readSecret(password, { PW: "canary-2" })).reveal()).toBe("canary-2");
  expect((await readSecret(passphrase, {})).reveal()).toBe("canary-3");
  await expect(readSecret(password, {})).rejects.toMatchObject({ code: "SAGE_SECRET_UNAVAILABLE" });
  await chmod(file, 0o644);
  await expect(readSecret(passphrase, {})).rejects.toThrow(/can be read by others/);
});

test("a file that was named must exist; the default one need not", async () => {
  await using at = await folder();
  await expect(loadConfig({ path: join(at.dir, "none.yaml"), env: {} })).rejects.toThrow(/there is no such file/);
  await expect(loadConfig({ env: { SAGE_CONFIG: join(at.dir, "none.yaml") } })).rejects.toThrow(/there is no such file/);
  expect((await loadConfig({ env: { SAGE_HOME: at.dir } })).path).toBeUndefined();
  await expect(loadConfig({ path: at.dir, env: {} })).rejects.toThrow(/is not a file/);
  await writeFile(join(at.dir, "config.yaml"), Buffer.from([0x68, 0xff]));
  await expect(loadConfig({ env: { SAGE_HOME: at.dir } })).rejects.toThrow(/is not UTF-8/);
});

test("keys of older files that nobody reads are accepted, with a warning", () => {
  const { warnings } = load("output: { format: table }\nremote: { force_reinstall: true }\n");
  expect(warnings.map(formatFinding)).toEqual(["/etc/sage/c.yaml:2:11 remote.force_reinstall: has no effect; remove it", "/etc/sage/c.yaml:1:1 output: has no effect; remove it"]);
});

test("doubtful choices are warned of", () => {
  const text = `head: { host: a, dashboard_host: 0.0.0.0, temp_dir: /, head_port: 10001 }\nworker: { temp_dir: /${"x".repeat(50)} }\nssh: { password: p }\n`;
  const keys = load(text).warnings.map((warning) => warning.key);
  expect(keys).toEqual(["head.head_port", "head.temp_dir", "worker.temp_dir", "head.dashboard_host", "ssh.password"]);
});
