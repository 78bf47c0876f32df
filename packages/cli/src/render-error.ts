// An error as people see it: what, where, why, and the next thing to type. No stack of Sage's own unless SAGE_DEBUG
// asks for it; the stack of a user's operator always.

import { isSageError, messageOf } from "@sage/core";
import { escapeLines } from "./escape.ts";
import { exitCodeOf } from "./exit-code.ts";
import { paint, type Io } from "./io.ts";

/** Written to stderr. `debug`: with the stacks of everything. */
export function renderError(error: unknown, io: Io, debug: boolean): void {
  const [what = "", ...details] = escapeLines(messageOf(error) || String(error));
  io.error(paint("red", "error: "), what);
  for (const line of details) io.error(line);
  for (const line of userStackOf(error)) io.error(paint("dim", line));
  for (const reason of reasonsOf(error)) io.error("  because: ", reason);
  if (!isSageError(error)) io.error("  This is a mistake in Sage or in the program. SAGE_DEBUG=1 shows where.");
  else if (error.hint !== undefined && error.hint !== "") for (const line of escapeLines(error.hint)) io.error(paint("cyan", "  next: "), line);
  if (debug) for (const line of escapeLines(stackOf(error))) io.error(paint("dim", line));
}

/** The same for programs: one line of JSON on stderr. */
export function errorJson(error: unknown): unknown {
  const facts = isSageError(error) ? { code: error.code, fault: error.fault, retryable: error.retryable, hint: error.hint } : { code: "SAGE_INTERNAL", fault: "sage" };
  const stack = userStackOf(error);
  return { error: { ...facts, message: messageOf(error), exitCode: exitCodeOf(error), ...placeOf(error), ...(stack.length > 0 ? { stack: stack.map((line) => line.trim()) } : {}) } };
}

/** What a failed operator or a failed program carries: lines that are mapped to the user's sources. */
function userStackOf(error: unknown): string[] {
  const { failure, userStack } = (error ?? {}) as { readonly failure?: { readonly stack?: unknown }; readonly userStack?: unknown };
  const stack = [failure?.stack, userStack].find((each) => typeof each === "string" && each !== "") as string | undefined;
  if (stack === undefined) return [];
  const said = messageOf(error);
  const isNews = (line: string) => line.trim() !== "" && !said.includes(line.trim().replace(/^\w*Error: /, ""));
  return indented(escapeLines(stack).filter(isNews));
}

/** At least four columns to the right; places and lines of code keep theirs to one another. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line.startsWith("    ") ? line : `    ${line}`).trimEnd());
}

function placeOf(error: unknown): Record<string, unknown> {
  const failure = (error as { failure?: Record<string, unknown> } | null)?.failure;
  if (typeof failure !== "object" || failure === null) return {};
  return Object.fromEntries(["operator", "index", "recordNumber", "host"].filter((key) => failure[key] !== undefined).map((key) => [key, failure[key]]));
}

/** The causes that say something new; a failed job has told its own. */
function reasonsOf(error: unknown): string[] {
  if (typeof (error as { failure?: unknown } | null)?.failure === "object") return [];
  const reasons: string[] = [];
  let said = messageOf(error);
  for (let cause = (error as { cause?: unknown } | null)?.cause, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const [first = ""] = escapeLines(cause.message);
    if (first !== "" && !said.includes(first)) reasons.push(first);
    said += first;
  }
  return reasons;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
