// The log directory of one run of the daemon: `jobmanager.log` as JSON lines, and a directory for each job.
//
// The newest sessions are kept, older ones go when a new one begins.

import { isSageError, loggerTo, type Clock, type JobId, type Logger } from "@sage/core";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { JobLog } from "./job-log.ts";
import { RollingFile } from "./rolling-file.ts";

export interface SessionOptions {
  /** How many sessions to keep, this one included; default 20. */
  readonly keepSessions?: number;
  /** Size at which a file is rolled, in bytes; default 50 MiB for the daemon, 10 MiB for a job. */
  readonly daemonLogBytes?: number;
  readonly jobLogBytes?: number;
}

export interface LogSession extends AsyncDisposable {
  /** `session_20261121_123759`. */
  readonly id: string;
  readonly dir: string;
  readonly logger: Logger;
  /** @param lastSeq - of the lines that the job has had before; default 0. */
  openJobLog(jobId: JobId, lastSeq?: number): JobLog;
  /** The directory of a job's log, of this session or an earlier one. */
  jobLogDir(session: string, jobId: JobId): string;
}

/** @param root - `~/.sage/logs/jobmanager`. */
export async function openLogSession(root: string, clock: Clock, options: SessionOptions = {}): Promise<LogSession> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const id = await makeSessionDir(root, clock.now());
  await prune(root, options.keepSessions ?? 20);
  const dir = join(root, id);
  const file = new RollingFile(join(dir, "jobmanager.log"), { maxBytes: options.daemonLogBytes ?? 50 * 1024 * 1024 });
  const logger = loggerTo((level, message, fields) => {
    void file.append(`${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields }, plainErrors)}\n`);
  });
  const jobLogDir = (session: string, jobId: JobId) => join(root, session, `job_${jobId}`);
  return {
    id, dir, logger, jobLogDir,
    openJobLog: (jobId, lastSeq) =>
      new JobLog(jobLogDir(id, jobId), {
        maxBytes: options.jobLogBytes ?? 10 * 1024 * 1024,
        onError: (error) => logger.error("a job's log cannot be written", { jobId, error }),
      }, lastSeq),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

async function makeSessionDir(root: string, nowMs: number): Promise<string> {
  const stamp = new Date(nowMs).toISOString().slice(0, 19).replaceAll("-", "").replaceAll(":", "").replace("T", "_");
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? `session_${stamp}` : `session_${stamp}_${copy}`;
    try {
      await mkdir(join(root, id), { mode: 0o700 });
      return id;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

async function prune(root: string, keep: number): Promise<void> {
  const sessions = (await readdir(root)).filter((name) => name.startsWith("session_")).sort();
  for (const old of sessions.slice(0, -keep)) await rm(join(root, old), { recursive: true, force: true });
}

function plainErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { message: value.message, stack: value.stack, ...(isSageError(value) ? { code: value.code } : {}), ...(value.cause ? { cause: value.cause } : {}) };
}
