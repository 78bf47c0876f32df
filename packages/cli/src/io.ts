// Where a command's words go. The result goes to stdout; progress, hints and errors go to stderr.
//
// Invariant: a plain string is escaped before it is written, so text from outside cannot steer a terminal. Colour is
// asked for with `paint`, never written into a string.

import { createColors } from "picocolors";
import { escapeLine, safeJson } from "./escape.ts";

export type StyleName = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
export type Paint = (style: StyleName, text: string) => string;

/** Text in a style; the text is escaped when it is written. */
export interface Painted {
  readonly text: string;
  readonly style: StyleName;
}

export type Words = string | number | Painted;

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface IoOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: NodeJS.ProcessEnv;
  /** `--no-color`. */
  readonly noColor?: boolean;
  /** No progress and no hints; errors are still shown. */
  readonly quiet?: boolean;
}

export interface Io {
  /** One line of the result. */
  line(...words: readonly Words[]): void;
  /** Lines of the result that are harmless already, such as a table's. */
  rawLines(lines: readonly string[]): void;
  json(value: unknown, indent?: number): void;
  /** One line for people: progress, or what to do next. */
  note(...words: readonly Words[]): void;
  /** One line for people that `--quiet` does not hide. */
  error(...words: readonly Words[]): void;
  /** Colours for stdout; what it is given must be harmless. */
  readonly paint: Paint;
  /** Columns of the terminal behind stdout; undefined: no terminal, nothing is cut. */
  readonly width: number | undefined;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stderrIsTerminal: boolean;
  readonly quiet: boolean;
}

export const paint = (style: StyleName, text: string | number): Painted => ({ text: String(text), style });

/** Whether colour is wanted on a stream: NO_COLOR and --no-color say no, FORCE_COLOR says yes, else a terminal does. */
export function wantsColor(stream: Sink, env: NodeJS.ProcessEnv, noColor = false): boolean {
  if (noColor || env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

export function openIo({ stdout, stderr, env, noColor = false, quiet = false }: IoOptions): Io {
  const painter = (stream: Sink): Paint => {
    const colors = createColors(wantsColor(stream, env, noColor));
    return (style, text) => colors[style](text);
  };
  const [outPaint, errorPaint] = [painter(stdout), painter(stderr)];
  const text = (words: readonly Words[], paint: Paint) => `${words.map((each) => render(each, paint)).join("")}\n`;
  return {
    quiet, stdout, stderr,
    paint: outPaint,
    width: stdout.isTTY ? (stdout.columns ?? 80) : undefined,
    stderrIsTerminal: stderr.isTTY === true,
    line: (...words) => void stdout.write(text(words, outPaint)),
    rawLines: (lines) => void (lines.length > 0 && stdout.write(`${lines.join("\n")}\n`)),
    json: (value, indent) => void stdout.write(`${safeJson(value, indent)}\n`),
    note: (...words) => void (quiet || stderr.write(text(words, errorPaint))),
    error: (...words) => void stderr.write(text(words, errorPaint)),
  };
}

function render(words: Words, paint: Paint): string {
  if (typeof words === "number") return String(words);
  return typeof words === "string" ? escapeLine(words) : paint(words.style, escapeLine(words.text));
}
