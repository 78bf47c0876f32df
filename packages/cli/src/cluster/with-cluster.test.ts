import { expect, test } from "vitest";
import { calmProgress } from "./with-cluster.ts";

test("a percentage that grows is told every few seconds, every other step at once and once, each host by itself", () => {
  let nowMs = 0;
  const isNews = calmProgress({ monotonicMs: () => nowMs });
  expect(isNews("a", "sends Node: 1 %")).toBe(true);
  expect(isNews("a", "sends Node: 2 %")).toBe(false);
  expect(isNews("b", "sends Node: 2 %")).toBe(true);
  nowMs = 5_000;
  expect(isNews("a", "sends Node: 40 %")).toBe(true);
  expect(isNews("a", "starts Ray")).toBe(true);
  expect(isNews("a", "starts Ray")).toBe(false);
  expect(isNews("b", "starts Ray")).toBe(true);
});
