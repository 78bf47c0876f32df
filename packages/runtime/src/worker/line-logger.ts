// `ctx.logger` in a worker: its lines go to the daemon, with their fields behind the text.

import { loggerTo, type LogFields, type Logger } from "@sage/core";
import { inspect } from "node:util";
import type { OperatorPlace } from "../current-operator.ts";
import type { LogLines } from "./log-lines.ts";

export function loggerOf(lines: LogLines, place: OperatorPlace): Logger {
  return loggerTo((level, message, fields) => { void lines.add({ level, place, text: textOf(message, fields) }); });
}

/** `message key=value other="two words"` */
export function textOf(message: string, fields: LogFields): string {
  const parts = Object.entries(fields).map(([name, value]) => ` ${name}=${valueOf(value)}`);
  return message + parts.join("");
}

function valueOf(value: unknown): string {
  if (typeof value === "string") return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
  if (value instanceof Error) return JSON.stringify(value.message);
  return inspect(value, { breakLength: Infinity, depth: 4, maxStringLength: 10_000 });
}
