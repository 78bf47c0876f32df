import { expect, test } from "vitest";
import { planOf } from "../testing/test-daemon.ts";
import { guaranteeOf, warningsOf } from "./durability.ts";

const planWith = (end: "sink" | "collect", more: object, source: object = {}) => {
  const plan = planOf({ end });
  return { ...plan, nodes: [{ ...plan.nodes[0]!, ...source }, { ...plan.nodes[1]!, ...more }] };
};

test("a sink that commits with checkpoints makes the job exactly once; another lowers it, and is named", () => {
  expect(guaranteeOf(planWith("sink", { transactional: true }), false)).toEqual({ guarantee: "exactly-once", guaranteeReason: "" });
  expect(guaranteeOf(planWith("sink", { name: "Post" }), true)).toMatchObject({ guarantee: "at-least-once", guaranteeReason: expect.stringContaining('"Post"') });
});

test("collect() is exact where checkpoints were asked for", () => {
  expect(guaranteeOf(planWith("collect", {}), true).guarantee).toBe("exactly-once");
  expect(guaranteeOf(planWith("collect", {}), false).guarantee).toBe("at-least-once");
});

test("a source that cannot give records again is named", () => {
  expect(guaranteeOf(planWith("sink", { transactional: true }, { name: "Socket", replayable: false }), true)).toMatchObject({ guarantee: "at-most-once", guaranteeReason: expect.stringContaining('"Socket"') });
});

test("a job that asked for barriers that do not wait gets records at least once, whatever its sinks can do", () => {
  expect(guaranteeOf(planWith("sink", { transactional: true }), true, "at-least-once")).toMatchObject({ guarantee: "at-least-once", guaranteeReason: expect.stringContaining("asked") });
});

test("a source that cannot give records again is named to who submits it", () => {
  expect(warningsOf(planWith("sink", {}, { name: "Socket", replayable: false }))).toEqual([expect.stringMatching(/source "Socket" cannot give records again/)]);
  expect(warningsOf(planWith("sink", {}))).toEqual([]);
});
