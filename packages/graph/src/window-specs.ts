// What windows there are. All of them are half open, `[startMs, endMs)`, and aligned to the Unix epoch.
// Source: T. Akidau et al., "The Dataflow Model", PVLDB 8(12), 2015.

import { InvalidOperatorError } from "./errors.ts";

/** `[startMs, endMs)`, in milliseconds since the epoch. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** By event time, or by the clock of the machine that processes the record. */
export type TimeKind = "event" | "processing";

/** Windows of equal size, one every `slideMs`. A tumbling window slides by its size. */
export interface SlidingWindows {
  readonly type: "sliding";
  readonly time: TimeKind;
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
}

/** Windows that last until a key had no record for `gapMs`. */
export interface SessionWindows {
  readonly type: "session";
  readonly time: TimeKind;
  readonly gapMs: number;
}

/** Windows of `size` records of a key; with `slide` less than `size`: of the last `size`, every `slide` records. */
export interface CountWindows {
  readonly type: "count";
  readonly size: number;
  readonly slide: number;
}

/** One window for all of time: it fires when its trigger says so. */
export interface GlobalWindows {
  readonly type: "global";
}

export type TimeWindows = SlidingWindows | SessionWindows;
export type WindowSpec = TimeWindows | CountWindows | GlobalWindows;

/**
 * Windows side by side: every record is in exactly one.
 *
 * @param sizeMs - more than 0.
 * @param offsetMs - moves the windows against the epoch: `tumbling(86_400_000, -8 * 3_600_000)` are days of UTC+8.
 */
export const tumbling = (sizeMs: number, offsetMs = 0): SlidingWindows => sliding(sizeMs, sizeMs, offsetMs);

/**
 * Windows of `sizeMs`, one beginning every `slideMs`: they overlap where the slide is smaller than the size, and leave
 * gaps, whose records are in no window, where it is larger.
 */
export function sliding(sizeMs: number, slideMs: number, offsetMs = 0): SlidingWindows {
  positive("sliding", "sizeMs", sizeMs);
  positive("sliding", "slideMs", slideMs);
  if (!Number.isInteger(offsetMs)) throw new InvalidOperatorError("sliding", `offsetMs must be a whole number, not ${String(offsetMs)}`);
  return { type: "sliding", time: "event", sizeMs, slideMs, offsetMs };
}

/** Windows of activity: a key's session ends when no record of it came for `gapMs` of its time. */
export function session(gapMs: number): SessionWindows {
  positive("session", "gapMs", gapMs);
  return { type: "session", time: "event", gapMs };
}

/** Windows of `size` records per key; the last, incomplete one of a key never fires. */
export function count(size: number, slide = size): CountWindows {
  positive("count", "size", size);
  positive("count", "slide", slide);
  return { type: "count", size, slide };
}

/** One window per key for all of time; needs a trigger. */
export const globalWindow = (): GlobalWindows => ({ type: "global" });

/** The same windows by the clock of the machine instead of the records' time. What is open at the end of the input fires then. */
export const processingTime = <W extends TimeWindows>(windows: W): W => ({ ...windows, time: "processing" });

function positive(operator: string, what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new InvalidOperatorError(operator, `${what} must be a whole number of at least 1, not ${String(value)}`);
}
