import { expect, test } from "vitest";
import { AlignmentGroups } from "./alignment-groups.ts";

test("a group is as far as the least of all workers; who has finished is not waited for", () => {
  const groups = new AlignmentGroups();
  expect(groups.report(0, [{ group: "a", timeMs: 500 }])).toEqual([{ group: "a", timeMs: 500 }]);
  expect(groups.report(1, [{ group: "a", timeMs: -Infinity }, { group: "b", timeMs: 7 }])).toEqual([{ group: "a", timeMs: -Infinity }, { group: "b", timeMs: 7 }]);
  expect(groups.report(1, [{ group: "a", timeMs: 900 }])).toEqual([{ group: "a", timeMs: 500 }]);
  expect(groups.report(0, [{ group: "a", timeMs: Infinity }])).toEqual([{ group: "a", timeMs: 900 }]); // its sources have ended
  groups.forget(1);
  expect(groups.report(0, [{ group: "a", timeMs: 1_000 }])).toEqual([{ group: "a", timeMs: 1_000 }]);
});
