// Hosts with a Ray that was started by hand, and a daemon on this machine, outside of them. For ray.test.ts,
// ray-faults.test.ts, and a bench.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { callUnary, jobsClient, parseDaemonReady, type JobsClient, type JobView } from "../../packages/protocol/src/index.ts";
import { newestRay, rayVenv } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { RayDashboard } from "../../packages/ray-control/src/index.ts";
import { startTestbed, type Testbed } from "../testbed/start-testbed.ts";
import { root } from "./sage.ts";

const daemonFile = createRequire(join(root, "packages/cli/package.json")).resolve("@sage/jobmanager-server/daemon");
/** The flights' folder, which the hosts see under the same path. */
export const flightsFile = realpathSync(join(root, "examples/flights/node_modules/vega-datasets/data/flights-3m.parquet"));

export interface RayBed extends AsyncDisposable {
  readonly hosts: Testbed;
  readonly dashboard: RayDashboard;
  readonly address: string;
  /** Starts Ray on a host; the first one is the head. */
  startRay(n: number): Promise<void>;
  /** Ends what of Ray is left on a host, and starts it. */
  restartRay(n: number): Promise<void>;
  /** Runs a script on the head, with Ray importable. */
  python(script: string): Promise<void>;
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

export interface RayBedOptions {
  readonly prefix: string;
  /** A range for each prefix. */
  readonly net: string;
  /** Whether the hosts have Sage's worker and Node on their disks: else Ray brings both, which costs each start. */
  readonly hasWorker: boolean;
  /** Whether the head keeps what it knows in this folder of its disk, and runs no workers. */
  readonly headMemory?: string;
  /** Default 4. */
  readonly hostCount?: number;
}

export async function openRayBed({ prefix, net, hasWorker, headMemory, hostCount = 4 }: RayBedOptions): Promise<RayBed> {
  const venv = await realpath(await rayVenv(newestRay));
  const base = execFileSync(join(venv, "bin/python"), ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
  const share = [venv, dirname(flightsFile), ...(hasWorker ? [dirname(createRequire(daemonFile).resolve("@sage/runtime/worker"))] : []), ...(base.startsWith("/usr") ? [] : [base])];
  const hosts = await startTestbed({ hosts: hostCount, prefix, net, share });
  const temporary = await mkdtemp(join(tmpdir(), "sage-raybed-"));
  const address = `ray://${hosts.host(1).ip}:10001`;
  const dashboard = new RayDashboard(`http://${hosts.host(1).ip}:8265`);
  const startOnce = async (n: number) => {
    const { ip } = hosts.host(n);
    const where = n === 1 ? `--head --port 6379 --ray-client-server-port 10001 --dashboard-host ${ip} --dashboard-port 8265` : `--address ${hosts.host(1).ip}:6379`;
    const memory = n === 1 && headMemory ? `RAY_gcs_storage=rocksdb RAY_gcs_storage_path=${headMemory} ` : "";
    const health = "RAY_health_check_period_ms=1000 RAY_health_check_timeout_ms=2000 RAY_health_check_failure_threshold=5 RAY_health_check_initial_delay_ms=1000";
    await hosts.exec(n, `cd / && su sage -c 'env -u http_proxy -u https_proxy GRPC_ENABLE_FORK_SUPPORT=0 RAY_process_group_cleanup_enabled=1 ${memory}${health} PATH=${venv}/bin:/usr/bin:/bin ${venv}/bin/ray start ${where} --node-ip-address ${ip} --num-cpus ${n === 1 && headMemory ? 0 : 2} --object-store-memory 80000000 --temp-dir /tmp/byhand --disable-usage-stats' >/tmp/ray-start.log 2>&1 || { cat /tmp/ray-start.log >&2; exit 1; }`);
  };
  const stopRay = (n: number) => hosts.exec(n, `cd / && su sage -c 'PATH=${venv}/bin:/usr/bin:/bin ${venv}/bin/ray stop --force' >/dev/null 2>&1 || :; rm -rf /tmp/byhand`);
  /** On a loaded machine a start fails now and then. */
  const startRay = (n: number) => startOnce(n).catch(async () => {
    await stopRay(n);
    await startOnce(n);
  });
  const restartRay = async (n: number) => {
    await stopRay(n);
    await startRay(n);
  };
  const python = async (script: string) => {
    await hosts.exec(1, `cd / && cat >/tmp/script.py <<'END'\n${script}\nEND\nsu sage -c '${venv}/bin/python /tmp/script.py'`);
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
    if (!hasWorker) await hosts.exec(hostCount, `rm -f ${process.execPath} /usr/bin/node /usr/local/bin/node`);
    await startRay(1);
    await Promise.all(hosts.hosts.slice(1).map((_, i) => startRay(i + 2)));
    await untilAlive(hostCount);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    hosts, dashboard, address, startRay, restartRay, python, untilAlive,
    startDaemon: async (flags = []) => startDaemon(await mkdtemp(join(temporary, "home-")), ["--ray-address", address, ...flags]),
    [Symbol.asyncDispose]: dispose,
  };
}

export async function startDaemon(home: string, flags: readonly string[] = []): Promise<OutsideDaemon> {
  const child = spawn(process.execPath, [daemonFile, "--home", home, "--port", "0", "--http-port", "off", ...flags], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, HOME: home } });
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

/** Loses all that host `n` sends, while what is sent to it arrives. @param isMute - false: ends that. @param to - default: everybody. */
export async function mute(bed: RayBed, n: number, isMute: boolean, to: readonly string[] = [bed.hosts.facts.machine, ...bed.hosts.hosts.map(({ ip }) => ip)]): Promise<void> {
  const others = to.filter((ip) => ip !== bed.hosts.host(n).ip);
  const how = isMute ? "replace lladdr 02:00:00:00:00:00 nud permanent" : "del"; // an address that nobody has
  await bed.hosts.exec(n, others.map((ip) => `ip neigh ${how} to ${ip} dev eth0`).join("\n"));
}

/** Which host of the bed is called so. */
export const numberOf = (host: string): number => Number(/\d+$/.exec(host)![0]);

/** Processes of Sage on a host: workers, and the actors that mind them. */
export async function sageOn(bed: RayBed, n: number): Promise<string[]> {
  const text = await bed.hosts.exec(n, `for dir in /proc/[0-9]*; do tr '\\0' ' ' <"$dir/cmdline" 2>/dev/null | grep -E '[w]orker\\.mjs|[r]ay::.*WorkerHost' || :; done; ls -d /tmp/sage-w-* 2>/dev/null || :`);
  return text.split("\n").filter((line) => line !== "");
}

/** Resolves when these hosts (default: all) have nothing of Sage, and Ray lists every actor of it as dead. */
export async function untilNothingIsLeft(bed: RayBed, { hosts = bed.hosts.hosts.map((_, i) => i + 1), patienceMs }: { readonly hosts?: readonly number[]; readonly patienceMs?: number } = {}): Promise<void> {
  await Promise.all(hosts.map((n) => until(`host ${n} has no process and no folder of Sage`, async () => (await sageOn(bed, n)).length === 0, patienceMs)));
  await until("Ray lists every actor as dead", async () => (await bed.dashboard.actors()).every(({ name, state }) => !name.startsWith("sage/") || state === "DEAD"), patienceMs);
}

/** The job that was submitted last. */
export async function newestJob({ client }: OutsideDaemon): Promise<JobView> {
  const { jobs } = await callUnary(client, "List", {}, { deadlineMs: 60_000 });
  return callUnary(client, "Get", { jobId: jobs.toSorted((a, b) => b.number - a.number)[0]!.jobId }, { deadlineMs: 60_000 });
}

/** Where the instances of a job run, each host once. */
export const hostsOf = (job: JobView): string[] => [...new Set(job.operators.flatMap(({ instances }) => instances.map(({ host }) => host)).filter((host) => host !== ""))];
