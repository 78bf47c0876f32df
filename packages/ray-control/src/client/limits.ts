// How long a call may take, and who may end it.

import { TimeoutError } from "@sage/core";

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** In milliseconds; default 60,000. Infinity: no limit. */
  readonly timeoutMs?: number;
}

export const defaultTimeoutMs = 60_000;

/**
 * Settles as `work` does; or rejects with the signal's reason, or with a {@link TimeoutError}, and calls `onGiveUp`,
 * whichever is first.
 */
export function within<T>(work: Promise<T>, what: string, options: CallOptions, onGiveUp: () => void = () => {}): Promise<T> {
  const { signal, timeoutMs = defaultTimeoutMs } = options;
  return new Promise<T>((resolve, reject) => {
    const giveUp = (reason: unknown) => {
      settle();
      onGiveUp();
      reject(reason as Error);
    };
    const onAbort = () => giveUp(signal?.reason);
    const timer = Number.isFinite(timeoutMs) ? setTimeout(() => giveUp(new TimeoutError(what, timeoutMs)), Math.min(timeoutMs, 2 ** 31 - 1)) : undefined;
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    work.then(
      (value) => { settle(); resolve(value); },
      (error: unknown) => { settle(); reject(error as Error); },
    );
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
