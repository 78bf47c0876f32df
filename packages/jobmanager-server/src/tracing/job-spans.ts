// The parts of a job's life that are worth a span in a trace, read from its record once they are over. Pure.
//
// Every span has a key of its own within the job, so that whoever looks again and again sends each once.

import type { JobRecord } from "../store/job-store.ts";

export interface JobSpan {
  readonly key: string;
  readonly name: "submit" | "deploy" | "checkpoint" | "savepoint" | "recovery";
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Why it failed; absent: it did not. */
  readonly error?: string;
}

/**
 * `deploy`: from the acceptance, or from a continue, until the job runs. `recovery`: from a failure until it runs again.
 * `checkpoint` and `savepoint`: from the trigger until it is on disk, or has failed.
 */
export function jobSpans({ jobId, name, history, checkpoints = [], restarts = [] }: Pick<JobRecord, "jobId" | "name" | "history" | "checkpoints" | "restarts">): readonly JobSpan[] {
  const own = { "sage.job.id": jobId, "sage.job.name": name };
  const spans: JobSpan[] = [];
  history.forEach(({ phase, atMs, reason }, index) => {
    const next = history[index + 1];
    if (phase !== "initializing" || !next) return;
    const isUp = next.phase === "running";
    spans.push({ key: `deploy ${atMs}`, name: "deploy", startMs: atMs, endMs: next.atMs, attributes: { ...own, "sage.reason": reason }, ...(isUp ? {} : { error: next.reason || next.phase }) });
  });
  for (const { id, kind, state, triggeredAtMs, durationMs, bytes, newBytes, alignmentMs, attempt, reason } of checkpoints) {
    const attributes = { ...own, "sage.attempt": attempt, "sage.checkpoint.id": id, "sage.checkpoint.bytes": bytes, "sage.checkpoint.new_bytes": newBytes, "sage.checkpoint.alignment_ms": alignmentMs };
    spans.push({ key: `checkpoint ${id}`, name: kind === "savepoint" ? "savepoint" : "checkpoint", startMs: triggeredAtMs, endMs: triggeredAtMs + durationMs, attributes, ...(state === "failed" ? { error: reason } : {}) });
  }
  for (const { attempt, atMs, recoveredMs, cause, code, operator, checkpointId } of restarts) {
    if (recoveredMs === 0) continue;
    const attributes = { ...own, "sage.attempt": attempt, "sage.recovery.cause": cause, "sage.recovery.code": code, "sage.recovery.operator": operator, "sage.checkpoint.id": checkpointId };
    spans.push({ key: `recovery ${attempt}`, name: "recovery", startMs: atMs, endMs: atMs + recoveredMs, attributes });
  }
  return spans;
}
