// The base of every error that a person may see: what happened, who has to act, and what to do next.
//
// Recognise errors by `code` or by `isSageError`, never by class: they cross bundles, processes and wires.

/** Who has to act: the user's program or input, the machines, or Sage itself. */
export type Fault = "user" | "cluster" | "sage";

export interface SageErrorFacts {
  /** Stable name of the situation, `SAGE_…`; never changes once released. */
  readonly code: string;
  readonly fault: Fault;
  /** Whether the same call may succeed later without a change. */
  readonly retryable?: boolean;
  /** The next thing to do, as one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

const brand = Symbol.for("sage.error");

export class SageError extends Error {
  readonly code: string;
  readonly fault: Fault;
  readonly retryable: boolean;
  readonly hint: string | undefined;

  constructor(message: string, facts: SageErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.fault = facts.fault;
    this.retryable = facts.retryable ?? false;
    this.hint = facts.hint;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `error` is a {@link SageError} of any copy of this package. */
export function isSageError(error: unknown): error is SageError {
  return typeof error === "object" && error !== null && (error as Record<symbol, unknown>)[brand] === true;
}

/** The text of anything that can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The caller waited as long as it had said it would. */
export class TimeoutError extends SageError {
  constructor(what: string, timeoutMs: number) {
    super(`${what} did not finish within ${timeoutMs} ms`, { code: "SAGE_TIMEOUT", fault: "cluster", retryable: true });
  }
}
