// Progress of long work on stderr: a bar that is redrawn in place on a terminal, plain lines elsewhere, at most one a
// second. Nothing when it is unwanted.

import { systemClock, type Clock } from "@sage/core";
import { showCount } from "./durations.ts";
import { escapeLine } from "./escape.ts";
import type { Io, Sink } from "./io.ts";
import { cutTo } from "./text-width.ts";

export interface ProgressState {
  readonly label: string;
  readonly status: string;
  readonly records: number;
  readonly recordsPerSecond: number;
  /** 0 to 1, where the end is known. */
  readonly fraction?: number | undefined;
  /** What holds it back, in few words. */
  readonly heldBackBy?: string | undefined;
}

export interface Progress extends Disposable {
  update(state: ProgressState): void;
  /** Takes the bar off the terminal, so that something else can be written; the next update draws it again. */
  clear(): void;
}

const lineIntervalMs = 1_000;
const barColumns = 24;
const silent: Progress = { update: () => {}, clear: () => {}, [Symbol.dispose]: () => {} };

/** Disposing it takes the bar off the terminal. */
export function openProgress(io: Io, { wanted = true, clock = systemClock }: { wanted?: boolean; clock?: Clock } = {}): Progress {
  if (!wanted || io.quiet) return silent;
  return io.stderrIsTerminal ? bar(io.stderr) : lines(io, clock);
}

function bar(stderr: Sink): Progress {
  const write = stderr.write.bind(stderr); // as it is before the terminal is shared
  let shown = "";
  const clear = () => {
    if (shown !== "") write("\r\u001b[K");
    shown = "";
  };
  return {
    clear,
    update(state) {
      const text = barText(state, (stderr.columns ?? 80) - 1);
      if (text === shown) return;
      write(`\r${text}\u001b[K`);
      shown = text;
    },
    [Symbol.dispose]: clear,
  };
}

function lines(io: Io, clock: Clock): Progress {
  let lastMs = -Infinity;
  let lastStatus = "";
  return {
    clear: () => {},
    update(state) {
      const nowMs = clock.monotonicMs();
      if (nowMs - lastMs < lineIntervalMs && state.status === lastStatus) return;
      lastMs = nowMs;
      lastStatus = state.status;
      io.note(plainText(state));
    },
    [Symbol.dispose]: () => {},
  };
}

/** `flights ━━━━━━╌╌╌╌ 42%  1.3M records  310.0k/s`, in at most `columns`. */
export function barText({ label, status, records, recordsPerSecond, fraction, heldBackBy }: ProgressState, columns: number): string {
  const done = fraction === undefined ? "" : `${"━".repeat(Math.round(fraction * barColumns)).padEnd(barColumns, "╌")} ${String(Math.floor(fraction * 100)).padStart(3)}%  `;
  const state = status === "running" ? "" : `  ${status}`;
  return cutTo(`${escapeLine(label)} ${done}${showCount(records)} records  ${showCount(recordsPerSecond)}/s${escapeLine(state)}${heldBackBy === undefined ? "" : `  ${escapeLine(heldBackBy)}`}`, columns);
}

function plainText({ label, status, records, recordsPerSecond, fraction, heldBackBy }: ProgressState): string {
  const done = fraction === undefined ? "" : `${Math.floor(fraction * 100)}%, `;
  return `${label}: ${status}, ${done}${showCount(records)} records, ${showCount(recordsPerSecond)}/s${heldBackBy === undefined ? "" : `, ${heldBackBy}`}`;
}

/**
 * Lets a program write to the streams of the terminal that shows `progress`: the bar steps aside for each write.
 * Disposing it gives the streams back.
 */
export function shareTerminal(streams: readonly Sink[], progress: Progress): Disposable {
  const undo = streams.map((stream) => {
    const writable = stream as { write: Sink["write"] };
    const original = writable.write;
    const patched: Sink["write"] = function (this: unknown, ...args) {
      progress.clear();
      return original.apply(stream, args);
    };
    writable.write = patched;
    return () => { if (writable.write === patched) writable.write = original; };
  });
  return { [Symbol.dispose]: () => { for (const each of undo) each(); } };
}
