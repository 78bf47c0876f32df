// A Ray of one daemon's own on this machine: started when nobody else's runs here, and ended with the daemon, however
// that ends.

import { messageOf, revealed, SageError, systemClock, withRetries, type Logger } from "@sage/core";
import { rayStartHead } from "@sage/ray-control";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";

/** Where Ray's own `ray start` listens for clients. */
const usualPort = 10_001;
const startTimeoutMs = 60_000;
/** On a loaded machine a start fails now and then, or another program takes one of the ports. */
const startAttempts = 2;
const endTimeoutMs = 20_000;
const lookEveryMs = 200;
/** Its workers share this machine's processors: their number is no limit to how many there may be. */
const cpus = Math.max(16, 4 * availableParallelism());
const objectStoreBytes = 100_000_000;

/** Keeps Ray for as long as its stdin is open, which only the daemon holds; SIGTERM makes `ray start --block` end what it has started. */
const guard = `dir=$1; shift; trap "" INT HUP
(trap 'kill -TERM "$ray"' TERM; "$@" </dev/null & ray=$!; wait "$ray"; wait "$ray"; echo "ray has ended") & minder=$!
while read -r _; do :; done
kill -TERM "$minder"; wait "$minder"; rm -rf -- "$dir"`;

/** There is no Ray here, and none can be started. */
export class NoLocalRayError extends SageError {
  constructor(why: string) {
    super(`no Ray runs on this machine (nobody listens on port ${usualPort}), and none can be started: ${why}`, {
      code: "SAGE_NO_LOCAL_RAY", fault: "cluster", hint: "Install it (`pip install \"ray[default]\"`, then `ray` is on the PATH), name the command by SAGE_RAY_COMMAND, or give the address of a cluster: ray://host:10001.",
    });
  }
}

export interface LocalRay extends AsyncDisposable {
  /** `ray://127.0.0.1:port` */
  readonly address: string;
  /** Where its files are; absent: it is not ours. */
  readonly tempDir?: string;
}

/** The Ray that runs on this machine, else one of its own. @param ofOthers - the port where others' would listen. @throws NoLocalRayError */
export async function openLocalRay(logger: Logger, env: NodeJS.ProcessEnv = process.env, ofOthers = usualPort): Promise<LocalRay> {
  if (await answers(ofOthers)) return { address: `ray://127.0.0.1:${ofOthers}`, [Symbol.asyncDispose]: async () => {} };
  try {
    return await withRetries(() => startRay(logger, env), { attempts: startAttempts, baseMs: 1_000, retryIf: (error) => !/not found|No such file|Permission denied/.test(messageOf(error)) });
  } catch (error) {
    throw new NoLocalRayError(messageOf(error));
  }
}

async function startRay(logger: Logger, env: NodeJS.ProcessEnv): Promise<LocalRay> {
  const tempDir = await mkdtemp("/tmp/sage-ray-"); // Ray's own limit to its length is 44 characters
  const [port, clientServerPort, dashboardPort, nodeManager, objectManager, runtimeEnvAgent, dashboardAgentGrpc, dashboardAgentHttp, metricsExport] = await freePorts(9);
  const command = rayStartHead({
    program: { rayCommand: env["SAGE_RAY_COMMAND"] ?? "ray" }, block: true, nodeAddress: "127.0.0.1", tempDir, cpus, objectStoreBytes,
    port: port!, clientServerPort: clientServerPort!, dashboardPort: dashboardPort!,
    ports: { nodeManager: nodeManager!, objectManager: objectManager!, runtimeEnvAgent: runtimeEnvAgent!, dashboardAgentGrpc: dashboardAgentGrpc!, dashboardAgentHttp: dashboardAgentHttp!, metricsExport: metricsExport! },
  });
  const child = spawn("/bin/sh", ["-c", guard, "sh", tempDir, ...command.words], { env: { ...env, ...revealed(command.env) }, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const ray = { address: `ray://127.0.0.1:${clientServerPort}`, tempDir, [Symbol.asyncDispose]: () => end(child, tempDir) };
  try {
    await started(child, clientServerPort!);
    logger.info("started a Ray of its own", { address: ray.address, dashboard: `http://127.0.0.1:${dashboardPort}` });
    return ray;
  } catch (error) {
    await ray[Symbol.asyncDispose]();
    logger.warn("a Ray of its own did not start", { error });
    throw error;
  }
}

async function started(child: ChildProcess, port: number): Promise<void> {
  let output = "";
  let hasEnded = false;
  child.stdin!.on("error", () => {});
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (line === "ray has ended") hasEnded = true;
      else output = `${output}${line}\n`.slice(-2_000);
    });
  }
  const deadlineMs = systemClock.monotonicMs() + startTimeoutMs;
  while (!(await answers(port))) {
    if (hasEnded) throw new Error(output.trim());
    if (systemClock.monotonicMs() > deadlineMs) throw new Error(`it was not ready within ${startTimeoutMs / 1_000} s: ${output.trim()}`);
    await systemClock.sleep(lookEveryMs);
  }
}

async function end(child: ChildProcess, tempDir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    child.stdin!.end();
    const late = setTimeout(() => { process.kill(-child.pid!, "SIGKILL"); }, endTimeoutMs);
    await exited;
    clearTimeout(late);
  }
  await rm(tempDir, { recursive: true, force: true });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => { socket.destroy(); resolve(true); }).once("error", () => resolve(false));
  });
}

/** Ports that are free now, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
