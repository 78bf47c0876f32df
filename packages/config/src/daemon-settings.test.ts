import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { mayNeedTunnel, readDaemonAddress } from "./daemon-settings.ts";
import { loadDaemonSettings } from "./load-daemon.ts";

async function folder(): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), "sage-daemon-"));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

test("the quick way gives what the whole loader gives", async () => {
  await using at = await folder();
  const cases: readonly { env?: NodeJS.ProcessEnv; flags?: Record<string, unknown> }[] = [
    {},
    { env: { SAGE_DAEMON_HOST: "base", SAGE_DAEMON_PORT: "19002", SAGE_DAEMON_HTTP_PORT: "1" } },
    { env: { SAGE_DAEMON_HOST: "base", SAGE_DAEMON_PORT: "19005" }, flags: { "daemon.port": 19_006, "daemon.host": undefined } },
    { env: { SAGE_HEAD_HOST: "head-host", SAGE_DAEMON_TOKEN_FILE: "~/token", HOME: "/home/me" } },
    { env: { SAGE_DAEMON_TOKEN: "t", SAGE_DAEMON_TUNNEL: "never" } },
    { flags: { "daemon.port": "19007", "daemon.tls.ca_file": "/ca.pem" } },
    { env: { SAGE_DAEMON_WORKERS_PORT: "19013", SAGE_DAEMON_DATA_PORTS: "20000-20999", SAGE_DAEMON_ADVERTISE_HOST: "10.0.0.5" } },
    { env: { SAGE_DAEMON_TLS_CA_FILE: "/ca.pem" } },
    { env: { SAGE_DAEMON_TLS_MODE: "on", SAGE_DAEMON_TLS_CLIENT_CA_FILE: "callers.pem" } },
    { flags: { home: "/elsewhere" } },
  ];
  for (const { env = {}, flags = {} } of cases) {
    const options = { env: { SAGE_HOME: at.dir, ...env }, flags };
    expect(await readDaemonAddress(options)).toEqual(await loadDaemonSettings(options));
  }
});

test("wrong values are refused as the whole loader refuses them", async () => {
  await using at = await folder();
  const read = (env: NodeJS.ProcessEnv, flags: Record<string, unknown> = {}) => readDaemonAddress({ env: { SAGE_HOME: at.dir, ...env }, flags });
  await expect(read({ SAGE_DAEMON_PORT: "70000" })).rejects.toThrow(/SAGE_DAEMON_PORT daemon\.port: found 70000/);
  await expect(read({ SAGE_DAEMON_HOST: "a b" })).rejects.toThrow(/SAGE_DAEMON_HOST daemon\.host: found "a b"/);
  await expect(read({}, { "daemon.port": 0 })).rejects.toThrow(/--daemon\.port/);
  await expect(read({ SAGE_CLUSTER: "prod" })).rejects.toThrow(/which is not a named cluster/);
});

test("a file of either dialect is read", async () => {
  await using at = await folder();
  const path = join(at.dir, "config.yaml");
  await writeFile(path, "head: { host: base-sage }\ndaemon: { port: 19009 }\n");
  expect(await readDaemonAddress({ env: { SAGE_HOME: at.dir } })).toMatchObject({ host: "base-sage", port: 19_009, token: { from: "file", path: join(at.dir, "token") } });
  await writeFile(path, "nodes: [{ ssh_url: h:22, role: head }]\n");
  expect(await readDaemonAddress({ env: { SAGE_HOME: at.dir } })).toMatchObject({ host: "h", port: 19_001 });
});

test("without a file neither the YAML parser, nor ajv, nor TypeBox is loaded; with one only the parser", async () => {
  await using at = await folder();
  const outdir = join(at.dir, "bundle");
  const entry = new URL("./daemon-settings.ts", import.meta.url).pathname;
  const { metafile } = await build({ entryPoints: [entry], bundle: true, splitting: true, format: "esm", platform: "node", outdir, metafile: true, outExtension: { ".js": ".mjs" }, conditions: ["sage-source"], external: ["yaml", "ajv", "ajv/*", "@sinclair/*"] });
  const imported = Object.values(metafile.outputs).flatMap((output) => output.imports.filter((one) => one.external).map((one) => one.path));
  expect(imported.filter((name) => !name.startsWith("node:"))).toEqual(expect.arrayContaining(["yaml"]));
  expect(imported.filter((name) => /ajv|sinclair/.test(name))).toEqual([]);
  // `yaml` cannot be resolved from the folder of the bundle: the call below succeeds only if it is not needed.
  const script = `const m = await import(${JSON.stringify(join(outdir, "daemon-settings.mjs"))}); console.log((await m.readDaemonAddress({ env: { SAGE_HOME: ${JSON.stringify(at.dir)} } })).port);`;
  const run = () => spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", cwd: at.dir });
  expect(run()).toMatchObject({ status: 0, stdout: "19001\n" });
  await writeFile(join(at.dir, "config.yaml"), "daemon: { port: 19009 }\n");
  expect(run().stderr).toMatch(/Cannot find package 'yaml'/);
});

test("callers come through SSH to a daemon on loopback of another host, and wherever they are told to", () => {
  const daemon = { tunnel: "auto", host: "base-sage", bindHost: "127.0.0.1" } as const;
  expect(mayNeedTunnel(daemon)).toBe(true);
  expect(mayNeedTunnel({ ...daemon, host: "localhost" })).toBe(false);
  expect(mayNeedTunnel({ ...daemon, bindHost: "0.0.0.0" })).toBe(false);
  expect(mayNeedTunnel({ ...daemon, tls: { mode: "auto", caPath: "/ca.pem" } })).toBe(false);
  expect(mayNeedTunnel({ ...daemon, tunnel: "never" })).toBe(false);
  expect(mayNeedTunnel({ ...daemon, host: "localhost", tunnel: "always" })).toBe(true);
});

test("the daemon's ports for workers are settings, and a range that runs backwards is refused", async () => {
  await using at = await folder();
  const read = (env: NodeJS.ProcessEnv) => readDaemonAddress({ env: { SAGE_HOME: at.dir, ...env } });
  expect(await read({ SAGE_DAEMON_WORKERS_PORT: "19013", SAGE_DAEMON_DATA_PORTS: "20000-20999", SAGE_DAEMON_ADVERTISE_HOST: "10.0.0.5" })).toMatchObject({ workersPort: 19_013, dataPorts: "20000-20999", advertiseHost: "10.0.0.5" });
  await expect(read({ SAGE_DAEMON_DATA_PORTS: "20999-20000" })).rejects.toThrow(/daemon\.data_ports: found "20999-20000", allowed: FROM-TO/);
  await expect(read({ SAGE_DAEMON_WORKERS_PORT: "19001" })).rejects.toThrow(/daemon\.workers_port: found port 19001, which daemon\.port has too/);
});
