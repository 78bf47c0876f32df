import { expect, test } from "vitest";
import { approximateBytes } from "./approximate-bytes.ts";

test.each<[string, readonly unknown[], number, number]>([
  ["no records", [], 0, 0],
  ["numbers", Array.from({ length: 100 }, (_, n) => n), 800, 800],
  ["texts of 1,000 characters", Array.from({ length: 10 }, () => "x".repeat(1_000)), 10_000, 11_000],
  ["objects with a long array each", Array.from({ length: 10 }, () => ({ values: Array.from({ length: 1_000 }, () => 1) })), 80_000, 90_000],
  ["bytes", [new Uint8Array(1_000_000)], 1_000_000, 1_001_000],
])("%s", (_what, records, atLeast, atMost) => {
  const bytes = approximateBytes(records);
  expect(bytes).toBeGreaterThanOrEqual(atLeast);
  expect(bytes).toBeLessThanOrEqual(atMost);
});

test("a record that holds itself ends", () => {
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  expect(approximateBytes([circle])).toBeGreaterThan(0);
});
