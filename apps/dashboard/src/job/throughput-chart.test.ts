import { expect, test } from "vitest";
import { niceCeiling, ratesOf } from "./throughput-chart.tsx";

test("rates are the difference between two samples", () => {
  expect(ratesOf([[0, 0], [1_000, 500], [3_000, 500], [3_500, 1_000]])).toEqual([[1_000, 500], [3_000, 0], [3_500, 1_000]]);
});

test("a count that falls, as after a restart, is no negative rate, and one sample is none", () => {
  expect(ratesOf([[0, 900], [1_000, 100]])).toEqual([[1_000, 0]]);
  expect(ratesOf([[0, 900]])).toEqual([]);
});

test("a long life is shown in as many points as fit, its last one included", () => {
  const rates = ratesOf(Array.from({ length: 2_000 }, (_, index) => [index * 1_000, index * 10] as const));
  expect(rates.length).toBeLessThanOrEqual(241);
  expect(rates.at(-1)).toEqual([1_999_000, 10]);
});

test.each([[0, 1], [0.7, 1], [1, 1], [1.4, 2], [23, 25], [480_000, 500_000], [501, 1_000]])("the scale for %s ends at %s", (value, end) => {
  expect(niceCeiling(value)).toBeCloseTo(end);
});
