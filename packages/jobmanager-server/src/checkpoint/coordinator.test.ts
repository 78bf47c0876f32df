import { deferred, systemClock } from "@sage/core";
import { expect, test } from "vitest";
import { planOf } from "../testing/test-daemon.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { Coordinator } from "./coordinator.ts";
import { checkpointSettings } from "./settings.ts";

test("a checkpoint that is being written when its attempt ends is removed, not recorded, and the end waits for it", async () => {
  const writing = deferred();
  const mayEnd = deferred();
  const recorded: number[] = [];
  const removed: string[] = [];
  const store = { commit: async () => { writing.resolve(); await mayEnd.promise; return { path: "/chk-1" }; }, delete: async (path: string) => { removed.push(path); } } as unknown as CheckpointStore;
  const worker = { index: 0, host: "", isFinished: false, snapshots: true, send() {} };
  const coordinator = new Coordinator({
    jobId: "job", attempt: 1, plan: planOf({ parallelism: 1 }), workers: [worker], settings: checkpointSettings({ intervalMs: 0 } as never), store, clock: systemClock,
    logger: { error() {}, warn() {}, info() {}, debug() {} } as never,
    nextId: async () => 1, lastId: () => 1, lastComplete: () => 0, onComplete: async ({ id }) => { recorded.push(id); }, onCommitted() {}, onFailed() {}, onTooManyFailures() {},
  });
  const taken = coordinator.take({ kind: "checkpoint", reason: "" }, new AbortController().signal);
  const failure = taken.then(() => "taken", (error: { code: string }) => error.code);
  await new Promise((resolve) => setImmediate(resolve));
  coordinator.onAck(0, { checkpointId: 1, tasks: [] } as never);
  await writing.promise;
  let hasEnded = false;
  const ended = coordinator.end("stopped").then(() => { hasEnded = true; });
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasEnded).toBe(false);
  mayEnd.resolve();
  await ended;
  expect(await failure).toBe("SAGE_CHECKPOINT_FAILED");
  expect(recorded).toEqual([]);
  expect(removed).toEqual(["/chk-1"]);
});
