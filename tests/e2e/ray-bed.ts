// Four hosts with a Ray that was started by hand, nothing of Sage on them and no Node on the last one; and a daemon on
// this machine, outside of them. For ray.test.ts.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { jobsClient, parseDaemonReady, type JobsClient } from "../../packages/protocol/src/index.ts";
import { newestRay, rayVenv } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { RayDashboard } from "../../packages/ray-control/src/index.ts";
import { startTestbed, type Testbed } from "../testbed/start-testbed.ts";
import { root } from "./sage.ts";

export const hostCount = 4;
const server = createRequire(join(root, "packages/cli/package.json"));
/** The flights' folder, which the hosts see under the same path. */
export const flightsFile = realpathSync(join(root, "examples/flights/node_modules/vega-datasets/data/flights-3m.parquet"));

export interface RayBed extends AsyncDisposable {
  readonly hosts: Testbed;
  readonly dashboard: RayDashboard;
  readonly address: string;
  /** Starts Ray on a host; the first one is the head. */
  startRay(n: number): Promise<void>;
  /** Resolves when Ray lists so many living hosts. */
  untilAlive(count: number): Promise<void>;
  startDaemon(flags?: readonly string[]): Promise<OutsideDaemon>;
}

export interface OutsideDaemon extends AsyncDisposable {
  readonly client: JobsClient;
  readonly port: number;
  readonly home: string;
  kill(): Promise<void>;
}

/** @param net - a range for each prefix. */
export async function openRayBed(prefix = "ray-", net = "10.231.61.0/24"): Promise<RayBed> {
  const venv = await realpath(await rayVenv(newestRay));
  const base = execFileSync(join(venv, "bin/python"), ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
  const share = [venv, dirname(flightsFile), ...(base.startsWith("/usr") ? [] : [base])];
  const hosts = await startTestbed({ hosts: hostCount, prefix, net, share });
  const temporary = await mkdtemp(join(tmpdir(), "sage-raybed-"));
  const address = `ray://${hosts.host(1).ip}:10001`;
  const dashboard = new RayDashboard(`http://${hosts.host(1).ip}:8265`);
  const startRay = async (n: number) => {
    const { ip } = hosts.host(n);
    const where = n === 1 ? `--head --port 6379 --ray-client-server-port 10001 --dashboard-host ${ip} --dashboard-port 8265` : `--address ${hosts.host(1).ip}:6379`;
    const health = "RAY_health_check_period_ms=1000 RAY_health_check_timeout_ms=2000 RAY_health_check_failure_threshold=5 RAY_health_check_initial_delay_ms=1000";
    await hosts.exec(n, `cd / && su sage -c 'env -u http_proxy -u https_proxy GRPC_ENABLE_FORK_SUPPORT=0 RAY_process_group_cleanup_enabled=1 ${health} PATH=${venv}/bin:/usr/bin:/bin ${venv}/bin/ray start ${where} --node-ip-address ${ip} --num-cpus 2 --object-store-memory 80000000 --temp-dir /tmp/byhand --disable-usage-stats' >/tmp/ray-start.log 2>&1 || { cat /tmp/ray-start.log >&2; exit 1; }`);
  };
  const untilAlive = async (count: number) => {
    await until(`Ray lists ${count} living hosts`, async () => {
      const nodes = await dashboard.nodes().catch(() => []);
      return nodes.filter(({ isAlive }) => isAlive).length === count;
    }, 120_000);
  };
  const dispose = async () => {
    await hosts[Symbol.asyncDispose]();
    await rm(temporary, { recursive: true, force: true });
  };
  try {
    await hosts.exec(hostCount, `rm -f ${process.execPath} /usr/bin/node /usr/local/bin/node`);
    await startRay(1);
    await Promise.all([2, 3, 4].map(startRay));
    await untilAlive(hostCount);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    hosts, dashboard, address, startRay, untilAlive,
    startDaemon: async (flags = []) => startDaemon(await mkdtemp(join(temporary, "home-")), ["--ray-address", address, ...flags]),
    [Symbol.asyncDispose]: dispose,
  };
}

async function startDaemon(home: string, flags: readonly string[]): Promise<OutsideDaemon> {
  const file = server.resolve("@sage/jobmanager-server/daemon");
  const child = spawn(process.execPath, [file, "--home", home, "--port", "0", "--http-port", "off", ...flags], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, HOME: home } });
  const exited = once(child, "exit");
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), exited.then(() => { throw new Error("the daemon ended"); })])) as [string];
  const { port } = parseDaemonReady(line);
  const client = jobsClient(`127.0.0.1:${port}`);
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
    client.close();
  };
  const dispose = async () => {
    child.kill("SIGTERM");
    await exited;
    client.close();
  };
  return { client, port, home, kill, [Symbol.asyncDispose]: dispose };
}

/** Processes of Sage on a host: workers, and the actors that mind them. */
export async function sageOn(bed: RayBed, n: number): Promise<string[]> {
  const text = await bed.hosts.exec(n, `for dir in /proc/[0-9]*; do tr '\\0' ' ' <"$dir/cmdline" 2>/dev/null | grep -E '[w]orker\\.mjs|[r]ay::.*WorkerHost' || :; done; ls -d /tmp/sage-w-* 2>/dev/null || :`);
  return text.split("\n").filter((line) => line !== "");
}
