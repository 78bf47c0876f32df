import { emptyInstance } from "@sage/protocol";
import { systemClock } from "@sage/core";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { JobManager } from "../jobs/job-manager.ts";
import { metricsText } from "./metrics.ts";
import { parsePlainText } from "./testing/prometheus.ts";

const instance = { ...emptyInstance(0), progress: 0.5, hasWatermark: true, watermarkLagMs: 1_500, latencySamples: 3, latencyP50Ms: 1, latencyP99Ms: 20, latencyMaxMs: 40 };
const service = { name: "llm", index: 0, state: "ready", calls: 4, failures: 1, restarts: 0, queued: 2, answered: 2, latencyTotalMs: 3_000 };
const checkpoint = { id: 1, kind: "checkpoint", state: "complete", triggeredAtMs: 2_000, durationMs: 250, bytes: 64 };
const job = {
  record: { jobId: "j", name: "n", phase: "running", startedAtMs: 1, endedAtMs: 0, attempt: 2, restartCount: 1, checkpoints: [checkpoint] },
  operators: [{ nodeId: "a", name: "op", kind: "map", chain: "op", instances: [instance] }], services: [service], workers: 1, revision: 1,
};
const ray = { last: {
  state: "up", version: "2.60.0", dashboardUrl: "", why: "", nodes: [{ isAlive: true }, { isAlive: false }], resources: [{ name: "CPU", total: 8, used: 3 }, { name: "memory", total: 100, used: null }],
} as never };
const families = () => parsePlainText(metricsText({ jobs: { list: () => [job], jobsByPhase: () => ({}) } as unknown as JobManager, facts: {}, clock: systemClock, ray }, 0));

test("what is documented is what is said, name by name", async () => {
  const text = await readFile(new URL("./README.md", import.meta.url), "utf8");
  const documented = [...text.matchAll(/^\| `(sage_\w+)` \|/gm)].map(([, name]) => name!);
  expect([...families().keys()].sort()).toEqual(documented.sort());
});

test("figures come in base units: seconds and bytes", () => {
  const all = families();
  const value = (name: string, labels: Record<string, string> = {}) => all.get(name)?.find((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))?.value;
  expect(value("sage_operator_latency_seconds", { quantile: "0.99" })).toBe(0.02);
  expect(value("sage_operator_watermark_lag_seconds")).toBe(1.5);
  expect(value("sage_service_latency_seconds_total", { service: "llm" })).toBe(3);
  expect(value("sage_job_last_checkpoint_duration_seconds")).toBe(0.25);
  expect(value("sage_job_last_checkpoint_timestamp_seconds")).toBe(2);
  expect([value("sage_ray_nodes", { state: "alive" }), value("sage_ray_resources_used", { resource: "CPU" }), value("sage_ray_resources_used", { resource: "memory" })]).toEqual([1, 3, undefined]);
});
