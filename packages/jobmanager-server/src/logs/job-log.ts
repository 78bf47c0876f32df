// The log lines of one job: numbered, kept in a rolling file, followed by any number of readers.
//
// Invariants:
//   L1. Numbers start at 1 and have no gaps as they are given; a reader may see a gap where old files have been pruned.
//   L2. A slow reader holds up nobody and nothing is buffered for it: it reads the files at its own pace.
//   L3. A follower never skips a line silently: one that is too slow for the files that are kept is cut, and told why.
//   L4. Lines that the disk refused are counted in the log, where they are missing.

import type { LogLine } from "@sage/protocol";
import { join } from "node:path";
import { FollowerBehindError } from "../errors.ts";
import { Notifier } from "../notifier.ts";
import { readRolledLines, RollingFile, type RollingFileOptions } from "./rolling-file.ts";

export type NewLogLine = Omit<LogLine, "seq">;

export interface LogQuery {
  /** Only lines behind this number; default 0. */
  readonly afterSeq?: number;
  /** Only the last n of the lines there are; 0 or absent: all. */
  readonly tail?: number;
  /** Only this operator's lines. */
  readonly operator?: string;
  /** At least this level. */
  readonly level?: string;
}

const fileName = "job.log";
const levels = ["debug", "info", "warn", "error"];
const recentLines = 1_000;
const maxTextChars = 64 * 1024;

export class JobLog implements AsyncDisposable {
  readonly dir: string;
  readonly #file: RollingFile;
  readonly #recent: LogLine[] = [];
  readonly #changes = new Notifier();
  #lastSeq: number;
  #closed = false;

  /**
   * @param dir - a directory of this job alone, made with the first line.
   * @param lastSeq - of the lines that the job has had before.
   */
  constructor(dir: string, options: RollingFileOptions = {}, lastSeq = 0) {
    this.dir = dir;
    this.#lastSeq = lastSeq;
    this.#file = new RollingFile(join(dir, fileName), { ...options, onRecovered: (lost) => this.#noteLost(lost) });
  }

  /** Adds lines; a promise means: wait for it, the disk is behind. */
  append(lines: readonly NewLogLine[]): Promise<void> | undefined {
    if (this.#closed || lines.length === 0) return undefined;
    const numbered = lines.map((line) => ({ ...line, text: line.text.slice(0, maxTextChars), seq: ++this.#lastSeq }));
    this.#recent.push(...numbered);
    if (this.#recent.length > recentLines) this.#recent.splice(0, this.#recent.length - recentLines);
    const behind = this.#file.append(numbered.map((line) => `${JSON.stringify(line)}\n`).join(""));
    this.#changes.notify();
    return behind;
  }

  /** L4 */
  #noteLost(lines: number): void {
    void this.append([{ timeMs: Date.now(), level: "warn", operator: "", index: 0, host: "", stream: "log", text: `${lines} ${lines === 1 ? "line is" : "lines are"} missing above: the daemon's disk did not take ${lines === 1 ? "it" : "them"}` }]);
  }

  /**
   * The lines there are, then new ones until the log is closed.
   *
   * @throws {@link FollowerBehindError} if new lines have been pruned before they were asked for.
   */
  async *follow(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine, void, undefined> {
    let seenVersion = this.#changes.version;
    let lastSeq = Math.max(query.afterSeq ?? 0, 0);
    const upTo = this.#lastSeq;
    await this.#file.flush();
    for await (const line of readLogLines(this.dir, query)) {
      lastSeq = line.seq;
      yield line;
    }
    lastSeq = Math.max(lastSeq, upTo);
    for (;;) {
      for await (const line of this.#since(lastSeq)) {
        if (line.seq > lastSeq + 1) throw new FollowerBehindError(lastSeq, line.seq);
        lastSeq = line.seq;
        if (matches(line, query)) yield line;
      }
      if (this.#closed && lastSeq >= this.#lastSeq) return;
      await this.#changes.changedSince(seenVersion, signal);
      seenVersion = this.#changes.version;
    }
  }

  async *#since(seq: number): AsyncGenerator<LogLine, void, undefined> {
    if (seq >= this.#lastSeq) return;
    const first = this.#recent[0]?.seq ?? 1;
    if (first <= seq + 1) {
      yield* this.#recent.slice(seq + 1 - first);
    } else {
      await this.#file.flush();
      yield* readLogLines(this.dir, { afterSeq: seq });
    }
  }

  /** Writes what is waiting, so that readers of the directory see it. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /** No more lines; followers end behind the last one. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#file[Symbol.asyncDispose]();
    this.#changes.notify();
  }
}

/** The lines in a job's log directory; none if it is gone. */
export async function* readLogLines(dir: string, query: LogQuery): AsyncGenerator<LogLine, void, undefined> {
  const lines = matchingLines(dir, query);
  if (query.tail) yield* await lastOf(lines, query.tail);
  else yield* lines;
}

async function* matchingLines(dir: string, query: LogQuery): AsyncGenerator<LogLine, void, undefined> {
  let lastSeq = query.afterSeq ?? 0;
  for await (const text of readRolledLines(join(dir, fileName))) {
    const line = parseLine(text);
    if (!line || line.seq <= lastSeq) continue;
    lastSeq = line.seq;
    if (matches(line, query)) yield line;
  }
}

/** A line cut by a crash or a full disk is no line. */
function parseLine(text: string): LogLine | undefined {
  try {
    const line = JSON.parse(text) as LogLine;
    return typeof line.seq === "number" ? line : undefined;
  } catch {
    return undefined;
  }
}

const matches = (line: LogLine, { operator, level }: LogQuery): boolean =>
  (!operator || line.operator === operator) && (!level || levels.indexOf(line.level) >= levels.indexOf(level));

async function lastOf(lines: AsyncIterable<LogLine>, count: number): Promise<readonly LogLine[]> {
  let last: LogLine[] = [];
  for await (const line of lines) {
    last.push(line);
    if (last.length >= 2 * count) last = last.slice(-count);
  }
  return last.slice(-count);
}
