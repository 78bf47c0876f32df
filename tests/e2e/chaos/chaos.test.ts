// A bounded run of `pnpm chaos`: other faults each time; SAGE_CHAOS_SEED plays one again.

import { expect, test } from "vitest";
import { runChaos, subjectOf, subjects } from "./chaos.ts";
import { stepsOf } from "./faults.ts";

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

test.each([
  { subject: "ledger", faults: 8 },
  { subject: subjectOf(seed), faults: 4 },
  { subject: subjectOf(seed + 1), faults: 4 },
])(`$subject, whose daemon and workers are killed, frozen, cut off, stopped and continued, has the ledger of a run in peace (seed ${seed})`, async ({ subject, faults }) => {
  const report = await runChaos({ seed, subject, faults, forMs: 40_000 });
  expect(report.mistakes, `pnpm chaos --seed ${seed} --subject ${subject} --faults ${faults}`).toEqual([]);
  expect(report.numbers).toBeGreaterThan(0);
}, 240_000);
