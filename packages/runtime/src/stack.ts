// What a person sees of an error: its message, where in the user's own sources it happened, and its causes.
//
// Rules: only frames of the user's sources are shown; Sage's own where they are all there is of an error that Sage did not
// mean (one it did mean says where in words); anything that can be thrown has a text; no directory of this machine is
// named.

import { isSageError } from "@sage/core";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { SourcePosition, UserSources } from "./user-sources.ts";

export interface UserFrame extends SourcePosition {
  /** `DoubleMap.execute`; empty for a module's top level. */
  readonly call: string;
}

const deepestCause = 8;
const longestMessage = 4_000;
const longestLine = 160;
/** Sage's own files, where a program's map names them. */
const ownSource = /(^|\/)(node_modules\/@sage|packages\/(cli|core|graph|pipeline-api|protocol|runtime)\/(src|dist))\//;

/**
 * The error as text: message, user frames, the failing line, and the same for each cause.
 *
 * @param error - anything that was thrown.
 */
export function userStack(error: unknown, sources: UserSources): string {
  return sources.withoutPaths(describe(error, sources, new Set(), true, false));
}

/** The user's frames of an error, innermost first. `isExplained`: Sage has said in words what it means. */
export function userFrames(error: unknown, sources: UserSources, isExplained = isSageError(error)): readonly UserFrame[] {
  if (!(error instanceof Object) || !("stack" in error) || typeof error.stack !== "string") return [];
  const message = "message" in error ? String(error.message) : "";
  const start = error.stack.indexOf(message);
  const lines = error.stack.slice(start < 0 ? 0 : start + message.length).split("\n");
  const frames = lines.flatMap((line) => frameOf(line, sources) ?? []);
  const own = frames.filter((frame) => !ownSource.test(frame.source));
  return own.length > 0 || isExplained || isSageError(error) ? own : frames;
}

/** The user's frames among lines of a stack, innermost first, one a line; Sage's own where there are no others. */
export function stackText(lines: readonly string[], sources: UserSources): string {
  return sources.withoutPaths(userFrames({ message: "", stack: lines.join("\n") }, sources, false).map(toLine).join("\n"));
}

/** `examples/hello/main.ts:7:13` of the innermost user frame. */
export function placeOf(error: unknown, sources: UserSources): string | undefined {
  const [frame] = userFrames(error, sources);
  return frame && `${frame.source}:${frame.line}:${frame.column}`;
}

function describe(error: unknown, sources: UserSources, seen: Set<unknown>, withExcerpt: boolean, isExplained: boolean): string {
  seen.add(error);
  const frames = userFrames(error, sources, isExplained);
  const lines = [headerOf(error), ...frames.map(toLine)];
  const excerpt = withExcerpt && frames[0] ? excerptOf(frames[0], sources) : undefined;
  if (excerpt) lines.push("", excerpt);
  for (const cause of causesOf(error)) {
    if (seen.has(cause) || seen.size >= deepestCause) continue;
    // An operator's failure explains nothing yet: what Sage says of its cause does.
    const explains = isSageError(error) && error.code !== "SAGE_OPERATOR_FAILED";
    lines.push(`caused by: ${describe(cause, sources, seen, excerpt === undefined && withExcerpt, isExplained || explains)}`);
  }
  return lines.join("\n");
}

function headerOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${cut(inspect(error, { depth: 2, breakLength: Infinity }))}`;
  return cut(error.message === "" ? error.name : `${error.name}: ${error.message}`);
}

const cut = (text: string) => (text.length > longestMessage ? `${text.slice(0, longestMessage)}… (${text.length} characters)` : text);

function causesOf(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return [];
  const causes = error.cause === undefined || error.cause === null ? [] : [error.cause];
  return error instanceof AggregateError ? [...causes, ...error.errors.slice(0, 3)] : causes;
}

const frameLine = /^\s+at (?:(.+) \()?(.+?):(\d+):(\d+)\)?$/;

function frameOf(line: string, sources: UserSources): UserFrame | undefined {
  const [, call = "", place = "", lineNumber, column] = frameLine.exec(line) ?? [];
  if (place === "" || place.startsWith("node:") || place.includes("<anonymous>")) return undefined; // generated code has no source
  const position = sources.locate(toPath(place), Number(lineNumber), Number(column));
  return position && { call, ...position };
}

function toPath(place: string): string {
  if (!place.startsWith("file://")) return place;
  try {
    return fileURLToPath(place);
  } catch {
    return place;
  }
}

function toLine({ call, source, line, column }: UserFrame): string {
  const place = `${source}:${line}:${column}`;
  return call === "" ? `    at ${place}` : `    at ${call} (${place})`;
}

/** The failing line between its neighbours, with a mark under the column. */
function excerptOf(frame: UserFrame, sources: UserSources): string | undefined {
  const lines = sources.textOf(frame.source)?.split(/\r?\n/);
  const failing = lines?.[frame.line - 1];
  if (!lines || failing === undefined || frame.column > longestLine) return undefined;
  const width = String(frame.line + 1).length;
  const row = (number: number) => `  ${number === frame.line ? ">" : " "} ${String(number).padStart(width)} | ${lines[number - 1]!.slice(0, longestLine)}`;
  const mark = `    ${" ".repeat(width)} | ${failing.slice(0, frame.column - 1).replace(/[^\t]/g, " ")}^`;
  const before = frame.line > 1 ? [row(frame.line - 1)] : [];
  const after = lines[frame.line] === undefined ? [] : [row(frame.line + 1)];
  return [...before, row(frame.line), mark, ...after].join("\n");
}
