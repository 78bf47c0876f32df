// What can go wrong while a pipeline runs.

import { SageError, isSageError, messageOf } from "@sage/core";

export interface FailedOperator {
  /** Name of the operator. */
  readonly operator: string;
  readonly nodeId: string;
  /** Parallel instance, from 0. */
  readonly index: number;
}

/** A user's function threw, and the operator's `onError` says that the job fails. The original error is the `cause`. */
export class OperatorFailedError extends SageError {
  readonly operator: string;
  readonly nodeId: string;
  readonly index: number;
  /** Which record of this instance's input it was, from 1 (of a source: of its output); 0: not while processing a record. */
  readonly recordNumber: number;

  constructor(place: FailedOperator, recordNumber: number, cause: unknown, during = "") {
    const where = recordNumber > 0 ? ` on record ${recordNumber}` : during;
    super(`operator "${place.operator}" (instance ${place.index}) failed${where}: ${messageOf(cause)}`, {
      code: "SAGE_OPERATOR_FAILED", fault: "user", cause, hint: hintFor(recordNumber, cause),
    });
    this.operator = place.operator;
    this.nodeId = place.nodeId;
    this.index = place.index;
    this.recordNumber = recordNumber;
  }
}

/** A cause that knows what to do says so; only a record can be skipped. */
function hintFor(recordNumber: number, cause: unknown): string {
  if (isSageError(cause) && cause.hint !== undefined) return cause.hint;
  const what = isSageError(cause) ? "the input" : "the function";
  return recordNumber > 0 ? `Mend ${what}, or say what to do with such records: onError: "skip", "dead-letter" or { retries }.` : `Mend ${what}.`;
}

/** The run was ended before its end, by `cancel` or by the caller's signal. */
export class CancelledError extends SageError {
  constructor(reason: unknown) {
    super(`the run was cancelled: ${messageOf(reason)}`, { code: "SAGE_CANCELLED", fault: "user", cause: reason });
  }
}

/** `collect` or `output` was called when no record was being processed. */
export class LateCollectError extends SageError {
  constructor(operator: string) {
    super(`operator "${operator}" emits outside of its function`, {
      code: "SAGE_LATE_COLLECT", fault: "user",
      hint: "Return a promise that resolves when everything is emitted, for example by `await`ing what emits later.",
    });
  }
}

/** `ctx.state` or `ctx.key` was used where there is no key. */
export class NoKeyError extends SageError {
  constructor(operator: string, why: "unkeyed" | "concurrent" | "no record") {
    super(`operator "${operator}" has no current key: ${noKeyReasons[why]}`, {
      code: "SAGE_NO_KEY", fault: "user",
      hint: why === "concurrent" ? "Read `ctx.key` and use `ctx.state` before the first await, or leave `concurrency` at 1." : "Put `.keyBy(…)` in front of it.",
    });
  }
}

const noKeyReasons = {
  unkeyed: "its input is not keyed",
  concurrent: "several records are being processed at once",
  "no record": "no record is being processed",
};

/** What a flatMap returned is neither iterable nor nothing. */
export class NotIterableError extends SageError {
  constructor(value: unknown) {
    super(`a flatMap must return an iterable or nothing, not ${value === null ? "null" : `a ${typeof value}`}`, {
      code: "SAGE_NOT_ITERABLE", fault: "user", hint: "Return an array, write a generator function, or use map for one result per record.",
    });
  }
}

/** Records entered a feedback edge after its loop had ended. */
export class LoopOverrunError extends SageError {
  constructor(future: string, records: number) {
    super(`${records} records entered the loop "${future}" after it had ended`, {
      code: "SAGE_LOOP_OVERRUN", fault: "user",
      hint: "Operators inside a loop must not send what they emit in `finish`, or with emit: \"end\", back into the loop: filter it out before fillFuture.",
    });
  }
}

/** A function given to assignTimestamps returned something else than a time. */
export class NoTimestampError extends SageError {
  constructor(value: unknown) {
    super(`a timestamp must be a finite number of milliseconds, not ${typeof value === "number" ? String(value) : value === null ? "null" : `a ${typeof value}`}`, {
      code: "SAGE_NO_TIMESTAMP", fault: "user", hint: "Return milliseconds since the epoch, such as `record.at.getTime()`.",
    });
  }
}

/** `ctx.timers` was used where there are none. */
export class NoTimersError extends SageError {
  constructor(operator: string) {
    super(`operator "${operator}" has no timers`, {
      code: "SAGE_NO_TIMERS", fault: "user", hint: "Timers belong to keys: use them in a ProcessFunction with an onTimer, behind `.keyBy(…)`.",
    });
  }
}

/** Broadcast state was written where it may only be read. */
export class BroadcastReadOnlyError extends SageError {
  constructor(operator: string) {
    super(`operator "${operator}" writes broadcast state outside of executeBroadcast`, {
      code: "SAGE_BROADCAST_READ_ONLY", fault: "user", hint: "Only records of the broadcast stream may change it: all instances must have the same.",
    });
  }
}
