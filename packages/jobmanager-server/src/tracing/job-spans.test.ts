import { expect, test } from "vitest";
import type { JobRecord } from "../store/job-store.ts";
import { jobSpans } from "./job-spans.ts";

const record = (more: Partial<JobRecord>) => ({ jobId: "j", name: "n", history: [], ...more }) as unknown as JobRecord;
const move = (phase: string, atMs: number, reason = "") => ({ phase, atMs, reason });

test("a deploy lasts until the job runs, each time; one that never runs has failed", () => {
  const spans = jobSpans(record({ history: [move("initializing", 10), move("running", 40), move("stopped", 90), move("initializing", 100, "continued"), move("failed", 130, "no room")] as never }));
  expect(spans.map(({ key, startMs, endMs, error }) => [key, startMs, endMs, error])).toEqual([["deploy 10", 10, 40, undefined], ["deploy 100", 100, 130, "no room"]]);
  expect(jobSpans(record({ history: [move("initializing", 10)] as never }))).toEqual([]);
});

test("checkpoints, savepoints and recoveries have their own times; a recovery counts when the job runs again", () => {
  const checkpoint = { id: 3, kind: "checkpoint", state: "complete", triggeredAtMs: 5, durationMs: 7, bytes: 9, newBytes: 2, alignmentMs: 1, attempt: 1, reason: "" };
  const restart = { attempt: 2, atMs: 50, recoveredMs: 20, cause: "worker 0 was lost", code: "SAGE_WORKER_LOST", operator: "", checkpointId: 3 };
  const spans = jobSpans(record({ checkpoints: [checkpoint, { ...checkpoint, id: 4, kind: "savepoint", state: "failed", reason: "too late" }] as never, restarts: [restart, { ...restart, attempt: 3, recoveredMs: 0 }] as never }));
  expect(spans.map(({ name, startMs, endMs, error }) => [name, startMs, endMs, error])).toEqual([["checkpoint", 5, 12, undefined], ["savepoint", 5, 12, "too late"], ["recovery", 50, 70, undefined]]);
  expect(spans[0]!.attributes).toMatchObject({ "sage.job.id": "j", "sage.checkpoint.bytes": 9 });
});
