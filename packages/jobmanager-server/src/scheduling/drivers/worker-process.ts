// A worker's process on this host, from its start to the removal of its folder. Until it is given a job it waits at its
// stdin, and ends with it.

import { workerBootVersion, type WorkerBoot } from "@sage/protocol";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { beganOf } from "./adopted-process.ts";
import { forEachLine, LastLines } from "../output-lines.ts";
import type { WorkerExit, WorkerHandle, WorkerSpec } from "../worker-driver.ts";

/** The longest path of a Unix socket is 107 bytes; with margin for the worker's own file name. */
const maxSocketPathBytes = 100;
/** How long a dead worker's output may still come, through children which hold its pipes. */
const lastOutputMs = 1_000;

export interface ProcessStart {
  /** The worker's program. */
  readonly entry: string;
  /** Where its own folder is made. */
  readonly parentDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where relative paths begin; default: its own folder. */
  readonly cwd?: string;
}

export class WorkerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #tempDir: string;
  readonly #began: string | undefined;
  readonly exited: Promise<WorkerExit>;

  private constructor(child: ChildProcessWithoutNullStreams, tempDir: string, began: string | undefined) {
    this.#child = child;
    this.#tempDir = tempDir;
    this.#began = began;
    this.exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
    child.stdin.on("error", () => {}); // its exit is reported by `exited`
  }

  /** @throws the system's error where it cannot be started. */
  static async start({ entry, parentDir, env, cwd }: ProcessStart): Promise<WorkerProcess> {
    await mkdir(parentDir, { recursive: true, mode: 0o700 });
    const tempDir = await mkdtemp(join(parentDir, "w-"));
    try {
      const child = spawn(process.execPath, [entry], { cwd: cwd ?? tempDir, env, detached: true, stdio: "pipe" });
      await once(child, "spawn");
      return new WorkerProcess(child, tempDir, await beganOf(child.pid ?? 0));
    } catch (error) {
      await rm(tempDir, { recursive: true, force: true });
      throw error;
    }
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Gives it its job. @param more - where it listens, and what a process lacks that was started ahead. To be called once. */
  give(spec: WorkerSpec, more: Partial<Pick<WorkerBoot, "env" | "baseDir" | "dataListen">> = {}): WorkerHandle {
    const child = this.#child;
    const { exited } = this;
    const host = hostname();
    const tempDir = this.#tempDir;
    const errors = new LastLines();
    const output = new LastLines();
    const read = Promise.all([
      forEachLine(child.stdout, (line) => { output.push(line); return spec.onOutput("stdout", line); }),
      forEachLine(child.stderr, (line) => { errors.push(line); return spec.onOutput("stderr", line); }),
    ]).catch(() => {}); // a broken pipe says no more than the exit does
    const boot: WorkerBoot = { version: workerBootVersion, ...spec.boot, host, tempDir, dataListen: listenAddress(tempDir), ...more };
    child.stdin.write(`${JSON.stringify(boot)}\n`);
    const gone = exited.then(async (exit) => {
      this.#kill(); // children that outlive it
      const timer = setTimeout(() => { child.stdout.destroy(); child.stderr.destroy(); }, lastOutputMs);
      await read;
      clearTimeout(timer);
      await rm(tempDir, { recursive: true, force: true }).catch(() => {}); // swept at the next start
      return exit;
    });
    return {
      ...(this.#began === undefined ? {} : { kept: { pid: child.pid ?? 0, began: this.#began, host, tempDir } }),
      host, pid: child.pid ?? 0, exited, gone, kill: () => this.#kill(), lastOutput: () => (errors.isEmpty ? output : errors).toString(),
    };
  }

  /** Ends one that has been given nothing; resolves when it and its folder are gone. */
  async discard(): Promise<void> {
    this.#kill();
    await this.exited;
    await rm(this.#tempDir, { recursive: true, force: true }).catch(() => {});
  }

  /** With its process group, in which its children are too. */
  #kill(): void {
    try {
      if (this.#child.pid) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // nobody of the group is left
    }
  }
}

function listenAddress(tempDir: string): string {
  const path = join(tempDir, "data.sock");
  return Buffer.byteLength(path) <= maxSocketPathBytes ? `unix:${path}` : "tcp:127.0.0.1:0";
}
