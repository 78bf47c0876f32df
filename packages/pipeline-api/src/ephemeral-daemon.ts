// A JobManager daemon of this program alone: for pipelines that run in worker processes without any set-up.
//
// Invariants:
//   D1. One per process and Ray cluster, shared by its jobs; it ends when the last one has let go of it, and its home with it.
//   D2. It ends when this process does, however that ends, and removes its home: its stdin is a pipe that only we hold.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Cleanup, SageError } from "@sage/core";
import { connectJobManager, type JobManagerClient } from "@sage/jobmanager-client";

/** Longest wait for the daemon to be ready, and for its end. */
const startTimeoutMs = 30_000;
const rayStartTimeoutMs = 150_000;
const endTimeoutMs = 30_000;

/** The daemon that runs a program's worker processes did not start. */
export class EphemeralDaemonError extends SageError {
  constructor(what: string, output: string) {
    super(`the daemon for this program's worker processes ${what}${output === "" ? "" : `: ${output}`}`, { code: "SAGE_EPHEMERAL_DAEMON", fault: "sage" });
  }
}

/** A share of the daemon. Disposing the last one ends it; twice is harmless. */
export interface DaemonShare extends AsyncDisposable {
  readonly client: JobManagerClient;
}

interface Running {
  readonly client: JobManagerClient;
  readonly cleanup: Cleanup;
}

interface Shared {
  running: Promise<Running> | undefined;
  ending: Promise<void>;
  shares: number;
}

/** By Ray's address; without Ray by the empty one. */
const daemons = new Map<string, Shared>();

/** @param ray - for what is remote: `ray://host:port`, or `auto` for the Ray of this machine. @throws EphemeralDaemonError */
export async function shareEphemeralDaemon(ray = ""): Promise<DaemonShare> {
  const daemon = daemons.get(ray) ?? { running: undefined, ending: Promise.resolve(), shares: 0 };
  daemons.set(ray, daemon);
  daemon.shares++;
  const mine = (daemon.running ??= daemon.ending.then(() => startDaemon(ray)));
  let isOpen = true;
  const letGo = async () => {
    if (!isOpen) return;
    isOpen = false;
    if (--daemon.shares > 0) return;
    daemon.running = undefined;
    daemon.ending = mine.then(({ cleanup }) => cleanup[Symbol.asyncDispose](), () => {});
    await daemon.ending;
  };
  try {
    const { client } = await mine;
    return { client, [Symbol.asyncDispose]: letGo };
  } catch (error) {
    await letGo();
    throw error;
  }
}

async function startDaemon(ray: string): Promise<Running> {
  await using cleanup = new Cleanup();
  const home = await mkdtemp(join(tmpdir(), "sage-local-"));
  cleanup.defer(() => rm(home, { recursive: true, force: true }));
  const entry = createRequire(import.meta.url).resolve("@sage/jobmanager-server/daemon");
  // A process group of its own: Ctrl-C reaches only this process, which then ends the job in order.
  const rayFlags = ray === "" ? [] : ["--ray-address", ray, "--ray-runs", "remote", "--warm-workers", "0", ...(ray === "auto" ? ["--ray-start"] : [])];
  const child = spawn(process.execPath, [entry, "--port", "0", "--home", home, "--parent-stdin", "--remove-home", ...rayFlags], { stdio: ["pipe", "pipe", "pipe"], detached: true });
  cleanup.defer(() => end(child));
  const port = await readyPort(child, ray === "" ? startTimeoutMs : rayStartTimeoutMs);
  const client = cleanup.use(await connectJobManager({ port }));
  return { client, cleanup: cleanup.move() };
}

/** The port in the daemon's first line. */
async function readyPort(child: ChildProcess, startTimeoutMs: number): Promise<number> {
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => { errors = (errors + text).slice(-4_000); });
  const lines = createInterface({ input: child.stdout! });
  const timeout = AbortSignal.timeout(startTimeoutMs);
  const first = await Promise.race([
    once(lines, "line", { signal: timeout }).then(([line]) => String(line), () => ""),
    once(child, "exit").then(([code, signal]) => { throw new EphemeralDaemonError(`ended with ${signal ?? `code ${code}`}`, errors.trim()); }),
    once(child, "error").then(([error]) => { throw new EphemeralDaemonError("could not be started", String(error)); }),
  ]);
  const port = /"port"\s*:\s*(\d+)/.exec(first)?.[1];
  if (port === undefined) throw new EphemeralDaemonError(first === "" ? `was not ready within ${startTimeoutMs} ms` : `said ${JSON.stringify(first)}`, errors.trim());
  return Number(port);
}

/** Lets the daemon end in order; kills it if it does not. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.stdin!.end();
  const late = setTimeout(() => child.kill("SIGKILL"), endTimeoutMs);
  await exited;
  clearTimeout(late);
}
