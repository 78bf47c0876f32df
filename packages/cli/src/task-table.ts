// What each task of a job does with its time: a table for `job show -v`. A task is one parallel instance of a chain.

import type { InstanceView, JobView } from "@sage/protocol";
import { showBytes } from "./checkpoint-table.ts";
import { showDuration } from "./durations.ts";
import type { Io } from "./io.ts";
import { renderTable, type Column } from "./table.ts";

interface TaskRow {
  readonly chain: string;
  /** The first operator's and the last one's: what comes in, and what goes out. */
  readonly first: InstanceView;
  readonly all: readonly InstanceView[];
}

/** Nothing where no task has measured anything. */
export function printTasks({ operators }: JobView, io: Io): void {
  const rows = taskRows(operators);
  if (!rows.some(({ first }) => first.busyMs + first.backPressuredMs + first.idleMs > 0)) return;
  const columns: Column<TaskRow>[] = [
    { title: "TASK", value: ({ chain, first }) => `${chain}[${first.index}]`, minWidth: 10 },
    { title: "BUSY", value: ({ first }) => part(first, "busyMs"), align: "right" },
    { title: "BACK-PRESSURED", value: ({ first }) => part(first, "backPressuredMs"), align: "right" },
    { title: "IDLE", value: ({ first }) => part(first, "idleMs"), align: "right" },
    { title: "QUEUED", value: ({ first }) => first.queuedBatches, align: "right" },
    { title: "RECEIVED", value: ({ all }) => showBytes(sum(all, "bytesIn")), align: "right" },
    { title: "SENT", value: ({ all }) => showBytes(sum(all, "bytesOut")), align: "right" },
    { title: "WATERMARK LAG", value: ({ all }) => showLag(all), align: "right" },
    { title: "LATENCY P99", value: ({ all }) => showLatency(all), align: "right" },
    { title: "STATE", value: ({ all }) => showState(all), align: "right" },
    { title: "RESTARTS", value: ({ first }) => first.restarts, align: "right" },
  ];
  io.line();
  io.rawLines(renderTable(rows, columns, io.width, io.paint));
}

function taskRows(operators: JobView["operators"]): TaskRow[] {
  const rows = new Map<string, { chain: string; first: InstanceView; all: InstanceView[] }>();
  for (const { chain, instances } of operators) {
    for (const instance of instances) {
      const id = `${chain} ${instance.index}`;
      const row = rows.get(id);
      if (row) row.all.push(instance);
      else rows.set(id, { chain, first: instance, all: [instance] });
    }
  }
  return [...rows.values()];
}

/** Of the last second while the task runs, else of all its time. */
function part(instance: InstanceView, field: "busyMs" | "backPressuredMs" | "idleMs"): string {
  const { busyMsPerSecond, backPressuredMsPerSecond, idleMsPerSecond, busyMs, backPressuredMs, idleMs } = instance;
  const now = busyMsPerSecond + backPressuredMsPerSecond + idleMsPerSecond;
  const all = busyMs + backPressuredMs + idleMs;
  if (now === 0 && all === 0) return "-";
  const ratio = now > 0 ? instance[`${field}PerSecond`] / now : instance[field] / all;
  return `${Math.round(ratio * 100)}%`;
}

const sum = (instances: readonly InstanceView[], field: "bytesIn" | "bytesOut" | "stateBytes" | "stateKeys"): number =>
  instances.reduce((total, instance) => total + instance[field], 0);

/** Of the operator that is furthest behind. */
function showLag(instances: readonly InstanceView[]): string {
  const lags = instances.filter(({ hasWatermark }) => hasWatermark).map(({ watermarkLagMs }) => watermarkLagMs);
  return lags.length === 0 ? "-" : showDuration(Math.max(0, ...lags));
}

/** From the sources to here. */
function showLatency(instances: readonly InstanceView[]): string {
  const found = instances.find(({ latencySamples }) => latencySamples > 0);
  return found === undefined ? "-" : showDuration(found.latencyP99Ms);
}

function showState(instances: readonly InstanceView[]): string {
  const [bytes, keys] = [sum(instances, "stateBytes"), sum(instances, "stateKeys")];
  const parts = [...(bytes > 0 ? [showBytes(bytes)] : []), ...(keys > 0 ? [`${keys} keys`] : [])];
  return parts.length === 0 ? "-" : parts.join(", ");
}
