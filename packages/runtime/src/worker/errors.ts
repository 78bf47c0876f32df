// What ends a worker process, other than its job.

import { SageError, messageOf } from "@sage/core";

/** The daemon does not want this worker. */
export class AttachRefusedError extends SageError {
  constructor(reason: string) {
    super(`the daemon refused this worker: ${reason}`, { code: "SAGE_ATTACH_REFUSED", fault: "sage" });
  }
}

/** Whoever answers at the daemon's address does not know the job's secret. */
export class DaemonImpostorError extends SageError {
  constructor(address: string) {
    super(`what answers at ${address} does not know this job's secret`, { code: "SAGE_DAEMON_IMPOSTOR", fault: "cluster" });
  }
}

/** The daemon could not be reached for the grace period. */
export class DaemonLostError extends SageError {
  constructor(address: string, graceMs: number, cause: unknown) {
    super(`no daemon at ${address} for ${graceMs} ms: ${messageOf(cause)}`, { code: "SAGE_DAEMON_LOST", fault: "cluster", cause });
  }
}

/** User code called `process.exit`: the worker does not, for it would lose what is not handed over yet. */
export class ProcessExitError extends SageError {
  constructor(code: unknown) {
    super(`the program called process.exit(${code === undefined || code === null ? "" : String(code)})`, {
      code: "SAGE_PROCESS_EXIT", fault: "user", hint: "Throw an error to fail the job; return null from a source to end it.",
    });
  }
}

/** An error that nothing in the user's code caught: a promise nobody awaits, a callback. */
export class UncaughtError extends SageError {
  constructor(error: unknown, kind: "exception" | "rejection") {
    super(`${kind === "exception" ? "uncaught exception" : "unhandled rejection"}: ${messageOf(error)}`, {
      code: "SAGE_UNCAUGHT", fault: "user", cause: error, hint: "Await every promise, and catch errors in callbacks: Sage cannot know which record they belong to.",
    });
  }
}

/** A record of collect() that does not fit into one message. */
export class ResultTooLargeError extends SageError {
  constructor(bytes: number, limitBytes: number) {
    super(`a record of collect() has ${bytes} bytes; at most ${limitBytes} can be brought back`, {
      code: "SAGE_RESULT_TOO_LARGE", fault: "user", hint: "Write large records with a sink, and collect what names them.",
    });
  }
}

/** What the daemon sent for a hash has another one. */
export class FetchedFileError extends SageError {
  constructor(expected: string, actual: string) {
    super(`the JobManager sent a file with the hash ${actual}, not ${expected}`, {
      code: "SAGE_ARTIFACT_DAMAGED", fault: "cluster", hint: "The file on its disk is damaged: submit the program again.",
    });
  }
}
