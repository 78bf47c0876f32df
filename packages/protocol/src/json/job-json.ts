// A job as data for programs and pages: what `--json` of the command line prints and the daemon's http door answers.
//
// Keys are the proto's in camelCase, with these changes: `…AtMs` is `…At` as RFC 3339 (null: not yet), `timeMs` is
// `time`, and `status` is the phase as programs see it ("completed"). Durations are in ms. Pure.

import type { CheckpointView__Output as CheckpointView } from "../gen/sage/v1/CheckpointView.ts";
import type { DispatcherView__Output as DispatcherView } from "../gen/sage/v1/DispatcherView.ts";
import type { FailureView__Output as FailureView } from "../gen/sage/v1/FailureView.ts";
import type { JobView__Output as JobView } from "../gen/sage/v1/JobView.ts";
import type { LogLine__Output as LogLine } from "../gen/sage/v1/LogLine.ts";
import type { JobCheckpoints__Output as JobCheckpoints } from "../gen/sage/v1/JobCheckpoints.ts";
import type { OperatorView__Output as OperatorView } from "../gen/sage/v1/OperatorView.ts";
import type { RestartStrategy__Output as RestartStrategy } from "../gen/sage/v1/RestartStrategy.ts";
import type { RestartView__Output as RestartView } from "../gen/sage/v1/RestartView.ts";
import type { ServerInfoView__Output as ServerInfoView } from "../gen/sage/v1/ServerInfoView.ts";
import type { ServiceView__Output as ServiceView } from "../gen/sage/v1/ServiceView.ts";
import type { Transition__Output as Transition } from "../gen/sage/v1/Transition.ts";

const sourceKinds: ReadonlySet<string> = new Set(["batch", "source", "iterable", "data", "file"]);

/** RFC 3339 in UTC; null for what has not happened yet. */
export type Rfc3339 = string;

export interface JobJson {
  readonly jobId: string;
  readonly number: number;
  readonly name: string;
  readonly phase: string;
  readonly status: string;
  readonly submittedAt: Rfc3339 | null;
  readonly startedAt: Rfc3339 | null;
  readonly endedAt: Rfc3339 | null;
  readonly runtimeMs: number | null;
  /** Records that the sources have emitted. */
  readonly records: number;
  readonly attempt: number;
  readonly parallelism: number;
  readonly failure: FailureJson | null;
  readonly operators: readonly OperatorView[];
  /** The newest last. */
  readonly history: readonly TransitionJson[];
  /** Older moves that are no longer kept. */
  readonly historyDropped: number;
  readonly services: readonly ServiceView[];
  readonly dispatcher: DispatcherView | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly resourcesReleased: boolean;
  readonly warnings: readonly string[];
  readonly revision: number;
  /** The newest last; failed and deleted ones too. */
  readonly checkpoints: readonly CheckpointJson[];
  /** The newest last. */
  readonly restarts: readonly RestartJson[];
  readonly restartCount: number;
  /** What a failure leaves of the results: exactly-once, exactly-once-state, at-least-once, none. */
  readonly guarantee: string;
  readonly guaranteeReason: string;
  /** Of the last checkpoint. */
  readonly stateBytes: number;
  readonly checkpointSettings: JobCheckpoints | null;
  readonly restart: RestartStrategy | null;
  readonly restoredFrom: CheckpointJson | null;
  readonly savepointDir: string;
  /** What its workers need before they can start; empty: it does not wait. */
  readonly waitsFor: string;
  /** Only where one job is asked for. */
  readonly plan?: unknown;
}

export type CheckpointJson = Omit<CheckpointView, "triggeredAtMs"> & { readonly triggeredAt: Rfc3339 | null };
export type RestartJson = Omit<RestartView, "atMs"> & { readonly at: Rfc3339 | null };
export type FailureJson = Omit<FailureView, "atMs"> & { readonly at: Rfc3339 | null };
export type LogJson = Omit<LogLine, "timeMs"> & { readonly time: Rfc3339 | null };
export type ServerInfoJson = Omit<ServerInfoView, "startedAtMs"> & { readonly startedAt: Rfc3339 | null };

export interface TransitionJson {
  readonly phase: string;
  readonly status: string;
  readonly at: Rfc3339 | null;
  readonly reason: string;
}

/** `completed`, `running`, … */
export const statusOf = (job: { readonly phase: string }): string => (job.phase === "JOB_PHASE_UNSPECIFIED" ? "initializing" : job.phase.toLowerCase());

/** Records that the job's sources have emitted. */
export function recordsOf(job: { readonly operators: readonly OperatorView[] }): number {
  return job.operators.filter(({ kind }) => sourceKinds.has(kind)).reduce((total, operator) => total + totalOf(operator, "recordsOut"), 0);
}

export function totalOf({ instances }: OperatorView, field: "recordsIn" | "recordsOut" | "recordsInPerSecond" | "recordsOutPerSecond" | "skipped" | "deadLettered" | "retried"): number {
  return instances.reduce((total, instance) => total + instance[field], 0);
}

/** Milliseconds from the job's start to its end, or to now; undefined if it has not started. */
export function runtimeMsOf(job: { readonly startedAtMs: number; readonly endedAtMs: number }, nowMs: number): number | undefined {
  if (job.startedAtMs === 0) return undefined;
  return Math.max(0, (job.endedAtMs || nowMs) - job.startedAtMs);
}

/** A job as data. The plan only if it is there. */
export function jobJson(job: JobView, nowMs: number): JobJson {
  const { planJson, phase, submittedAtMs, startedAtMs, endedAtMs, failure, history, checkpoints, restarts, restoredFrom, ...rest } = job;
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
    checkpoints: checkpoints.map(checkpointJson),
    restarts: restarts.map(({ atMs, ...restart }) => ({ ...restart, at: toRfc3339(atMs) })),
    restoredFrom: restoredFrom ? checkpointJson(restoredFrom) : null,
    ...(planJson === "" ? {} : { plan: parsed(planJson) }),
  };
}

export function checkpointJson({ triggeredAtMs, ...rest }: CheckpointView): CheckpointJson {
  return { ...rest, triggeredAt: toRfc3339(triggeredAtMs) };
}

function failureJson({ atMs, ...rest }: FailureView): FailureJson {
  return { ...rest, at: toRfc3339(atMs) };
}

function transitionJson({ phase, atMs, reason }: Transition): TransitionJson {
  return { phase, status: statusOf({ phase }), at: toRfc3339(atMs), reason };
}

export function logJson({ timeMs, ...rest }: LogLine): LogJson {
  return { time: toRfc3339(timeMs), ...rest };
}

export function serverInfoJson({ startedAtMs, ...rest }: ServerInfoView): ServerInfoJson {
  return { ...rest, startedAt: toRfc3339(startedAtMs) };
}

/** RFC 3339 in UTC; null for 0, which on the wire means "not yet", and for what is no time. */
export function toRfc3339(atMs: number | undefined): Rfc3339 | null {
  return atMs !== undefined && atMs > 0 && atMs <= 8.64e15 ? new Date(atMs).toISOString() : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
}
