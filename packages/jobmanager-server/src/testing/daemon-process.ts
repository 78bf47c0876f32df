// A daemon as a process of its own that can be killed and started again in the same home and on the same port.

import { jobsClient, parseDaemonReady, type JobsClient } from "@sage/protocol";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundled, packageTempDir } from "./test-daemon.ts";

export interface DaemonPrograms extends AsyncDisposable {
  readonly file: string;
  readonly workerEntry: string;
}

/** The daemon's program, and that of its workers made of a source in this folder, as they stand now. */
export async function daemonPrograms(workerSource: string): Promise<DaemonPrograms> {
  const programs = await packageTempDir();
  const file = await bundled("../main.ts", join(programs.path, "dist/daemon.mjs"));
  await copyFile(fileURLToPath(new URL("../../package.json", import.meta.url)), join(programs.path, "package.json")); // the daemon reads its version there
  const workerEntry = await bundled(workerSource, join(programs.path, "worker.mjs"));
  return { file, workerEntry, [Symbol.asyncDispose]: () => programs[Symbol.asyncDispose]() };
}

export interface DaemonProcess extends AsyncDisposable {
  readonly client: JobsClient;
  readonly port: number;
  readonly pid: number;
  readonly exited: Promise<unknown>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface DaemonProcessOptions {
  /** The daemon's program. */
  readonly file: string;
  readonly home: string;
  readonly workerEntry: string;
  /** Default: any free one. */
  readonly port?: number;
  /** See failpoint.ts. */
  readonly failpoints?: string;
  readonly flags?: readonly string[];
  /** Words before the command, of a program that becomes it. */
  readonly within?: readonly string[];
}

export async function startDaemonProcess({ file, home, workerEntry, port = 0, failpoints = "", flags = [], within = [] }: DaemonProcessOptions): Promise<DaemonProcess> {
  const [command, ...args] = [...within, process.execPath, file, "--home", home, "--port", String(port), "--worker-entry", workerEntry, ...flags] as [string, ...string[]];
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, SAGE_FAILPOINTS: failpoints },
  });
  const exited = once(child, "exit");
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), exited.then(([code, signal]) => { throw new Error(`the daemon ended with ${code ?? signal}`); })])) as [string];
  const ready = parseDaemonReady(line);
  const client = jobsClient(`${ready.host}:${ready.port}`);
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
    client.close();
  };
  return { client, port: ready.port, pid: child.pid ?? 0, exited, kill, [Symbol.asyncDispose]: kill };
}
