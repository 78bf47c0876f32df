// What a daemon says of itself once it listens: the first line of its stdout, and the content of its run file.

import { SageError } from "@sage/core";
import type { TlsFacts } from "./tls/server-tls.ts";

export interface DaemonReady {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly startedAtMs: number;
  readonly version: string;
  readonly home: string;
  /** Of the door for browsers; absent: there is none. */
  readonly httpPort?: number;
  /** How to know it; absent: it speaks clear text. */
  readonly tls?: TlsFacts;
}

/** Below the daemon's home; there while it runs, and left behind when it was killed: check the pid or call it. */
export const runFileName = "run/jobmanager.json";

/** Below the daemon's home: the key to its http door, for programs of the same user. Mode 0600. */
export const dashboardKeyFileName = "run/dashboard-key";

/** Below the daemon's home: what `sage doctor` last found, for the daemon's pages. */
export const doctorFileName = "run/doctor.json";

export class DaemonReadyError extends SageError {
  constructor(text: string) {
    super(`this is not what a daemon says when it is ready: ${JSON.stringify(text.slice(0, 200))}`, { code: "SAGE_DAEMON_READY_INVALID", fault: "sage" });
  }
}

/** @throws {@link DaemonReadyError} */
export function parseDaemonReady(text: string): DaemonReady {
  try {
    const value = JSON.parse(text) as Partial<DaemonReady> | null;
    if (value && typeof value.host === "string" && Number.isSafeInteger(value.port) && Number.isSafeInteger(value.pid)) return value as DaemonReady;
  } catch {
    // the same error for both
  }
  throw new DaemonReadyError(text);
}
