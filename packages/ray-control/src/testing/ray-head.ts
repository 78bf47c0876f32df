// A Ray head of its own for a test: free ports, loopback, little memory. Disposing of it leaves no process and no file.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { systemClock, withRetries } from "@sage/core";
import { rayStartHead, type RayHeadSettings } from "../commands.ts";
import { rayVenv, type RayVersion } from "./ray-venv.ts";

const startTimeoutMs = 120_000;
/** In the environment of whatever the head starts: by it, the test ends exactly those. */
const marker = "SAGE_TEST_RAY_HEAD";

export interface RayHead extends AsyncDisposable {
  readonly version: RayVersion;
  readonly venv: string;
  /** `ray://127.0.0.1:port` */
  readonly address: string;
  readonly clientPort: number;
  /** `http://127.0.0.1:port` */
  readonly dashboard: string;
  /** `127.0.0.1:port`, for `ray start --address`. */
  readonly gcsAddress: string;
  /** Runs a program in the head's Python. */
  python(code: string): Promise<string>;
  /** The last lines of the logs of Ray's client servers, for a test that fails. */
  clientServerLogs(): Promise<string>;
}

/** Starts a head and waits until Ray itself says that it is up. On a loaded machine a start fails now and then. */
export async function startRayHead(version: RayVersion, settings: Partial<RayHeadSettings> = {}): Promise<RayHead> {
  const venv = await rayVenv(version);
  return withRetries(() => startOnce(version, venv, settings), { attempts: 3, baseMs: 1_000 });
}

async function startOnce(version: RayVersion, venv: string, settings: Partial<RayHeadSettings>): Promise<RayHead> {
  const tempDir = await mkdtemp("/tmp/sage-ray-");
  const [gcs, client, dashboard, nodeManager, objectManager, runtimeEnvAgent, agentGrpc, agentHttp, metrics] = await freePorts(9);
  const command = rayStartHead({
    program: { venv }, port: gcs!, clientServerPort: client!, dashboardPort: dashboard!, nodeAddress: "127.0.0.1", tempDir, cpus: 4, objectStoreBytes: 80_000_000,
    ports: { nodeManager: nodeManager!, objectManager: objectManager!, runtimeEnvAgent: runtimeEnvAgent!, dashboardAgentGrpc: agentGrpc!, dashboardAgentHttp: agentHttp!, metricsExport: metrics! },
    ...settings,
  });
  const stop = async () => {
    await endMarked(tempDir);
    await rm(tempDir, { recursive: true, force: true });
  };
  try {
    // A home of its own: from 2.60 on Ray takes a token that lies in the user's home.
    const env = { ...cleanEnv(), HOME: tempDir, PATH: `${venv}/bin:${process.env["PATH"] ?? ""}`, ...command.env, [marker]: tempDir };
    const child = spawn(command.words[0]!, command.words.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => { output += data.toString(); });
    const timer = setTimeout(() => child.kill("SIGKILL"), startTimeoutMs);
    const [code] = (await once(child, "exit")) as [number | null];
    clearTimeout(timer);
    if (code !== 0) throw new Error(`ray start ended with ${code}: ${output.slice(-2_000)}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    version, venv, address: `ray://127.0.0.1:${client}`, clientPort: client!, dashboard: `http://127.0.0.1:${dashboard}`, gcsAddress: `127.0.0.1:${gcs}`,
    python: async (code) => (await promisify(execFile)(`${venv}/bin/python`, ["-c", code], { env: { ...cleanEnv(), HOME: tempDir }, timeout: startTimeoutMs })).stdout,
    clientServerLogs: () => lastLines(`${tempDir}/session_latest/logs`, "ray_client_server"),
    [Symbol.asyncDispose]: stop,
  };
}

async function lastLines(dir: string, prefix: string): Promise<string> {
  const names = (await readdir(dir)).filter((name) => name.startsWith(prefix));
  return (await Promise.all(names.map(async (name) => `— ${name}\n${(await readFile(`${dir}/${name}`, "utf8")).slice(-3_000)}`))).join("\n");
}

/** Without settings of another Ray, or of a proxy. */
function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^RAY_|_proxy$/i.test(name)));
}

/** Ends every process that carries this head's mark; repeats until none is left. */
async function endMarked(tempDir: string): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + 30_000;
  for (;;) {
    const pids = await markedProcesses(tempDir);
    if (pids.length === 0) return;
    if (systemClock.monotonicMs() > deadlineMs) throw new Error(`processes of Ray do not end: ${pids.join(", ")}`);
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // it has ended meanwhile
      }
    }
    await systemClock.sleep(20);
  }
}

/** Living processes (no zombies) that this head, or what it started, has started. */
export async function markedProcesses(tempDir: string): Promise<number[]> {
  const mark = `${marker}=${tempDir}\0`;
  const found: number[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environ = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
    if (`${environ}\0`.includes(mark)) found.push(Number(pid));
  }
  return found;
}

/** Ports that are free now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
