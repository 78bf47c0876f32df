// Waits with an end: for what may never come.

import type { Clock } from "@sage/core";

/** `promise`, or a rejection with the signal's reason, whichever is first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Whether `promise` was settled within `ms`; never rejects. */
export async function settledWithin(promise: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const timer = new AbortController();
  const inTime = promise.then(() => true, () => true);
  const late = clock.sleep(ms, timer.signal).then(() => false, () => true);
  try {
    return await Promise.race([inTime, late]);
  } finally {
    timer.abort();
  }
}
