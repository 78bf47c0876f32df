// A limit of time around any work, whether the work listens to its signal or not.
import { TimeoutError } from "@sage/core";

/**
 * Runs `work` with a signal that fires at the deadline or with `signal`, and rejects as soon as it fires, even if the
 * work goes on.
 *
 * @param limitMs - `Infinity`: no deadline.
 * @throws {@link TimeoutError} at the deadline; `signal.reason` if that comes first.
 */
export async function withDeadline<T>(what: string, limitMs: number, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const limit = new AbortController();
  const onAbort = () => limit.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = Number.isFinite(limitMs) ? setTimeout(() => limit.abort(new TimeoutError(what, limitMs)), limitMs) : undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      limit.signal.addEventListener("abort", () => reject(limit.signal.reason as Error), { once: true });
      work(limit.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
