// What can be wrong with how a program is to run.

import { SageError } from "@sage/core";

/** `SAGE_TARGET` names no place where pipelines run. */
export class UnknownTargetError extends SageError {
  constructor(target: string) {
    super(`SAGE_TARGET is ${JSON.stringify(target)}`, { code: "SAGE_UNKNOWN_TARGET", fault: "user", hint: "It is `local` or `remote`." });
  }
}

/** The job runs in this process, where nothing keeps its state. */
export class NoDaemonError extends SageError {
  constructor(what: string) {
    super(`${what} needs a job on a daemon; this one runs in this process`, {
      code: "SAGE_NO_DAEMON", fault: "user", hint: "Run it with --remote, or in worker processes with parallelism 2 or more.",
    });
  }
}

/** A program that was run for its pipeline ended without submitting one. */
export class NothingSubmittedError extends SageError {
  constructor(file: string) {
    super(`${file} ended without a submit(): nothing ran`, {
      code: "SAGE_NOTHING_SUBMITTED", fault: "user", hint: "End the program with `await env.submit()`, or make `pipeline(…)` its default export.",
    });
  }
}

/** The environment has no job to act on. */
export class NoJobError extends SageError {
  constructor(what: string) {
    super(`${what} before submit(): there is no job yet`, { code: "SAGE_NO_JOB", fault: "user" });
  }
}
