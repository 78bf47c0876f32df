// Workers as processes on this host, each in a process group of its own, so that its children end with it.

import { messageOf, SageError } from "@sage/core";
import { workerBootVersion, type WorkerBoot } from "@sage/protocol";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { adoptProcess, beganOf } from "./adopted-process.ts";
import { forEachLine, LastLines } from "../output-lines.ts";
import type { WorkerDriver, WorkerExit, WorkerHandle, WorkerSpec } from "../worker-driver.ts";
import { workerEnv } from "../worker-env.ts";

class WorkerNotStartedError extends SageError {
  constructor(entry: string, cause: unknown) {
    super(`a worker process cannot be started from ${entry}: ${messageOf(cause)}`, { code: "SAGE_WORKER_START_FAILED", fault: "cluster", cause });
  }
}

export interface ProcessDriverOptions {
  /** The worker's program. */
  readonly entry: string;
  /** Below it each worker gets a directory; what earlier workers have left there is removed by `sweepTempDir`. */
  readonly tempDir: string;
  /** Where other hosts reach this one: then workers listen there for records. Default: a socket in their directory. */
  readonly dataHost?: () => string;
}

/** The longest path of a Unix socket is 107 bytes; with margin for the worker's own file name. */
const maxSocketPathBytes = 100;
/** How long a dead worker's output may still come, through children which hold its pipes. */
const lastOutputMs = 1_000;

export function processDriver({ entry, tempDir: parent, dataHost }: ProcessDriverOptions): WorkerDriver {
  return {
    name: "process",
    async start(spec, signal) {
      signal.throwIfAborted();
      await mkdir(parent, { recursive: true, mode: 0o700 });
      const tempDir = await mkdtemp(join(parent, "w-"));
      try {
        const cwd = (await isDirectory(spec.baseDir)) ? spec.baseDir : tempDir;
        const child = spawn(process.execPath, [entry], { cwd, env: workerEnv(process.env, spec.env), detached: true, stdio: "pipe" });
        await once(child, "spawn");
        return handleOf(child, spec, tempDir, { began: await beganOf(child.pid ?? 0), dataListen: dataHost ? `tcp:${dataHost()}:0` : listenAddress(tempDir) });
      } catch (error) {
        await rm(tempDir, { recursive: true, force: true });
        throw new WorkerNotStartedError(entry, error);
      }
    },
    adopt: adoptProcess,
  };
}

/** Removes what workers of an earlier daemon have left. @param keep - directories of workers that may still run. */
export async function sweepTempDir(tempDir: string, keep: ReadonlySet<string> = new Set()): Promise<void> {
  for (const name of await readdir(tempDir).catch(() => [])) {
    const path = join(tempDir, name);
    if (!keep.has(path)) await rm(path, { recursive: true, force: true });
  }
}

const isDirectory = (path: string): Promise<boolean> => stat(path).then((stats) => stats.isDirectory(), () => false);

function handleOf(child: ChildProcessWithoutNullStreams, spec: WorkerSpec, tempDir: string, { began, dataListen }: { readonly began: string | undefined; readonly dataListen: string }): WorkerHandle {
  const host = hostname();
  const errors = new LastLines();
  const output = new LastLines();
  const exited = new Promise<WorkerExit>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const read = Promise.all([
    forEachLine(child.stdout, (line) => { output.push(line); return spec.onOutput("stdout", line); }),
    forEachLine(child.stderr, (line) => { errors.push(line); return spec.onOutput("stderr", line); }),
  ]).catch(() => {}); // a broken pipe says no more than the exit does
  const kill = () => killGroup(child.pid);
  const boot: WorkerBoot = { version: workerBootVersion, ...spec.boot, host, tempDir, dataListen };
  child.stdin.on("error", () => {}); // its exit is reported by `exited`
  child.stdin.write(`${JSON.stringify(boot)}\n`);
  const gone = exited.then(async (exit) => {
    kill(); // children that outlive it
    const timer = setTimeout(() => { child.stdout.destroy(); child.stderr.destroy(); }, lastOutputMs);
    await read;
    clearTimeout(timer);
    await rm(tempDir, { recursive: true, force: true }).catch(() => {}); // swept at the next start
    return exit;
  });
  return {
    ...(began === undefined ? {} : { kept: { pid: child.pid ?? 0, began, host, tempDir } }),
    host, pid: child.pid ?? 0, exited, gone, kill, lastOutput: () => (errors.isEmpty ? output : errors).toString(),
  };
}

function listenAddress(tempDir: string): string {
  const path = join(tempDir, "data.sock");
  return Buffer.byteLength(path) <= maxSocketPathBytes ? `unix:${path}` : "tcp:127.0.0.1:0";
}

function killGroup(pid: number | undefined): void {
  if (!pid) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // nobody of the group is left
  }
}
