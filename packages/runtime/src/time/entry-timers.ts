// The timers that an operator's entries keep, by event time and by the clock: what is next, and the alarm for it.
//
// Invariants:
//   E1. Timers fire one after the other, in the order of their times, between records.
//   E2. It is an index: an entry that no longer waits for a time hears of it all the same, and ignores it.

import type { TimeKind } from "@sage/graph";
import type { Wait } from "../chain/scope.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import type { TimeSlice } from "../time-slice.ts";
import type { TaskTime, TimeJob } from "./task-time.ts";
import { TimerHeap } from "./timer-heap.ts";

export interface EntryTimersOptions {
  readonly slice: TimeSlice;
  /** A time of an entry has come. */
  readonly onTime: (kind: TimeKind, timeMs: number, entry: KeyEntry) => Wait;
  /** What the operator takes for the clock. */
  readonly nowMs: () => number;
  /** So far the clock must be past a time for it to have come, in milliseconds. */
  readonly lagMs: number;
}

export class EntryTimers {
  readonly #options: EntryTimersOptions;
  readonly #heaps = { event: new TimerHeap(), processing: new TimerHeap() };
  #time: TaskTime | undefined;
  #alarm: { readonly atMs: number; readonly job: TimeJob } | undefined;
  #isFinishing = false;

  constructor(options: EntryTimersOptions) {
    this.#options = options;
  }

  push(kind: TimeKind, timeMs: number, entry: KeyEntry): void {
    this.#heaps[kind].push(timeMs, entry);
    if (kind === "processing") this.#setAlarm();
  }

  /** The task begins: from now on there are alarms. */
  start(time: TaskTime): void {
    this.#time = time;
    this.#setAlarm();
  }

  /** The last record has come: no alarm is set any more. */
  finishing(): void {
    this.#isFinishing = true;
  }

  /** Fires what comes at `upToMs` or before. */
  fire(kind: TimeKind, upToMs: number): Wait {
    const heap = this.#heaps[kind];
    const { slice, onTime } = this.#options;
    for (let fired = 1; heap.size > 0 && heap.nextMs <= upToMs; fired++) {
      const timeMs = heap.nextMs;
      const wait = onTime(kind, timeMs, heap.pop()) ?? ((fired & 255) === 0 && slice.isOver() ? slice.yield() : undefined);
      if (wait !== undefined) return wait.then(() => this.fire(kind, upToMs));
    }
    return undefined;
  }

  #setAlarm(): void {
    const atMs = this.#heaps.processing.nextMs;
    if (this.#time === undefined || this.#isFinishing || atMs === Infinity || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return;
    this.#alarm?.job.cancel();
    const { nowMs, lagMs } = this.#options;
    const job = this.#time.after(atMs + lagMs - this.#time.nowMs(), () => {
      this.#alarm = undefined;
      const wait = this.fire("processing", nowMs() - lagMs);
      if (wait !== undefined) return wait.then(() => this.#setAlarm());
      this.#setAlarm();
      return undefined;
    });
    this.#alarm = { atMs, job };
  }
}
