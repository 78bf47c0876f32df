import { systemClock } from "@sage/core";
import { expect, test } from "vitest";
import { SampleHistory } from "./sample-history.ts";

test("a long life is kept whole in bounded memory, ever coarser", () => {
  const history = new SampleHistory({ list: () => [] } as never, systemClock);
  for (let second = 0; second <= 10_000; second++) history.add("job", [second * 1_000, second, 5, null]);
  const samples = history.of("job");
  expect(samples.length).toBeLessThanOrEqual(513);
  expect(samples[0]).toEqual([0, 0, 5, null]);
  expect(samples.at(-1)![0]).toBeGreaterThan(9_900_000);
  expect(history.of("another")).toEqual([]);
});
