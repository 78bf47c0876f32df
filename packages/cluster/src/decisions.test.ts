import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCluster, type Cluster } from "@sage/config";
import { Secret } from "@sage/core";
import { expect, test } from "vitest";
import { proxyEnv } from "./proxy-env.ts";
import { hasCondaEnv, pythonCandidates, rayCandidates } from "./ray-program.ts";
import { isFinal, workerPorts } from "./ray-node.ts";
import { hasTokenMode } from "./ray-token.ts";
import { ClusterSession } from "./session.ts";

async function clusterOf(text: string): Promise<Cluster> {
  const dir = await mkdtemp(join(tmpdir(), "sage-cluster-"));
  try {
    await writeFile(join(dir, "config.yaml"), text, { mode: 0o600 });
    return (await loadCluster({ path: join(dir, "config.yaml"), env: {} })).cluster;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

test("a ray_command that is configured is the only candidate", async () => {
  const { head } = await clusterOf('{head: {host: a, ray_command: "/opt/ray", conda_env: sage}}');
  expect(rayCandidates(head, "2.60.0")).toEqual(["/opt/ray"]);
});

test("with nothing configured, Sage's own venv counts before a Ray on the PATH", async () => {
  const { head } = await clusterOf("{head: {host: a}}");
  expect(rayCandidates(head, "2.60.0")).toEqual(["~/.sage/ray-2.60.0/bin/ray", "ray"]);
});

test("a conda environment is looked for below the usual folders, or at its path", async () => {
  const byName = await clusterOf("{head: {host: a, conda_env: sage}}");
  expect(rayCandidates(byName.head, "2.60.0")).toContain("/opt/conda/envs/sage/bin/ray");
  expect(pythonCandidates(byName.head)).toContain("~/miniconda3/envs/sage/bin/python");
});

test("a conda environment that is configured and not there is missed, whatever other Ray the host has", async () => {
  const { head } = await clusterOf("{head: {host: a, conda_env: sage}}");
  const at = (asked: string, version: string | undefined) => ({ asked, path: asked, version, python: asked, rayVersion: undefined });
  expect(hasCondaEnv({ pythons: [], rays: [at("ray", "3.11.2")] }, head)).toBe(false);
  expect(hasCondaEnv({ pythons: [], rays: [at("/opt/conda/envs/sage/bin/ray", undefined)] }, head)).toBe(false); // a command that leads to no Python
  expect(hasCondaEnv({ pythons: [at("/opt/conda/envs/sage/bin/python", "3.11.2")], rays: [] }, head)).toBe(true);
  expect(hasCondaEnv({ pythons: [], rays: [] }, (await clusterOf("{head: {host: a}}")).head)).toBe(true);
});

test("Ray's workers on the head keep off the ports of the daemon and of a client server that moved", async () => {
  expect(workerPorts(await clusterOf("{head: {host: a}}"))).toEqual({ minWorker: 10_002, maxWorker: 18_999 });
  expect(workerPorts(await clusterOf("{head: {host: a, head_port: 10001}}"))).toEqual({ minWorker: 20_000, maxWorker: 29_999 });
  expect(workerPorts(await clusterOf('{head: {host: a}, daemon: {data_ports: "18000-20999"}}'))).toEqual({ minWorker: 30_000, maxWorker: 32_767 });
  expect(workerPorts(await clusterOf("{head: {host: a}, daemon: {workers_port: 10500}}"))).toEqual({ minWorker: 20_000, maxWorker: 29_999 });
});

test("hosts of one name are told apart by their address", async () => {
  const cluster = await clusterOf('{head: {host: a, name: x}, workers_ssh_hosts: [{host: b, name: w}, {host: c, port: 2222, name: w}]}');
  await using session = new ClusterSession(cluster, { env: {}, signal: new AbortController().signal });
  expect(session.targets.map(({ name }) => name)).toEqual(["x", "w (b)", "w (c:2222)"]);
  expect(session.find("c:2222").name).toBe("w (c:2222)");
  expect(() => session.find("d")).toThrow('no host "d"');
});

test("token mode is where Ray has it, unless it is turned off", async () => {
  const cluster = await clusterOf("{head: {host: a}}");
  expect([hasTokenMode(cluster, "2.51.9"), hasTokenMode(cluster, "2.52.0"), hasTokenMode(cluster, "2.60.0")]).toEqual([false, true, true]);
  expect(hasTokenMode(await clusterOf("{head: {host: a}, ray: {auth: off}}"), "2.60.0")).toBe(false);
});

test.for(["Ray's dashboard answered 403 to GET /api/v0/nodes: no", "ray.exceptions.AuthenticationError: token", "Error: No such option: --labels", "RuntimeError: Version mismatch: the cluster was started with", "OSError: [Errno 28] No space left on device"])("a start that ended with %j is not tried again", (why) => {
  expect(isFinal(why)).toBe(true);
});

test.for(["it ended at once", "it did not answer within 90 s", "RuntimeError: Failed to start GCS", "ConnectionError: could not connect"])("a start that ended with %j is", (why) => {
  expect(isFinal(why)).toBe(false);
});

test("a proxy with a login in it is a secret setting; one without is shown", async () => {
  const { head } = await clusterOf('{head: {host: a, proxy: {http_proxy: "http://me:pa55@proxy:3128", no_proxy: localhost}}}');
  expect(proxyEnv(head)).toEqual({ http_proxy: new Secret("http://me:pa55@proxy:3128"), no_proxy: "localhost" });
  expect(proxyEnv(head)["http_proxy"]).toBeInstanceOf(Secret);
});
