import { expect, test } from "vitest";
import { SageError, type Clock } from "@sage/core";
import { applySteps, type Actions } from "./apply.ts";
import type { Host } from "./host.ts";

type Step = { readonly kind: "a" } | { readonly kind: "b"; readonly value: number };
const host = { name: "node1" } as Host;
const instant: Clock = { now: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };
const passing = new SageError("busy", { code: "SAGE_X", fault: "cluster", retryable: true, hint: "Wait." });

function recording(fail: (kind: string, attempt: number) => unknown): { actions: Actions<Step>; log: string[] } {
  const log: string[] = [];
  const act = (kind: string) => {
    const error = fail(kind, log.filter((line) => line === kind).length + 1);
    log.push(kind);
    return error === undefined ? Promise.resolve() : Promise.reject(error as Error);
  };
  return { log, actions: { a: () => act("a"), b: (_host, step) => act(`b${step.value}`) } };
}
const steps: Step[] = [{ kind: "a" }, { kind: "b", value: 1 }, { kind: "b", value: 2 }];
const describe = (step: Step) => (step.kind === "a" ? "do a" : `do b ${step.value}`);

test("steps are done in order", async () => {
  const { actions, log } = recording(() => undefined);
  await applySteps(host, steps, actions, describe);
  expect(log).toEqual(["a", "b1", "b2"]);
});

test("a passing failure is tried again, up to the number of attempts", async () => {
  const { actions, log } = recording((kind, attempt) => (kind === "b1" && attempt < 3 ? passing : undefined));
  await applySteps(host, steps, actions, describe, { clock: instant });
  expect(log).toEqual(["a", "b1", "b1", "b1", "b2"]);
  const always = recording((kind) => (kind === "a" ? passing : undefined));
  await expect(applySteps(host, steps, always.actions, describe, { clock: instant })).rejects.toThrow("node1 could not do a: busy");
  expect(always.log).toEqual(["a", "a", "a"]);
});

test("a failure for good names the step, what was done before it, and keeps the hint; later steps are not tried", async () => {
  const final = new SageError("no", { code: "SAGE_Y", fault: "user", hint: "Change it." });
  const { actions, log } = recording((kind) => (kind === "b1" ? final : undefined));
  await expect(applySteps(host, steps, actions, describe)).rejects.toMatchObject({ code: "SAGE_STEP_FAILED", message: "node1 could not do b 1: no", done: ["do a"], hint: "Change it.", fault: "user", cause: final });
  expect(log).toEqual(["a", "b1"]);
});

test("an interruption is the interruption, not a failed step", async () => {
  const stop = new AbortController();
  const { actions } = recording(() => {
    stop.abort(new Error("interrupted"));
    return passing;
  });
  await expect(applySteps(host, steps, actions, describe, { signal: stop.signal })).rejects.toThrow("interrupted");
});
