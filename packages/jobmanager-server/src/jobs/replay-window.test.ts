import { expect, test } from "vitest";
import { ReplayWindow, windowSize } from "./replay-window.ts";

test("each serial number counts once, in whatever order they come", () => {
  const window = new ReplayWindow();
  expect([3, 1, 2, 3, 1].map((serial) => window.take(serial))).toEqual([true, true, true, false, false]);
});

test("what is too old to be remembered counts as seen, and so does what is no serial number", () => {
  const window = new ReplayWindow();
  for (let serial = 1; serial <= 3 * windowSize; serial++) expect(window.take(serial)).toBe(true);
  expect([1, 2 * windowSize, 3 * windowSize, 0, -1, 1.5, NaN, 2 ** 60].map((serial) => window.take(serial))).toEqual(Array.from({ length: 8 }, () => false));
  expect(window.take(3 * windowSize + 2)).toBe(true);
  expect(window.take(3 * windowSize + 1)).toBe(true);
});
