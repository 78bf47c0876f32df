// Time as a port: whatever waits or measures takes a `Clock`, so that tests can move it.

export interface Clock {
  /** Milliseconds since the epoch; for records that people read. May jump. */
  now(): number;
  /** Milliseconds that never go back; for durations and timeouts. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with `signal.reason` as soon as the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
};
