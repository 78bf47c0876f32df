// The command is given a client that has a job, and a terminal.
import type { Clock } from "@sage/core";
import { emptyInstance, type JobView } from "@sage/protocol";
import { expect, test } from "vitest";
import { jobWatch } from "./commands/job/watch.ts";
import { heldBackBy } from "./held-back-by.ts";
import { openIo } from "./io.ts";
import { TextSink } from "./testing/capture.ts";

const operator = (name: string, kind: string, busy: number, backPressured: number) => ({
  nodeId: name, name, kind, chain: name, instances: [{ ...emptyInstance(0), state: "running", busyMsPerSecond: busy, backPressuredMsPerSecond: backPressured, idleMsPerSecond: 1_000 - busy - backPressured }],
});
const node = (id: string) => ({ id, name: id, kind: "map", parallelism: 1, concurrency: 1 });
const planJson = JSON.stringify({
  nodes: [node("read"), node("score")], chains: ["read", "score"].map((id) => ({ id, name: id, parallelism: 1, nodes: [id] })),
  edges: [{ from: "read", to: "score", chained: false, feedback: false, partitioning: "rebalance" }],
});
const job = (over: object = {}) => ({
  jobId: "j", name: "flights", phase: "RUNNING", attempt: 1, startedAtMs: 0, endedAtMs: 0, services: [], restarts: [], restartCount: 0, planJson: "",
  operators: [operator("read", "file", 500, 400), operator("score", "map", 980, 0)], ...over,
}) as unknown as JobView;

test("the bottleneck is named with what it is busy and what it makes others wait", () => {
  expect(heldBackBy(job({ planJson }))).toBe("score 98% busy, 40% back-pressure");
  expect(heldBackBy(job())).toBeUndefined();
  expect(heldBackBy(job({ planJson, operators: [operator("read", "file", 10, 0), operator("score", "map", 10, 0)] }))).toBeUndefined();
});

test("the line of `job watch` on a terminal shows the bottleneck, for which the plan is asked once an attempt", async () => {
  let asked = 0;
  const client = {
    resolveJob: () => Promise.resolve({ jobId: "j" }),
    get: () => { asked++; return Promise.resolve(job({ planJson })); },
    async *watch() { yield* [job(), job(), job(), job({ phase: "COMPLETED" })]; },
  };
  const stderr = new TextSink(100);
  const clock: Clock = { now: () => 1, monotonicMs: () => 1, sleep: () => Promise.resolve() };
  if (!("stream" in jobWatch)) throw new Error("watch gives no stream");
  const context = { args: { job: "j" }, options: {}, connect: () => Promise.resolve(client), signal: new AbortController().signal, clock, io: openIo({ stdout: new TextSink(100), stderr, env: {} }), forPrograms: false };
  const seen: unknown[] = [];
  for await (const each of jobWatch.stream(context as unknown as Parameters<typeof jobWatch.stream>[0])) seen.push(each);
  expect(seen).toHaveLength(2); // running, completed
  expect(stderr.text).toContain("score 98% busy, 40% back-pressure");
  expect(asked).toBe(1);
});
