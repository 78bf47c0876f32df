// A job as the command line shows it: rows of tables and the data of `--json`. Pure.
//
// Keys are the proto's in camelCase, with these changes: `…AtMs` is `…At` as RFC 3339 (null: not yet), `timeMs` is
// `time`, and `status` is the phase as programs see it ("completed").

import type { JobResult } from "@sage/jobmanager-client";
import type { FailureView, JobView, LogLine, OperatorView, Transition } from "@sage/protocol";
import { toRfc3339 } from "./durations.ts";
import type { StyleName } from "./io.ts";

const sourceKinds: ReadonlySet<string> = new Set(["batch", "source", "iterable", "data", "file"]);
const endPhases: ReadonlySet<string> = new Set(["COMPLETED", "FAILED", "STOPPED", "DELETED"]);

/** `completed`, `running`, … */
export const statusOf = (job: { readonly phase: string }): string => (job.phase === "JOB_PHASE_UNSPECIFIED" ? "initializing" : job.phase.toLowerCase());

export const hasEnded = (job: JobView): boolean => endPhases.has(job.phase);

/** Records that the job's sources have emitted. */
export function recordsOf(job: JobView): number {
  return job.operators.filter(({ kind }) => sourceKinds.has(kind)).reduce((total, operator) => total + totalOf(operator, "recordsOut"), 0);
}

export function totalOf({ instances }: OperatorView, field: "recordsIn" | "recordsOut" | "skipped" | "deadLettered" | "retried"): number {
  return instances.reduce((total, instance) => total + instance[field], 0);
}

/** Milliseconds from the job's start to its end, or to now; undefined if it has not started. */
export function runtimeMsOf(job: JobView, nowMs: number): number | undefined {
  if (job.startedAtMs === 0) return undefined;
  return Math.max(0, (job.endedAtMs || nowMs) - job.startedAtMs);
}

/** For each id its shortest beginning that no other has, of at least 8 characters. */
export function shortIds(ids: readonly string[]): Map<string, string> {
  const sorted = [...new Set(ids)].sort();
  return new Map(sorted.map((id, i) => {
    const length = Math.max(8, 1 + common(id, sorted[i - 1] ?? ""), 1 + common(id, sorted[i + 1] ?? ""));
    return [id, id.slice(0, id[length - 1] === "-" ? length + 1 : length)];
  }));
}

function common(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

const styles: Readonly<Record<string, StyleName>> = { running: "cyan", completed: "green", failed: "red", stopped: "yellow", stopping: "yellow", recovering: "yellow" };

export const statusStyle = (job: { readonly phase: string }): StyleName | undefined => styles[statusOf(job)];

/** A job as data. The plan only if the daemon sent it. */
export function jobJson(job: JobView, nowMs: number): Record<string, unknown> {
  const { planJson, phase, submittedAtMs, startedAtMs, endedAtMs, failure, history, ...rest } = job;
  return {
    ...rest,
    phase,
    status: statusOf(job),
    submittedAt: toRfc3339(submittedAtMs),
    startedAt: toRfc3339(startedAtMs),
    endedAt: toRfc3339(endedAtMs),
    runtimeMs: runtimeMsOf(job, nowMs) ?? null,
    records: recordsOf(job),
    failure: failure ? failureJson(failure) : null,
    history: history.map(transitionJson),
    ...(planJson === "" ? {} : { plan: parsed(planJson) }),
  };
}

function failureJson({ atMs, ...rest }: FailureView): Record<string, unknown> {
  return { ...rest, at: toRfc3339(atMs) };
}

function transitionJson({ phase, atMs, reason }: Transition): Record<string, unknown> {
  return { phase, status: statusOf({ phase }), at: toRfc3339(atMs), reason };
}

/** What a program's submit gave, as data. */
export function resultJson({ startedAtMs, endedAtMs, ...rest }: JobResult): Record<string, unknown> {
  return { ...rest, startedAt: toRfc3339(startedAtMs), endedAt: toRfc3339(endedAtMs) };
}

export function logJson({ timeMs, ...rest }: LogLine): Record<string, unknown> {
  return { time: toRfc3339(timeMs), ...rest };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
}
