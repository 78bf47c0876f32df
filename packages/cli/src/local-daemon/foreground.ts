// A daemon that ends with us: for service managers, containers and looking at its log.

import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import type { Io } from "../io.ts";
import { DaemonSilentError, HomeNotWritableError } from "./errors.ts";
import { showAddress } from "./probe.ts";
import { livingDaemon } from "./record.ts";
import { daemonWords, requireFreePort, type StartPlan } from "./start.ts";

/** The daemon's exit code. Ctrl-C and a polite kill go on to it; then we wait for its end. */
export async function runInForeground(plan: StartPlan, io: Io): Promise<number> {
  const running = await livingDaemon(plan.home);
  if (running) throw new DaemonSilentError(running.pid, showAddress(running));
  await requireFreePort(plan);
  await mkdir(plan.home, { recursive: true, mode: 0o700 }).catch((error: unknown) => { throw new HomeNotWritableError(plan.home, error); });
  io.note(`JobManager in the foreground, home ${plan.home}; Ctrl-C ends it`);
  // In a process group of its own, so that a terminal's Ctrl-C reaches it through us alone, once.
  const child = spawn(process.execPath, daemonWords(plan), { cwd: plan.home, detached: true, stdio: ["ignore", "inherit", "inherit"], env: plan.env });
  const onAbort = () => child.kill("SIGTERM");
  plan.signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
    });
  } finally {
    plan.signal.removeEventListener("abort", onAbort);
  }
}
