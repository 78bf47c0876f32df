// What the job's log says when something blocks a worker's event loop.

import type { BlockView } from "@sage/protocol";
import type { NewLogLine } from "../logs/job-log.ts";

export function blockLine(operator: string, index: number, { durationMs, stack }: BlockView, host: string, timeMs: number): NewLogLine {
  const what = `has blocked the worker's event loop for ${(durationMs / 1_000).toFixed(1)} s and still does: nothing else of worker ${index} goes on`;
  return { timeMs, level: "warn", operator, index, host, stream: "log", text: stack === "" ? what : `${what}\n${stack}` };
}
