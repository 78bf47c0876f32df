// Why an attempt failed, and which of several failures is the cause of the others.

import { peerLostCode, type FailureView } from "@sage/protocol";
import type { WorkerExit } from "../scheduling/worker-driver.ts";

export type Cause = {
  readonly failure: FailureView;
  /** Whether something else has probably caused it, of which the news may still be on its way. */
  readonly secondary: boolean;
};

/** The one to report: the first, unless it is secondary and a later one is not. */
export function betterCause(first: Cause | undefined, later: Cause): Cause {
  return !first || (first.secondary && !later.secondary) ? later : first;
}

interface FailureFacts {
  readonly code: string;
  readonly fault: "user" | "cluster" | "sage";
  readonly message: string;
  readonly hint?: string;
  readonly host?: string;
  readonly index?: number;
  readonly stack?: string;
}

export function failureOf(facts: FailureFacts, atMs: number): FailureView {
  return { operator: "", index: 0, recordNumber: 0, stack: "", hint: "", host: "", ...facts, atMs };
}

/** A worker's own report. */
export function reportedBy(failure: FailureView, host: string, nowMs: number): Cause {
  return { failure: { ...failure, host: failure.host || host, atMs: failure.atMs || nowMs }, secondary: failure.code === peerLostCode };
}

export const howItEnded = (exit: WorkerExit): string => exit.reason ?? (exit.signal ? `was ended by ${exit.signal}` : `ended with exit code ${exit.code}`);

/** The process of a remote service has ended, and is not made anew. */
export function exitedService(name: string, restarts: number, index: number, host: string, exit: WorkerExit, lastOutput: string, atMs: number): Cause {
  const said = lastOutput ? `; its last output was:\n${lastOutput}` : "";
  const message = `the service "${name}" was given up after ${restarts} restarts: its process on ${host} ${howItEnded(exit)}${said}`;
  const hint = exit.signal === "SIGKILL" ? "Was the host out of memory? Its kernel log would say so." : "The service's `maxRestarts` says how often it is made anew.";
  return { secondary: false, failure: failureOf({ code: "SAGE_SERVICE_FAILED", fault: "cluster", message, hint, host, index }, atMs) };
}

/** A worker's process has ended before its work. */
export function exitedWorker(index: number, host: string, exit: WorkerExit, ready: boolean, lastOutput: string, atMs: number): Cause {
  const how = howItEnded(exit);
  const said = lastOutput ? `; its last output was:\n${lastOutput}` : "";
  const facts = ready
    ? { code: "SAGE_WORKER_LOST", hint: exit.signal === "SIGKILL" ? "Was the host out of memory? Its kernel log would say so." : "" }
    : { code: "SAGE_WORKER_START_FAILED", hint: "" };
  const when = ready ? "" : " before it was ready";
  return { secondary: false, failure: failureOf({ ...facts, fault: "cluster", message: `worker ${index} on ${host} ${how}${when}${said}`, host, index }, atMs) };
}

/** Its stream has ended, and nobody says what became of its process: the host may be unable to. */
export function detachedWorker(index: number, host: string, atMs: number): Cause {
  return { secondary: true, failure: failureOf({ code: "SAGE_WORKER_LOST", fault: "cluster", message: `worker ${index} on ${host} closed its connection to the daemon`, host, index }, atMs) };
}

export function silentWorker(index: number, host: string, silentMs: number, atMs: number): Cause {
  const message = `worker ${index} on ${host} has sent nothing for ${Math.round(silentMs / 1000)} s`;
  const hint = "Does an operator work in one synchronous stretch for that long? Let it await now and then, or start the JobManager with a longer --heartbeat-timeout-ms.";
  return { secondary: false, failure: failureOf({ code: "SAGE_WORKER_SILENT", fault: "cluster", message, hint, host, index }, atMs) };
}

export function silentHost(index: number, host: string, silentMs: number, atMs: number): Cause {
  const message = `worker ${index} is lost: its host ${host} has not answered for ${Math.max(1, Math.round(silentMs / 1000))} s`;
  const hint = "Has it lost power, its network, or its Ray? `sage cluster status` shows which hosts can be reached.";
  return { secondary: false, failure: failureOf({ code: "SAGE_HOST_LOST", fault: "cluster", message, hint, host, index }, atMs) };
}

/** Two workers run and report, but nothing comes from one to the other. */
export function stalledConnection(index: number, peer: number, host: string, silentMs: number, atMs: number): Cause {
  const message = `nothing has come from worker ${peer} to worker ${index} on ${host} for ${Math.round(silentMs / 1_000)} s`;
  return { secondary: true, failure: failureOf({ code: peerLostCode, fault: "cluster", message, hint: "Is something between the two hosts?", host, index }, atMs) };
}

export function lateWorkers(what: string, indexes: readonly number[], waitedMs: number, lastOutput: string, atMs: number): Cause {
  const said = lastOutput ? `; last output:\n${lastOutput}` : "";
  const message = `${indexes.length === 1 ? "worker" : "workers"} ${indexes.join(", ")} ${what} within ${waitedMs / 1000} s${said}`;
  return { secondary: false, failure: failureOf({ code: "SAGE_WORKER_START_TIMEOUT", fault: "cluster", message, index: indexes[0] ?? 0 }, atMs) };
}

export function planMismatch(index: number, host: string, atMs: number): Cause {
  const message = `worker ${index} has built another pipeline from the program than the one that was submitted`;
  const hint = "Pass values that differ between machines or runs (time, random, files, environment) as params.";
  return { secondary: false, failure: failureOf({ code: "SAGE_PLAN_MISMATCH", fault: "user", message, hint, host, index }, atMs) };
}
