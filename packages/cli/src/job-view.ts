// A job as the command line shows it: rows of tables, and the parts of `--json` that are the command line's own. Pure.

import type { JobResult } from "@sage/jobmanager-client";
import type { JobView } from "@sage/protocol";
import { statusOf, toRfc3339 } from "@sage/protocol/json";
import type { StyleName } from "./io.ts";

export { jobJson, logJson, recordsOf, runtimeMsOf, statusOf, totalOf } from "@sage/protocol/json";

const endPhases: ReadonlySet<string> = new Set(["COMPLETED", "FAILED", "STOPPED", "DELETED"]);

export const hasEnded = (job: JobView): boolean => endPhases.has(job.phase);

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

/** `checkpoint 3`, or the place of another job's savepoint; undefined: it began anew. */
export const restoredFromOf = ({ restoredFrom }: Pick<JobView, "restoredFrom">): string | undefined => restoredFrom ? `${restoredFrom.kind} ${restoredFrom.id || restoredFrom.path}` : undefined;

/** What a program's submit gave, as data. */
export function resultJson({ startedAtMs, endedAtMs, ...rest }: JobResult): Record<string, unknown> {
  return { ...rest, startedAt: toRfc3339(startedAtMs), endedAt: toRfc3339(endedAtMs) };
}
