// A job's checkpoints and restarts as tables.

import type { JobView } from "@sage/protocol";
import { checkpointDelay } from "@sage/protocol/json";
import { showDuration, showTime } from "./durations.ts";
import { escapeLines } from "./escape.ts";
import type { Io } from "./io.ts";
import { renderTable } from "./table.ts";

/** So many of each are shown; `--json` has all that the daemon has. */
const shown = 20;

export function printCheckpoints({ checkpoints, restarts }: JobView, io: Io): void {
  if (checkpoints.length > 0) {
    io.line();
    io.rawLines(renderTable(checkpoints.slice(-shown), [
      { title: "CHECKPOINT", value: (each) => each.id, align: "right" },
      { title: "KIND", value: (each) => each.kind },
      { title: "STATE", value: (each) => each.state },
      { title: "AT", value: (each) => showTime(each.triggeredAtMs) },
      { title: "TOOK", value: (each) => showDuration(each.durationMs), align: "right" },
      { title: "SIZE", value: (each) => showBytes(each.bytes), align: "right" },
      { title: "WRITTEN", value: (each) => showBytes(each.newBytes), align: "right" },
      { title: "REASON", value: (each) => firstLine(each.reason) || (each.overtakenBytes > 0 ? `passed ${showBytes(each.overtakenBytes)} of records` : "-"), minWidth: 10 },
      { title: "SLOWEST", value: (each) => firstLine(checkpointDelay(each, showDuration)) || "-", minWidth: 10 },
    ], io.width, io.paint));
  }
  if (restarts.length === 0) return;
  io.line();
  io.rawLines(renderTable(restarts.slice(-shown), [
    { title: "ATTEMPT", value: (each) => each.attempt, align: "right" },
    { title: "AT", value: (each) => showTime(each.atMs) },
    { title: "FROM", value: (each) => (each.checkpointId > 0 ? `checkpoint ${each.checkpointId}` : "the start") },
    { title: "BACK IN", value: (each) => (each.recoveredMs > 0 ? showDuration(each.recoveredMs) : "-"), align: "right" },
    { title: "CAUSE", value: (each) => `${each.code}: ${firstLine(each.cause)}`, minWidth: 20 },
  ], io.width, io.paint));
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `0 B`, `12.3 KiB`. */
export function showBytes(bytes: number): string {
  const unit = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10)) : 0;
  return `${unit === 0 ? bytes : (bytes / 1_024 ** unit).toFixed(1)} ${units[unit]}`;
}

const firstLine = (text: string): string => escapeLines(text)[0] ?? "";
