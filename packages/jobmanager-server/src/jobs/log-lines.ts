// What a job's log says of what workers report.

import type { BlockView, DeadLetter } from "@sage/protocol";
import type { NewLogLine } from "../logs/job-log.ts";

/** Something blocks a worker's event loop. */
export function blockLine(operator: string, index: number, { durationMs, stack }: BlockView, host: string, timeMs: number): NewLogLine {
  const what = `has blocked the worker's event loop for ${(durationMs / 1_000).toFixed(1)} s and still does: nothing else of worker ${index} goes on`;
  return { timeMs, level: "warn", operator, index, host, stream: "log", text: stack === "" ? what : `${what}\n${stack}` };
}

/** A record was put aside. */
export function deadLetterLine({ operator, index, recordNumber, error, recordJson }: DeadLetter, host: string, timeMs: number): NewLogLine {
  const text = `dead letter: record ${recordNumber}: ${error}\n${recordJson}`;
  return { timeMs, level: "warn", operator, index, host, stream: "log", text };
}
