import type { JobJson } from "@sage/protocol/json";
import { expect, test } from "vitest";
import { shownState } from "./job-state.ts";

const failure = { operator: "check" } as JobJson["failure"];

test("of a failed job the operator that failed is shown as failed, and the others as cancelled", () => {
  expect(["check", "print"].map((name) => shownState({ status: "failed", failure }, name, "failed"))).toEqual(["failed", "cancelled"]);
});

test("no operator of a job that was stopped is shown as failed, whatever its worker said when it was ended", () => {
  expect(shownState({ status: "stopped", failure: null }, "print", "failed")).toBe("cancelled");
  expect(shownState({ status: "stopping", failure: null }, "print", "running")).toBe("running");
});
