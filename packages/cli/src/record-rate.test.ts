import { expect, test } from "vitest";
import { RecordRate } from "./record-rate.ts";

test("a count that is looked at more often than it changes keeps its rate, until it stands still or begins again", () => {
  const rate = new RecordRate();
  const looks = [[0, 0], [1_000, 500], [1_050, 500], [1_900, 500], [2_000, 1_000], [5_001, 1_000], [6_000, 1_600], [6_500, 10], [7_000, 20]] as const;
  expect(looks.map(([atMs, records]) => rate.at(atMs, records))).toEqual([0, 500, 500, 500, 500, 0, 150, 0, 20]);
});
