// What can go wrong with snapshots.

import { SageError } from "@sage/core";

/** A function's field, or a value of its keyed state, is nothing that can be written. */
export class StateNotSerializableError extends SageError {
  readonly operator: string;

  /** @param where - such as `field "client" of class Lookup` or `state "count"`. */
  constructor(operator: string, where: string, what: string) {
    super(`operator "${operator}" cannot be saved: ${where} is ${what}`, {
      code: "SAGE_STATE_NOT_SERIALIZABLE", fault: "user",
      hint: "Name the fields that are state, `static snapshotFields = [\"count\"]`, and make the rest in open(); or write state yourself with snapshot() and restore(state).",
    });
    this.operator = operator;
  }
}

/** A state file is not what was written. */
export class StateDamagedError extends SageError {
  constructor(what: string, why: string, cause?: unknown) {
    super(`the saved state ${what} is damaged: ${why}`, { code: "SAGE_STATE_DAMAGED", fault: "cluster", ...(cause === undefined ? {} : { cause }) });
  }
}

/** Several instances' own state would have to become one. */
export class StateNotMergeableError extends SageError {
  constructor(operator: string, instances: number) {
    super(`operator "${operator}" has its own state in ${instances} instances, which now have to be one`, {
      code: "SAGE_STATE_NOT_MERGEABLE", fault: "user",
      hint: "Give the class a method merge(states) that makes one state of several, keep what belongs to keys in ctx.state, or fix the operator's parallelism.",
    });
  }
}

/** The state was written by a later version of Sage. */
export class StateVersionError extends SageError {
  constructor(what: string, found: unknown, known: number) {
    super(`${what} has format ${String(found)}; this version of Sage knows ${known}`, {
      code: "SAGE_CHECKPOINT_VERSION", fault: "user", hint: "Use the version of Sage that wrote it, or a newer one.",
    });
  }
}

/** The state belongs to other code. */
export class StateMismatchError extends SageError {
  constructor(operator: string, why: string, hint?: string) {
    super(`the saved state does not fit operator "${operator}": ${why}`, { code: "SAGE_STATE_MISMATCH", fault: "user", ...(hint === undefined ? {} : { hint }) });
  }
}
