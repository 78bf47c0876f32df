import { expect, test } from "vitest";
import { backoffMs, withRetries } from "./backoff.ts";
import type { Clock } from "./clock.ts";

/** A clock on which every sleep is over at once, and noted. */
function instantClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return { slept, now: () => 0, monotonicMs: () => 0, sleep: (ms, signal) => (signal?.aborted ? Promise.reject(signal.reason) : Promise.resolve(void slept.push(ms))) };
}

test("the wait doubles with each try, up to its limit, and is drawn at random below that", () => {
  expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, 100, 500, () => 1))).toEqual([100, 200, 400, 500]);
  expect(backoffMs(3, 100, 500, () => 0.25)).toBe(100);
});

test("work is repeated until it succeeds", async () => {
  const clock = instantClock();
  const result = await withRetries((attempt) => (attempt < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve(attempt)), { clock, random: () => 1, baseMs: 10 });
  expect(result).toBe(3);
  expect(clock.slept).toEqual([10, 20]);
});

test("the last error is thrown when the tries are used up, or at once when it is not worth another", async () => {
  const clock = instantClock();
  await expect(withRetries((attempt) => Promise.reject(new Error(`try ${attempt}`)), { attempts: 3, clock })).rejects.toThrow("try 3");
  await expect(withRetries((attempt) => Promise.reject(new Error(`try ${attempt}`)), { clock, retryIf: () => false })).rejects.toThrow("try 1");
});

test("an aborted signal ends the tries", async () => {
  const abort = new AbortController();
  const work = withRetries(() => {
    abort.abort(new Error("enough"));
    return Promise.reject(new Error("failed"));
  }, { clock: instantClock(), signal: abort.signal });
  await expect(work).rejects.toThrow("failed");
  await expect(withRetries(() => Promise.resolve(1), { signal: abort.signal })).rejects.toThrow("enough");
});
