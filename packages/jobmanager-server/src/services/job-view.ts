// Jobs of the domain as wire messages, and back.

import type { JobPhase as WirePhase, JobViewInit, SubmitRequest } from "@sage/protocol";
import type { JobSnapshot } from "../jobs/job.ts";
import { isEnded, type JobPhase } from "../jobs/lifecycle.ts";
import type { JobRecord, Submission } from "../store/job-store.ts";

export const toWirePhase = (phase: JobPhase): WirePhase => phase.toUpperCase() as WirePhase;
export const fromWirePhase = (phase: WirePhase): JobPhase => phase.toLowerCase() as JobPhase;

export const toWireCounts = (counts: Readonly<Partial<Record<JobPhase, number>>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([phase, count]) => [toWirePhase(phase as JobPhase), count]));

export function toJobView({ record, operators, services, workers, waitsFor, revision }: JobSnapshot, planJson = ""): JobViewInit {
  const { jobId, number, name, submittedAtMs, startedAtMs, endedAtMs, attempt, parallelism, failure, labels, released, warnings, phase } = record;
  const instances = operators.flatMap((operator) => operator.instances);
  return {
    jobId, number, name, submittedAtMs, startedAtMs, endedAtMs, attempt, parallelism, labels, planJson, waitsFor, revision,
    phase: toWirePhase(phase),
    failure: failure ?? null,
    operators: [...operators],
    services: [...services],
    history: record.history.map((move) => ({ ...move, phase: toWirePhase(move.phase) })),
    historyDropped: record.historyDropped ?? 0,
    dispatcher: {
      tasks: instances.length,
      runningTasks: instances.filter((instance) => instance.state === "running").length,
      services: services.length,
      workers,
      running: phase === "running",
    },
    resourcesReleased: released,
    warnings: [...warnings],
    ...durableView(record),
  };
}

/** What records of earlier versions lack. */
const laterInCheckpoints = { slowest: null, overtakenBytes: 0 };
const laterInRestarts = { host: "", stack: "", hint: "" };

function durableView({ checkpoints = [], restarts = [], restartCount = 0, restoredFrom = 0, beganFrom, durability, canRestore }: JobRecord): JobViewInit {
  const last = checkpoints.findLast(({ state }) => state === "complete");
  return {
    checkpoints: checkpoints.map((checkpoint) => ({ ...laterInCheckpoints, ...checkpoint })),
    restarts: restarts.map(({ counted: _counted, ...restart }) => ({ ...laterInRestarts, ...restart })),
    restartCount,
    checkpointSettings: durability?.checkpoints ?? null,
    restart: durability?.restart ?? null,
    guarantee: canRestore === false ? "none" : (durability?.guarantee ?? ""),
    guaranteeReason: canRestore === false ? "its workers cannot take snapshots" : (durability?.guaranteeReason ?? ""),
    stateBytes: last?.bytes ?? 0,
    restoredFrom: checkpoints.find(({ id }) => id === restoredFrom) ?? (beganFrom === undefined ? null : { kind: "savepoint", state: "complete", path: beganFrom }),
    savepointDir: checkpoints.findLast(({ kind, state }) => kind === "savepoint" && state === "complete")?.path ?? "",
  };
}

/** In lists of more jobs than this, ended ones come without their operators: a list is one message. */
const longList = 500;

export function toJobList(jobs: readonly JobSnapshot[]): JobViewInit[] {
  return jobs.map((job) => toJobView(jobs.length > longList && isEnded(job.record.phase) ? { ...job, operators: [], services: [] } : job));
}

export function toSubmission(request: SubmitRequest): Submission {
  const { jobId, name, planJson, bundleHash, sourceMapHash, paramsJson, argv, env, data, pipelineIndex, labels, baseDir } = request;
  return {
    jobId, name, planJson, bundleHash, sourceMapHash, paramsJson, argv, env, data, pipelineIndex, labels, baseDir,
    ...(request.checkpoints ? { checkpoints: request.checkpoints } : {}),
    ...(request.restart ? { restart: request.restart } : {}),
    ...(request.fromSavepoint ? { fromSavepoint: request.fromSavepoint } : {}),
    ...(request.allowDroppedState ? { allowDroppedState: true } : {}),
  };
}
