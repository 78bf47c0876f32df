// Streams of the daemon that go on after a broken connection.
//
// Rule: a stream ends where the daemon ended it for good, with the signal's reason, or with an error; never silently.

import { SageError, backoffMs, systemClock, type Clock } from "@sage/core";
import { callServerStream, type JobsClient, type JobView, type LogLine } from "@sage/protocol";
import { isUnreachable } from "./call-settings.ts";
import { isOver } from "./job-result.ts";

export interface StreamOptions {
  readonly signal?: AbortSignal;
  /** How long the daemon may be out of reach before the stream fails, in milliseconds; default 60,000. */
  readonly reconnectMs?: number;
  readonly clock?: Clock;
}

export interface LogOptions extends StreamOptions {
  /** Go on until the job has ended; default false: the lines that are there. */
  readonly follow?: boolean;
  /** Only the last n lines of what is there; default all. */
  readonly tail?: number;
  /** Only this operator's lines, by name. */
  readonly operator?: string;
  /** At least this level. */
  readonly level?: "debug" | "info" | "warn" | "error";
  /** Only lines behind this number. */
  readonly afterSeq?: number;
}

/** The job now and after each change, until it is over: ended, and everything it held is gone. */
export function watchJob(client: JobsClient, jobId: string, options: StreamOptions & { readonly minIntervalMs?: number } = {}): AsyncGenerator<JobView, void, undefined> {
  let last: JobView | undefined;
  const connection = async function* () {
    for await (const job of callServerStream(client, "Watch", { jobId, minIntervalMs: options.minIntervalMs ?? 0 }, signalOf(options))) {
      last = job;
      yield job;
    }
  };
  return reconnecting(`the watch of job ${jobId}`, options, connection, () => last !== undefined && isOver(last));
}

/** The lines of a job in order, each once. */
export function followLogs(client: JobsClient, jobId: string, options: LogOptions = {}): AsyncGenerator<LogLine, void, undefined> {
  const { follow = false, tail = 0, operator = "", level = "" } = options;
  let afterSeq = options.afterSeq ?? 0;
  let isFirst = true;
  const connection = async function* () {
    const request = { jobId, follow, afterSeq, tail: isFirst ? tail : 0, operator, level };
    for await (const line of callServerStream(client, "Logs", request, signalOf(options))) {
      isFirst = false;
      afterSeq = line.seq;
      yield line;
    }
  };
  return reconnecting(`the log of job ${jobId}`, options, connection, () => true);
}

const signalOf = ({ signal }: StreamOptions) => (signal ? { signal } : {});

/** @param isComplete - asked when a connection ended in order: whether that was the end. */
async function* reconnecting<T>(what: string, options: StreamOptions, connect: () => AsyncIterable<T>, isComplete: () => boolean): AsyncGenerator<T, void, undefined> {
  const { reconnectMs = 60_000, clock = systemClock, signal } = options;
  let lostAtMs: number | undefined;
  for (let attempt = 1; ; attempt++) {
    let failure: unknown = new StreamEndedError(what);
    try {
      for await (const message of connect()) {
        lostAtMs = undefined;
        attempt = 1;
        yield message;
      }
      if (isComplete()) return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isUnreachable(error)) throw error;
      failure = error;
    }
    lostAtMs ??= clock.monotonicMs();
    if (clock.monotonicMs() - lostAtMs >= reconnectMs) throw failure;
    await clock.sleep(backoffMs(attempt, 100, 2_000), signal);
  }
}

class StreamEndedError extends SageError {
  constructor(what: string) {
    super(`the daemon ended ${what} too early, again and again`, { code: "SAGE_STREAM_ENDED", fault: "sage", retryable: true });
  }
}
