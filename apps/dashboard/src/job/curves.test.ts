import { expect, test } from "vitest";
import { curvesOf, ratesOf } from "./curves.ts";
import { niceCeiling } from "./time-chart.tsx";

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

test("latency and lag are drawn where they were measured; a job without event time has no lag", () => {
  const curves = curvesOf([[0, 0, null, null], [1_000, 10, 7, null], [2_000, 20, 9, null]]);
  expect(curves.map(({ id, points }) => [id, points.length])).toEqual([["throughput", 2], ["latency", 2]]);
  expect(curvesOf([[0, 0, null, 3], [1_000, 9, null, 4]]).map(({ id }) => id)).toEqual(["throughput", "latency", "lag"]);
  expect(curves[1]!.show(1_500)).toBe("1.5 s");
});

test.each([[0, 1], [0.7, 1], [1, 1], [1.4, 2], [23, 25], [480_000, 500_000], [501, 1_000]])("the scale for %s ends at %s", (value, end) => {
  expect(niceCeiling(value)).toBeCloseTo(end);
});
