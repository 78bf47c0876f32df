// How a job can end, or a wait for it, other than well. The same for every host that runs pipelines.

import { isSageError, SageError, type Fault } from "@sage/core";

/** Why a job failed: facts, as they cross the wire. */
export interface JobFailure {
  /** The code of the error that ended the job, `SAGE_…`. */
  readonly code: string;
  readonly fault: Fault;
  readonly message: string;
  /** The operator that failed; absent if none did. */
  readonly operator?: string;
  /** Its parallel instance, from 0. */
  readonly index?: number;
  /** Which record of that instance it was, from 1; absent: not while processing a record. */
  readonly recordNumber?: number;
  /** Message, places in the user's sources and causes, as text. */
  readonly stack?: string;
  readonly hint?: string;
  readonly host?: string;
}

/** The job ended as `failed`. Its `stack` shows the user's own source lines. */
export class JobFailedError extends SageError {
  readonly jobId: string;
  readonly jobName: string;
  readonly failure: JobFailure;
  /** The operator that failed, if one did. */
  readonly operator: string | undefined;
  readonly recordNumber: number | undefined;

  constructor(jobId: string, jobName: string, failure: JobFailure) {
    super(`job "${jobName}" failed${placeIn(failure)}: ${failure.message}`, {
      code: "SAGE_JOB_FAILED", fault: failure.fault, ...(failure.hint === undefined || failure.hint === "" ? {} : { hint: failure.hint }),
    });
    this.jobId = jobId;
    this.jobName = jobName;
    this.failure = failure;
    this.operator = failure.operator;
    this.recordNumber = failure.recordNumber;
    if (failure.stack !== undefined && failure.stack !== "") this.stack = `${this.name}: ${this.message}\n${failure.stack}`;
  }

  /** Of any copy of this package: a bundled program carries its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isSageError(value) && value.code === "SAGE_JOB_FAILED";
  }
}

function placeIn({ message, operator, index, recordNumber }: JobFailure): string {
  if (operator === undefined || operator === "" || message.includes(`"${operator}"`)) return ""; // it says so itself
  const record = recordNumber === undefined || recordNumber === 0 ? "" : `, record ${recordNumber}`;
  return ` in operator ${operator}[${index ?? 0}]${record}`;
}

/** `submit({ autostop: true })` waited as long as it was allowed to. The job goes on. */
export class AutostopTimeoutError extends SageError {
  readonly jobId: string;
  constructor(jobId: string, timeoutMs: number) {
    super(`job ${jobId} has not ended within ${timeoutMs} ms; it goes on`, {
      code: "SAGE_AUTOSTOP_TIMEOUT", fault: "user", retryable: true,
      hint: `Wait longer with submit({ timeoutMs }), watch it with \`sage job logs -f ${jobId}\`, or end it with \`sage job stop ${jobId}\`.`,
    });
    this.jobId = jobId;
  }

  /** Of any copy of this package: a bundled program carries its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isSageError(value) && value.code === "SAGE_AUTOSTOP_TIMEOUT";
  }
}

/** The records of a `collect()` fill their buffer while submit() waits and nobody reads them. */
export class CollectBufferFullError extends SageError {
  constructor(operator: string, limitBytes: number) {
    super(`the results of ${operator} fill their buffer of ${limitBytes} bytes, and nobody reads them while submit() waits for the job's end`, {
      code: "SAGE_COLLECT_BUFFER_FULL", fault: "user",
      hint: "Read them at the same time: `await Promise.all([env.submit(), rows.toArray()])`; or raise submit({ collectBufferBytes }); or write to a sink.",
    });
  }
}

/** The records of a `collect()` were read to the end, or are being read: each is delivered once. */
export class AlreadyReadError extends SageError {
  constructor(operator: string) {
    super(`the results of ${operator} have been read already: each record is delivered once`, {
      code: "SAGE_ALREADY_READ", fault: "user", hint: "Keep what you need: `const rows = await collected.toArray()`.",
    });
  }
}
