// Job records as tests need them.

import type { JobId } from "@sage/core";
import type { JobRecord, Submission } from "../store/job-store.ts";

export function recordOf(jobId: JobId): Omit<JobRecord, "number"> {
  return {
    jobId, name: "name ☃ '; DROP TABLE jobs; --", phase: "initializing", parallelism: 1, labels: { a: "b" }, submittedAtMs: 1_795_000_000_123,
    startedAtMs: 0, endedAtMs: 0, attempt: 1, history: [{ phase: "initializing", atMs: 1, reason: "submitted" }], released: false,
    warnings: [], session: "s", contentHash: "c",
  };
}

export function submissionOf(name: string): Submission {
  return {
    jobId: "", name, planJson: "{}", bundleHash: "", sourceMapHash: "", paramsJson: "", argv: ["a"], env: { A: "b" }, data: [],
    pipelineIndex: 0, labels: {}, baseDir: "",
  };
}
