import { expect, test } from "vitest";
import { Rates } from "./rates.ts";

test("a rate needs two looks, and covers the last seconds", () => {
  const rates = new Rates();
  rates.add("a", 1_000, 0);
  expect(rates.of("a")).toBeUndefined();
  rates.add("a", 2_000, 500);
  expect(rates.of("a")).toBe(500);
  for (let second = 3; second <= 20; second++) rates.add("a", second * 1_000, 500 + (second - 2) * 100);
  expect(rates.of("a")).toBe(100);
});

test("a count that falls begins anew, and what was forgotten is unknown", () => {
  const rates = new Rates();
  rates.add("a", 1_000, 900);
  rates.add("a", 2_000, 1_000);
  rates.add("a", 3_000, 10);
  expect(rates.of("a")).toBeUndefined();
  rates.add("a", 4_000, 20);
  expect(rates.of("a")).toBe(10);
  rates.forget("a");
  expect(rates.of("a")).toBeUndefined();
});

test("two looks at nearly the same moment are one", () => {
  const rates = new Rates();
  rates.add("a", 0, 0);
  rates.add("a", 1_000, 100);
  rates.add("a", 1_001, 200);
  expect(rates.of("a")).toBeCloseTo(200, 0);
});
