// What a worker process is told before it can reach its daemon: one line of JSON, the first on its stdin.
//
// The contract between a driver and the worker's entry (`@sage/runtime/worker`):
//   B1. The secret comes only this way: never by argument or environment variable.
//   B2. stdin stays open as long as the daemon lives. Its end means that the daemon has gone: the worker ends at once, but
//       with `outlivesDaemon` it goes on and waits for the next daemon for its grace period.
//   B3. Exit code 0 after `Close` (or after the end of B2), 1 when it could not start, with the reason on stderr.
//   B4. stdout and stderr are free for user code: the driver reads both all the time and forwards them as log lines.

import { SageError } from "@sage/core";
import { workersClient, type ClientOptions, type WorkersClient } from "./services.ts";
import type { TlsFacts } from "./tls/server-tls.ts";

export const workerBootVersion = 1;

export interface WorkerBoot {
  readonly version: typeof workerBootVersion;
  readonly jobId: string;
  /** From 1; grows with every restart of the job. */
  readonly attempt: number;
  /** From 0. */
  readonly workerIndex: number;
  /** Made by the daemon, new for every process. */
  readonly workerId: string;
  /** `host:port` of the daemon's Workers service. */
  readonly daemonAddress: string;
  /** How to know the daemon; absent: it speaks clear text. */
  readonly daemonTls?: TlsFacts;
  /** 32 random bytes as hex, the same for all workers of a job's attempt: proves worker to daemon, and worker to worker. */
  readonly secretHex: string;
  /** The name under which this host is shown to people. */
  readonly host: string;
  /** Where to listen for other workers: `unix:/path` (at most 100 bytes, to be made by the worker), `tcp:host:port` (0: any) or `tcp:host:from-to`. */
  readonly dataListen: string;
  /** An empty directory of this worker alone, mode 0700; the driver removes it afterwards. */
  readonly tempDir: string;
  /** Without a daemon for so long, in milliseconds, a worker ends itself. */
  readonly gracePeriodMs: number;
  /** A worker from which nobody has heard for so long, in milliseconds, is lost to daemon and peers; default 30,000. */
  readonly heartbeatTimeoutMs?: number;
  /** Whether another daemon may take the worker over; default false. */
  readonly outlivesDaemon?: boolean;
  /** The job's environment variables, for a process that was started before its job was known. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where relative paths begin, if that directory is there; for such a process too. */
  readonly baseDir?: string;
  /** Whether the daemon's paths are paths here; default true. If not, files come and go by StateUpload and its like. */
  readonly sharesDisk?: boolean;
}

/** A connection to the worker's daemon; connects with the first call. */
export const clientOfBoot = ({ daemonAddress, daemonTls }: Pick<WorkerBoot, "daemonAddress" | "daemonTls">, options: ClientOptions = {}): WorkersClient =>
  workersClient(daemonAddress, { ...options, ...(daemonTls ? { tls: daemonTls } : {}) });

export class WorkerBootError extends SageError {
  constructor(what: string) {
    super(`the worker's first line on stdin is wrong: ${what}`, {
      code: "SAGE_WORKER_BOOT_INVALID", fault: "sage", hint: "A worker is started by the JobManager, not by hand.",
    });
  }
}

const textFields = ["jobId", "workerId", "daemonAddress", "secretHex", "host", "dataListen", "tempDir"] as const;
const numberFields = ["attempt", "workerIndex", "gracePeriodMs"] as const;

/** @throws {@link WorkerBootError} naming the first field that is missing or of another type. */
export function parseWorkerBoot(line: string): WorkerBoot {
  const fields = fieldsOf(line);
  if (fields["version"] !== workerBootVersion) throw new WorkerBootError(`version ${String(fields["version"])}, not ${workerBootVersion}`);
  for (const name of textFields) if (typeof fields[name] !== "string") throw new WorkerBootError(`${name} is not a string`);
  for (const name of numberFields) if (!Number.isSafeInteger(fields[name])) throw new WorkerBootError(`${name} is not a whole number`);
  return fields as unknown as WorkerBoot;
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // the same sentence for both
  }
  throw new WorkerBootError("it is not a JSON object"); // without the line: it holds the secret
}
