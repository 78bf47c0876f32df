// Retries with exponential back-off and full jitter.
// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.

import { systemClock, type Clock } from "./clock.ts";

export interface BackoffOptions {
  /** How often to try at most; default 5. */
  readonly attempts?: number;
  /** Longest wait before the second try, in milliseconds; default 50. Doubles with each try. */
  readonly baseMs?: number;
  /** Longest wait of all, in milliseconds; default 5,000. */
  readonly maxMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Whether an error is worth another try; default: always. */
  readonly retryIf?: (error: unknown) => boolean;
}

/** The wait before try number `attempt` (1 is the first repeat), in milliseconds. */
export function backoffMs(attempt: number, baseMs = 50, maxMs = 5_000, random: () => number = Math.random): number {
  return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}

/** Calls `work` until it succeeds; rethrows its last error. */
export async function withRetries<T>(work: (attempt: number) => Promise<T>, options: BackoffOptions = {}): Promise<T> {
  const { attempts = 5, baseMs, maxMs, signal, clock = systemClock, random, retryIf = () => true } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || signal?.aborted || !retryIf(error)) throw error;
      await clock.sleep(backoffMs(attempt, baseMs, maxMs, random), signal);
    }
  }
}
