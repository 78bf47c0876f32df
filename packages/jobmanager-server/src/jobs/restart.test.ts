import { expect, test } from "vitest";
import { decideRestart, toRestartPolicy, type NewFailure, type PastFailure, type RestartPolicy } from "./restart.ts";

const lost = { code: "SAGE_WORKER_LOST", fault: "cluster", operator: "" };
const thrown = { code: "SAGE_OPERATOR_FAILED", fault: "user", operator: "parse" };
const failure = (more: Partial<NewFailure> = {}): NewFailure => ({ atMs: 100_000, failure: lost, ranMs: 5_000, wasRunning: true, hasRun: true, ...more });
const at = (...times: number[]): PastFailure[] => times.map((atMs) => ({ atMs, counted: true, code: lost.code, operator: "" }));
const never = () => 0;
const policy = (wire: Parameters<typeof toRestartPolicy>[0], isAsked = true): RestartPolicy => toRestartPolicy(wire, isAsked);
const exponential = policy({ exponential: { initialMs: 100, maxMs: 1_000, factor: 2, jitter: 0.5, resetAfterMs: 50_000, attempts: 4 } });

test("none never restarts; fixed as often as it says", () => {
  expect(decideRestart(policy({ none: {} }), [], failure(), never)).toMatchObject({ restart: false });
  const fixed = policy({ fixed: { attempts: 2, delayMs: 7 } });
  expect(decideRestart(fixed, at(1), failure(), never)).toEqual({ restart: true, delayMs: 7, counted: true });
  expect(decideRestart(fixed, at(1, 2), failure(), never)).toMatchObject({ restart: false, why: expect.stringContaining("2 restarts") });
});

test("exponential delays grow to a limit, part of them left to chance, and begin anew after a quiet time", () => {
  const delays = [[], [99_000], [98_000, 99_000], [97_000, 98_000, 99_000]].map((past) => decideRestart(exponential, at(...past), failure(), never));
  expect(delays.map((each) => each.restart && each.delayMs)).toEqual([100, 200, 400, 800]);
  expect(decideRestart(exponential, at(97_000, 98_000), failure(), () => 1)).toMatchObject({ delayMs: 200 });
  expect(decideRestart(exponential, at(96_000, 97_000, 98_000, 99_000), failure(), never)).toMatchObject({ restart: false });
  expect(decideRestart(exponential, at(96_000, 97_000, 98_000, 99_000), failure({ ranMs: 60_000, atMs: 160_000 }), never)).toMatchObject({ restart: true, delayMs: 100 });
});

test.each([
  ["one a second", lost, 900],
  ["one in five seconds where the same operator throws", thrown, 4_500],
])("whatever the strategy says, restarts come no faster than %s in the long run", (_what, cause, leastMs) => {
  for (const eager of [policy({ fixed: { attempts: 1_000, delayMs: 0 } }), policy({ exponential: { initialMs: 1, maxMs: 1, factor: 1, jitter: 0, resetAfterMs: 60_000, attempts: 1_000 } }), policy({ failureRate: { failures: 1_000, intervalMs: 60_000, delayMs: 0 } })]) {
    const past: PastFailure[] = [];
    for (let atMs = 1_000; past.length < 60; ) {
      const decision = decideRestart(eager, past, failure({ atMs, ranMs: 0, failure: cause }), Math.random);
      past.push({ ...cause, atMs, counted: true });
      atMs += decision.restart ? decision.delayMs : NaN;
    }
    expect(past[4]!.atMs - past[0]!.atMs).toBeLessThan(1_000);
    expect((past.at(-1)!.atMs - past[0]!.atMs) / past.length).toBeGreaterThan(leastMs);
  }
});

test("a clock that was set back holds no restart up for long", () => {
  expect(decideRestart(policy({ fixed: { attempts: 1_000, delayMs: 0 } }), at(9e9, 9e9, 9e9, 9e9, 9e9), failure(), never)).toMatchObject({ restart: true, delayMs: 5_000 });
});

test("failure-rate counts within its interval only", () => {
  const rate = policy({ failureRate: { failures: 2, intervalMs: 10_000, delayMs: 100 } });
  expect(decideRestart(rate, at(50_000, 95_000), failure(), never)).toMatchObject({ restart: true });
  expect(decideRestart(rate, at(94_000, 95_000), failure(), never)).toMatchObject({ restart: false });
});

test("workers that are lost while the job recovers from the loss of others count once", () => {
  const past = at(96_000, 97_000, 98_000, 99_000);
  expect(decideRestart(exponential, past, failure({ wasRunning: false, ranMs: 0 }), never)).toMatchObject({ restart: true, counted: false });
  expect(decideRestart(exponential, past, failure({ wasRunning: false, ranMs: 0, failure: thrown }), never)).toMatchObject({ restart: false });
});

test("exceptions are restarted only if the job asked for it; a job that never ran is not", () => {
  expect(decideRestart(policy(null, false), [], failure({ failure: thrown }), never)).toMatchObject({ restart: false });
  expect(decideRestart(policy(null, false), [], failure(), never)).toMatchObject({ restart: true });
  expect(decideRestart(policy(null, true), [], failure({ failure: thrown }), never)).toMatchObject({ restart: true });
  expect(decideRestart(policy(null, true), [], failure({ hasRun: false, wasRunning: false }), never)).toMatchObject({ restart: false });
});

test("what no attempt would change is not tried again", () => {
  for (const code of ["SAGE_PLAN_MISMATCH", "SAGE_STATE_MISMATCH"]) {
    expect(decideRestart(exponential, [], failure({ failure: { ...thrown, code } }), never)).toMatchObject({ restart: false });
  }
});
