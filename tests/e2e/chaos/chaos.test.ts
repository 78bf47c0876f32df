// A bounded run of `pnpm chaos`: other faults each time; SAGE_CHAOS_SEED plays one again.

import { describe, expect, test } from "vitest";
import { runChaos, subjectOf, subjects } from "./chaos.ts";
import { stepsOf } from "./faults.ts";
import { runKillPoints } from "./kill-points.ts";
import { curveOf } from "./memory-curve.ts";

test("the same seed breaks the same things", () => {
  const first = (seed: number) => {
    const steps = stepsOf(seed, true);
    return Array.from({ length: 50 }, () => steps.next().value);
  };
  expect(first(7)).toEqual(first(7));
  expect(first(7)).not.toEqual(first(8));
});

test("seeds choose among all shapes and parallelisms", () => {
  expect(new Set(Array.from({ length: 1_000 }, (_, seed) => subjectOf(seed)))).toEqual(new Set(subjects));
});

const seed = Number(process.env["SAGE_CHAOS_SEED"] ?? Math.floor(Math.random() * 1e9));

test("memory that grows behind the warm-up is no flat curve; a saw and a warm-up are one", () => {
  const curve = (mib: (i: number) => number) => curveOf("it", Array.from({ length: 300 }, (_, i) => ({ liveBytes: mib(i) * 2 ** 20, rssBytes: 0 }))).isFlat;
  expect(curve((i) => Math.min(100, 50 + i))).toBe(true);
  expect(curve((i) => 100 + (i % 10) * 5)).toBe(true);
  expect(curve((i) => 100 + i * 0.15)).toBe(false);
});

// Both wait most of their time, so they do it together.
describe.concurrent(`seed ${seed}`, () => {
  test.each([
    { subjects: ["ledger"], faults: 8, forMs: 25_000 },
    { subjects: [subjectOf(seed), subjectOf(seed + 1)], faults: 4, forMs: 12_000 },
  ])("$subjects, whose daemon and workers are killed, frozen, cut off, stopped and continued, has the ledger of a run in peace", async ({ subjects: all, faults, forMs }) => {
    for (const subject of all) {
      const report = await runChaos({ seed, subject, faults, forMs });
      expect(report.mistakes, `pnpm chaos --seed ${seed} --subject ${subject} --faults ${faults}`).toEqual([]);
      expect(report.numbers).toBeGreaterThan(0);
    }
  }, 240_000);

  test("a daemon that dies at any step of what people do to jobs has done it or has not, and it can be done again", async () => {
    const report = await runKillPoints({ seed, points: 8 });
    expect(report.mistakes, `pnpm chaos --kill-points 8 --seed ${seed}`).toEqual([]);
  }, 240_000);
});
