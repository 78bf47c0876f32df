// Jobs as tables and paragraphs for people.

import type { JobView, OperatorView } from "@sage/protocol";
import { blockFindings } from "@sage/protocol/json";
import { counted, showDuration, showTime } from "./durations.ts";
import { escapeLines } from "./escape.ts";
import { paint, type Io, type Words } from "./io.ts";
import { recordsOf, restoredFromOf, runtimeMsOf, shortIds, statusOf, statusStyle, totalOf } from "./job-view.ts";
import { printCheckpoints, showBytes } from "./checkpoint-table.ts";
import { indented } from "./render-error.ts";
import { renderTable, type Column } from "./table.ts";
import { printTasks } from "./task-table.ts";
import { cutTo } from "./text-width.ts";

const nameLimit = 200;

/** Lines of the list of jobs, in the order given. */
export function jobTable(jobs: readonly JobView[], { nowMs, wide, width, paint }: { nowMs: number; wide: boolean; width: number | undefined; paint: Io["paint"] }): string[] {
  const short = shortIds(jobs.map((job) => job.jobId));
  const columns: Column<JobView>[] = [
    { title: "#", value: (job) => job.number, align: "right" },
    { title: "ID", value: (job) => (wide ? job.jobId : short.get(job.jobId)) },
    { title: "NAME", value: (job) => job.name, minWidth: 8 },
    { title: "STATUS", value: statusOf, style: statusStyle },
    { title: "SUBMITTED", value: (job) => showTime(job.submittedAtMs) },
    { title: "RUNTIME", value: (job) => showDuration(runtimeMsOf(job, nowMs)), align: "right" },
    { title: "RECORDS", value: recordsOf, align: "right" },
    { title: "PARALLELISM", value: (job) => job.parallelism, align: "right", wide: true },
    { title: "ATTEMPT", value: (job) => job.attempt, align: "right", wide: true },
    { title: "LABELS", value: (job) => Object.entries(job.labels).map(([key, value]) => `${key}=${value}`).join(",") || "-", wide: true, minWidth: 8 },
  ];
  return renderTable(jobs, columns.filter((column) => wide || !column.wide), wide ? undefined : width, paint);
}

/** One job in full; with `verbose` its dispatcher, instances, services and history too. */
export function printJob(job: JobView, io: Io, { nowMs, verbose }: { nowMs: number; verbose: boolean }): void {
  const field = (name: string, ...words: readonly Words[]) => io.line(paint("dim", `${name}:`.padEnd(13)), ...words);
  const style = statusStyle(job);
  field("Job", paint("bold", cutTo(job.name, nameLimit)), ` (#${job.number})`);
  field("ID", job.jobId);
  field("Status", style ? paint(style, statusOf(job)) : statusOf(job), job.attempt > 1 ? `, attempt ${job.attempt}` : "");
  if (job.waitsFor !== "") field("Waiting", paint("yellow", job.waitsFor));
  field("Submitted", showTime(job.submittedAtMs));
  field("Started", showTime(job.startedAtMs));
  field("Ended", showTime(job.endedAtMs));
  field("Runtime", showDuration(runtimeMsOf(job, nowMs)));
  field("Records", recordsOf(job));
  field("Parallelism", job.parallelism);
  if (job.guarantee !== "") field("Guarantee", job.guarantee, job.guaranteeReason === "" ? "" : `: ${job.guaranteeReason}`);
  const restoredFrom = restoredFromOf(job);
  if (restoredFrom !== undefined) field("Restored", `from ${restoredFrom}`);
  if (job.restartCount > 0) field("Restarts", job.restartCount);
  if (job.stateBytes > 0) field("State", showBytes(job.stateBytes));
  for (const [key, value] of Object.entries(job.labels)) field("Label", `${key}=${value}`);
  for (const warning of job.warnings) field("Warning", paint("yellow", warning));
  if (job.dispatcher && (verbose || job.dispatcher.running)) {
    const { tasks, runningTasks, services, workers } = job.dispatcher;
    field("Dispatcher", `${counted(tasks, "task")}, ${runningTasks} running, ${counted(services, "service")}, ${counted(workers, "worker")}`);
  }
  if (job.operators.length > 0) printOperators(job.operators, io, verbose);
  printBlocks(job, io, verbose);
  if (verbose) {
    printTasks(job, io);
    printCheckpoints(job, io);
    printMore(job, io);
  }
  if (job.failure) printFailure(job.failure, io);
}

interface Counted {
  readonly name: string;
  readonly instances: string | number;
  readonly state: string;
  readonly host: string;
  readonly counts: (field: Parameters<typeof totalOf>[1]) => number;
}

function printOperators(operators: readonly OperatorView[], io: Io, verbose: boolean): void {
  const rows = operators.flatMap((operator): Counted[] => [
    { name: operator.name, instances: operator.instances.length, state: statesOf(operator), host: "", counts: (field) => totalOf(operator, field) },
    ...(verbose ? operator.instances.map((instance): Counted => ({
      name: `  [${instance.index}]`, instances: "", state: instance.state, host: `${instance.host}${instance.pid > 0 ? `:${instance.pid}` : ""}`, counts: (field) => instance[field],
    })) : []),
  ]);
  const columns: Column<Counted>[] = [
    { title: "OPERATOR", value: (row) => row.name, minWidth: 10 },
    { title: "INSTANCES", value: (row) => row.instances, align: "right" },
    { title: "STATE", value: (row) => row.state, minWidth: 10 },
    { title: "IN", value: (row) => row.counts("recordsIn"), align: "right" },
    { title: "OUT", value: (row) => row.counts("recordsOut"), align: "right" },
    ...(verbose ? [{ title: "IN/S", value: (row: Counted) => Math.round(row.counts("recordsInPerSecond")), align: "right" as const }, { title: "OUT/S", value: (row: Counted) => Math.round(row.counts("recordsOutPerSecond")), align: "right" as const }] : []),
    { title: "SKIPPED", value: (row) => row.counts("skipped"), align: "right" },
    { title: "DEAD-LETTERED", value: (row) => row.counts("deadLettered"), align: "right" },
    { title: "RETRIED", value: (row) => row.counts("retried"), align: "right" },
    ...(verbose ? [{ title: "HOST:PID", value: (row: Counted) => row.host, minWidth: 8 }] : []),
  ];
  io.line();
  io.rawLines(renderTable(rows, columns, io.width, io.paint));
}

/** Who blocks an event loop, or has, with the place where; with `verbose` how it came there. */
function printBlocks(job: JobView, io: Io, verbose: boolean): void {
  for (const { text } of blockFindings(job)) {
    const [what = "", ...places] = escapeLines(text);
    io.line();
    io.line(paint("yellow", "Blocked"), ` ${what}`);
    for (const line of indented(verbose ? places : places.slice(0, 1))) io.line(paint("dim", line));
  }
}

/** `4 finished`, `3 running, 1 finished`. */
function statesOf({ instances }: OperatorView): string {
  const counts = new Map<string, number>();
  for (const { state } of instances) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
}

function printMore(job: JobView, io: Io): void {
  if (job.services.length > 0) {
    io.line();
    io.rawLines(renderTable(job.services, [
      { title: "SERVICE", value: (service) => service.name, minWidth: 8 },
      { title: "WORKER", value: (service) => service.index, align: "right" },
      { title: "HOST", value: (service) => (service.pid === 0 ? "" : `${service.host} (${service.pid})`) },
      { title: "CALLED", value: (service) => (service.remote ? service.route : "in its worker") },
      { title: "STATE", value: (service) => service.state },
      { title: "CALLS", value: (service) => service.calls, align: "right" },
      { title: "FAILURES", value: (service) => service.failures, align: "right" },
      { title: "RESTARTS", value: (service) => service.restarts, align: "right" },
      { title: "QUEUED", value: (service) => service.queued, align: "right" },
    ], io.width, io.paint));
  }
  io.line();
  printHistory(job, io);
}

/** What became of a job, move by move. */
export function printHistory({ history, historyDropped }: Pick<JobView, "history" | "historyDropped">, io: Io): void {
  if (historyDropped > 0) io.line(paint("dim", `… ${historyDropped} earlier ${historyDropped === 1 ? "move is" : "moves are"} no longer kept`));
  for (const { phase, atMs, reason } of history) io.line(paint("dim", showTime(atMs)), "  ", statusOf({ phase }), reason === "" ? "" : `: ${reason}`);
}

/** Why a job has failed. */
export function printFailure(failure: NonNullable<JobView["failure"]>, io: Io): void {
  const place = failure.operator === "" ? "" : ` in operator ${failure.operator}[${failure.index}]${failure.recordNumber > 0 ? `, record ${failure.recordNumber}` : ""}${failure.host === "" ? "" : `, on ${failure.host}`}`;
  io.line();
  io.line(paint("red", "Failed"), place, `: ${firstLine(failure.message)}`);
  for (const line of indented(escapeLines(failure.stack).filter((each) => each.trim() !== ""))) io.line(paint("dim", line));
  if (failure.hint !== "") io.line(paint("cyan", "  next: "), failure.hint);
}

const firstLine = (text: string) => escapeLines(text)[0] ?? "";
