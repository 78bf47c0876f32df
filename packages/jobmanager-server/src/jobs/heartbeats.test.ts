import { newWorkerId, systemClock } from "@sage/core";
import { expect, test } from "vitest";
import type { WorkerHandle } from "../scheduling/worker-driver.ts";
import { AttemptWorker } from "./attempt-worker.ts";
import type { Cause } from "./cause.ts";
import { watchHeartbeats } from "./heartbeats.ts";
import type { WorkerLink } from "./worker-registry.ts";

const timing = { heartbeatTimeoutMs: 600_000, suspicionMs: 300_000, hostAnswerMs: 1_000 };
const link: WorkerLink = { send: async () => {}, close: () => {} };

/** A worker that has just been heard of. @param answers - of its host, whenever it is asked */
function workerOn(host: string, answers: boolean | undefined, stream: WorkerLink | undefined): { worker: AttemptWorker; asked: () => number } {
  const worker = new AttemptWorker(0, newWorkerId());
  let asked = 0;
  const never = new Promise<never>(() => {});
  worker.handle = { host, pid: 1, gone: never, exited: never, kill: () => {}, lastOutput: () => "", hostAnswers: async () => { asked++; return answers; } } satisfies WorkerHandle;
  worker.isReady = true;
  worker.link = stream;
  worker.lastSeenMs = systemClock.monotonicMs();
  return { worker, asked: () => asked };
}

test("of workers whose stream has broken the host is asked at once, of others when they have been silent; who does not answer is lost", async () => {
  const [lost, there, unknown, attached] = [workerOn("gone", false, undefined), workerOn("there", true, undefined), workerOn("unknown", undefined, undefined), workerOn("attached", false, link)];
  const over = new AbortController();
  const found = await new Promise<Cause>((resolve) => {
    watchHeartbeats([attached, there, unknown, lost].map(({ worker }) => worker), timing, systemClock, resolve, over.signal).catch(() => {});
  });
  over.abort(new Error("the test is over"));
  expect(found.failure).toMatchObject({ code: "SAGE_HOST_LOST", host: "gone", message: "worker 0 is lost: its host gone has not answered for 1 s" });
  expect([there, unknown, attached].map(({ asked }) => asked() > 0)).toEqual([true, true, false]);
  expect(lost.worker.isCutOff).toBe(true);
});
