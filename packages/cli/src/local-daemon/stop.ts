// Ends the daemon of a home: exactly the recorded process, and only as long as it is that process.

import type { Clock } from "@sage/core";
import { DaemonWillNotEndError } from "./errors.ts";
import { processFacts } from "./process-facts.ts";
import { isThatDaemon, livingDaemon, removeRecord, type DaemonRecord } from "./record.ts";

export interface StopPlan {
  readonly home: string;
  /** How long it may take to end by itself, in milliseconds; then it is killed. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Stopped {
  /** Undefined: none ran. */
  readonly daemon?: DaemonRecord;
  /** It did not end by itself in time. */
  readonly killed: boolean;
}

const lookAgainMs = 25;
const killTimeoutMs = 5_000;

/** @throws DaemonWillNotEndError */
export async function stopDaemon(plan: StopPlan): Promise<Stopped> {
  const daemon = await livingDaemon(plan.home);
  if (!daemon) {
    await removeRecord(plan.home);
    return { killed: false };
  }
  send(daemon.pid, "SIGTERM");
  const endedByItself = await hasGone(daemon, plan, plan.timeoutMs);
  if (!endedByItself) {
    send(daemon.pid, "SIGKILL");
    if (!(await hasGone(daemon, plan, killTimeoutMs))) throw new DaemonWillNotEndError(daemon.pid);
  }
  await removeRecord(plan.home);
  return { daemon, killed: !endedByItself };
}

async function hasGone(daemon: DaemonRecord, { clock, signal }: StopPlan, timeoutMs: number): Promise<boolean> {
  const endAtMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    if (!isThatDaemon(daemon, await processFacts(daemon.pid))) return true;
    if (clock.monotonicMs() >= endAtMs) return false;
    await clock.sleep(lookAgainMs, signal);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
