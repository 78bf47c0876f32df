import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";

test("a sleep ends with the signal's reason as soon as it fires, and leaves no listener", async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(1 << 30, abort.signal);
  abort.abort(new Error("stop"));
  await expect(sleeping).rejects.toThrow("stop");
  await expect(systemClock.sleep(1 << 30, abort.signal)).rejects.toThrow("stop");
});

test("monotonic time does not go back", async () => {
  const before = systemClock.monotonicMs();
  await systemClock.sleep(1);
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(before);
});
