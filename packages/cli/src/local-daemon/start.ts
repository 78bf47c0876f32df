// Starts a daemon as a process of its own, which outlives us, and waits until it answers.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, open, readFile, type FileHandle } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Clock } from "@sage/core";
import { DaemonDiedError, DaemonOfAnotherHomeError, DaemonSilentError, DaemonStartTimeoutError, HomeNotWritableError, PortBusyError } from "./errors.ts";
import { asOwn, type OwnAccess } from "./own-access.ts";
import { isListening, portOwner } from "./port-owner.ts";
import { askDaemon, dialable, showAddress } from "./probe.ts";
import { livingDaemon, readRecord, type DaemonRecord } from "./record.ts";

export interface StartPlan {
  readonly home: string;
  /** Address to listen on. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Of the door for browsers, 0: any free one; undefined: the daemon's choice. */
  readonly httpPort?: number | undefined;
  /** Worker processes that wait for the next job; undefined: the daemon's choice. */
  readonly warmWorkers?: number | undefined;
  /** What it will want to see of us. */
  readonly access: OwnAccess;
  /** More words for its command line. */
  readonly words?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Started {
  readonly daemon: DaemonRecord;
  /** It ran before. */
  readonly already: boolean;
}

const lookAgainMs = 25;

/** The arguments of the daemon's process. */
export const daemonWords = ({ home, host, port, httpPort, warmWorkers, words = [] }: Pick<StartPlan, "home" | "host" | "port" | "httpPort" | "warmWorkers" | "words">): string[] => [
  createRequire(import.meta.url).resolve("@sage/jobmanager-server/daemon"), "--home", home, "--host", host, "--port", String(port),
  ...(httpPort === undefined ? [] : ["--http-port", String(httpPort)]),
  ...(warmWorkers === undefined ? [] : ["--warm-workers", String(warmWorkers)]),
  ...words,
];

/** @throws PortBusyError, HomeNotWritableError, DaemonOfAnotherHomeError, DaemonSilentError, DaemonDiedError, DaemonStartTimeoutError */
export async function startDaemon(plan: StartPlan & { readonly timeoutMs: number }): Promise<Started> {
  const running = await livingDaemon(plan.home);
  if (running) {
    if (await askDaemon(asOwn(running, plan.access), { signal: plan.signal })) return { daemon: running, already: true };
    throw new DaemonSilentError(running.pid, showAddress(running));
  }
  await requireFreePort(plan);
  const logPath = join(plan.home, "logs", "jobmanager", "daemon.out");
  const log = await openOutput(plan.home, logPath);
  try {
    const child = spawn(process.execPath, daemonWords(plan), { cwd: plan.home, detached: true, stdio: ["ignore", log.fd, log.fd], env: plan.env });
    const daemon = await untilHealthy(child, plan, logPath);
    child.unref();
    return { daemon, already: false };
  } finally {
    await log.close();
  }
}

async function openOutput(home: string, path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await open(path, "w", 0o600);
  } catch (error) {
    throw new HomeNotWritableError(home, error);
  }
}

/** @throws PortBusyError, DaemonOfAnotherHomeError */
export async function requireFreePort({ home, host, port, signal }: StartPlan): Promise<void> {
  if (port === 0 || !(await isListening(dialable(host), port))) return;
  const other = await askDaemon({ host, port }, { deadlineMs: 2_000, signal }).catch(() => undefined);
  if (other && other.home !== home) throw new DaemonOfAnotherHomeError(showAddress({ host, port }), other.home, other.pid);
  throw new PortBusyError(host, port, await portOwner(port));
}

async function untilHealthy(child: ChildProcess, { home, access, clock, signal, timeoutMs }: StartPlan & { readonly timeoutMs: number }, logPath: string): Promise<DaemonRecord> {
  let ended: string | undefined;
  child.once("exit", (code, by) => { ended = by === null ? `exit code ${code}` : `ended by ${by}`; });
  child.once("error", (error) => { ended = error.message; });
  const endAtMs = clock.monotonicMs() + timeoutMs;
  try {
    for (;;) {
      const record = await readRecord(home);
      if (record && record.pid === child.pid && (await askDaemon(asOwn(record, access), { signal, deadlineMs: 2_000 }))) return record;
      if (ended !== undefined) throw new DaemonDiedError(ended, await lastWords(logPath), logPath);
      if (clock.monotonicMs() >= endAtMs) throw new DaemonStartTimeoutError(timeoutMs, logPath);
      await clock.sleep(lookAgainMs, signal);
    }
  } catch (error) {
    if (ended === undefined) child.kill("SIGKILL");
    throw error;
  }
}

async function lastWords(path: string): Promise<string> {
  const lines = (await readFile(path, "utf8").catch(() => "")).split("\n").map((line) => line.trimEnd());
  return lines.filter((line) => line !== "").slice(-12).map((line) => `  ${line.slice(0, 400)}`).join("\n");
}
