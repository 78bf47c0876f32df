// How calls to the daemon wait and try again.

import { isSageError, type BackoffOptions } from "@sage/core";

export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** How long the call may take, in milliseconds; default: the client's, 30,000. */
  readonly deadlineMs?: number;
}

export interface CallSettings {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

const away: ReadonlySet<string> = new Set(["SAGE_DAEMON_UNREACHABLE", "SAGE_CANCELLED", "SAGE_SHUTTING_DOWN"]);

/** Whether a call failed because the daemon could not be reached or went away during it: it may be back soon. */
export const isUnreachable = (error: unknown): boolean => isSageError(error) && away.has(error.code);

/** For calls that may be repeated: five tries within about a second and a half. */
export function retryOptions(signal?: AbortSignal): BackoffOptions {
  return { attempts: 5, baseMs: 100, maxMs: 2_000, retryIf: isUnreachable, ...(signal ? { signal } : {}) };
}
