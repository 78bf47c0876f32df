import { expect, test } from "vitest";
import { checkpointDelay } from "./checkpoint-delay.ts";

const slowest = { operator: "count", index: 1, host: "h2", barrierMs: 1_200, alignmentMs: 0, writeMs: 5 };

test("a checkpoint's slowest task is named with what it spent its time on", () => {
  expect(checkpointDelay({ slowest })).toBe("count[1] on h2: the barrier waited 1200 ms behind queued records, 5 ms writing");
  expect(checkpointDelay({ slowest: { ...slowest, host: "", barrierMs: 0, writeMs: 0, alignmentMs: 80 } }, (ms) => `${ms / 1_000} s`)).toBe("count[1]: 0.08 s aligning");
});

test("where nobody was waited for there is nothing to say", () => {
  expect(checkpointDelay({ slowest: null })).toBe("");
  expect(checkpointDelay({})).toBe("");
});
