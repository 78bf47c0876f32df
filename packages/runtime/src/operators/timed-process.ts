// A ProcessFunction with timers: per key, by event time and by the clock.
//
// Invariants:
//   T1. Each time of a key fires once, however often it was asked for; in the order of the times, between records.
//   T2. The times of a key lie in its entry, sorted, as plain data; the heaps are made again from the entries.

import type { TimeKind, Timers } from "@sage/graph";
import type { Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import type { TaskTime, TimeJob } from "../time/task-time.ts";
import { TimerHeap } from "../time/timer-heap.ts";
import { keptWatermark } from "../time/kept-watermark.ts";
import { Collecting } from "./collecting.ts";
import type { FailurePolicy } from "./failure-policy.ts";

/** The timers of one key, by what they go by. */
type KeyTimers = Record<TimeKind, number[]>;

export type OnTimer = (timeMs: number, ctx: OperatorContext) => unknown;

export class TimedProcess extends Collecting implements Timers {
  readonly #context: OperatorContext;
  readonly #onTimer: OnTimer;
  readonly #slot: number;
  readonly #heaps = { event: new TimerHeap(), processing: new TimerHeap() };
  #time: TaskTime | undefined;
  #alarm: { readonly atMs: number; readonly job: TimeJob } | undefined;
  #watermarkMs = -Infinity;
  #isFinishing = false;

  constructor(policy: FailurePolicy, context: OperatorContext, onTimer: OnTimer, finishing?: (ctx: OperatorContext) => unknown) {
    super(policy, context, false, finishing);
    this.#context = context;
    this.#onTimer = onTimer;
    this.#slot = context.state.slotNamed("value sage:timers");
    context.timers = this;
  }

  readonly beside = keptWatermark(() => this.#watermarkMs, (timeMs) => {
    this.#watermarkMs = timeMs;
  });

  get watermarkMs(): number {
    return this.#watermarkMs;
  }

  nowMs(): number {
    return this.#time!.nowMs();
  }

  onEventTime(timeMs: number): void {
    this.#add("event", timeMs);
  }

  onProcessingTime(timeMs: number): void {
    this.#add("processing", timeMs);
    this.#setAlarm();
  }

  deleteEventTime(timeMs: number): void {
    this.#delete("event", timeMs);
  }

  deleteProcessingTime(timeMs: number): void {
    this.#delete("processing", timeMs);
  }

  #add(kind: TimeKind, timeMs: number): void {
    if (typeof timeMs !== "number" || Number.isNaN(timeMs)) throw new TypeError(`a timer's time must be a number of milliseconds, not ${String(timeMs)}`);
    const entry = this.#context.state.make();
    const timers = (entry.values[this.#slot] ??= { event: [], processing: [] }) as KeyTimers;
    if (insert(timers[kind], timeMs)) this.#heaps[kind].push(timeMs, entry);
  }

  #delete(kind: TimeKind, timeMs: number): void {
    const entry = this.#context.state.find();
    if (entry?.values[this.#slot] !== undefined) this.#take(entry, kind, timeMs);
  }

  /** Takes a timer away; false if there is none. */
  #take(entry: KeyEntry, kind: TimeKind, timeMs: number): boolean {
    const timers = entry.values[this.#slot] as KeyTimers | undefined;
    const place = timers?.[kind].indexOf(timeMs) ?? -1;
    if (place < 0) return false;
    this.#context.state.touch(entry);
    timers![kind].splice(place, 1);
    if (timers!.event.length === 0 && timers!.processing.length === 0) this.#context.state.clearSlot(entry, this.#slot);
    return true;
  }

  /** T2: what a restored state has. */
  start(time: TaskTime): void {
    this.#time = time;
    for (const entry of this.#context.state.entries.values()) {
      const timers = entry.values[this.#slot] as KeyTimers | undefined;
      for (const timeMs of timers?.event ?? []) this.#heaps.event.push(timeMs, entry);
      for (const timeMs of timers?.processing ?? []) this.#heaps.processing.push(timeMs, entry);
    }
    this.#setAlarm();
  }

  onWatermark(timeMs: number): Wait {
    if (timeMs <= this.#watermarkMs) return undefined;
    this.#watermarkMs = timeMs;
    return this.#fire("event", timeMs);
  }

  #fire(kind: TimeKind, upToMs: number): Wait {
    const heap = this.#heaps[kind];
    const { slice } = this.policy.scope;
    for (let fired = 1; heap.size > 0 && heap.nextMs <= upToMs; fired++) {
      const timeMs = heap.nextMs;
      const entry = heap.pop();
      if (!this.#take(entry, kind, timeMs)) continue;
      const wait = this.#fireOne(kind, timeMs, entry.key) ?? ((fired & 255) === 0 && slice.isOver() ? slice.yield() : undefined);
      if (wait !== undefined) return wait.then(() => this.#fire(kind, upToMs));
    }
    return undefined;
  }

  #fireOne(kind: TimeKind, timeMs: number, key: unknown): Wait {
    const context = this.#context;
    const eventMs = kind === "event" ? timeMs : NaN;
    context.state.select(key);
    context.timeKind = kind;
    context.broadcasts?.enter(0);
    this.policy.scope.time[0] = eventMs;
    return this.call(() => this.#onTimer(timeMs, context), eventMs, { key, timerMs: timeMs });
  }

  #setAlarm(): void {
    const atMs = this.#heaps.processing.nextMs;
    if (this.#time === undefined || this.#isFinishing || atMs === Infinity || (this.#alarm !== undefined && this.#alarm.atMs <= atMs)) return;
    this.#alarm?.job.cancel();
    const job = this.#time.after(atMs - this.nowMs(), () => {
      this.#alarm = undefined;
      const wait = this.#fire("processing", this.nowMs());
      if (wait !== undefined) return wait.then(() => this.#setAlarm());
      this.#setAlarm();
      return undefined;
    });
    this.#alarm = { atMs, job };
  }

  override async finish(): Promise<void> {
    this.#isFinishing = true;
    await this.onWatermark(Infinity);
    await super.finish();
  }
}

/** Inserts a number into its place; false if it is there. */
function insert(sorted: number[], value: number): boolean {
  let place = sorted.length;
  while (place > 0 && sorted[place - 1]! > value) place--;
  if (place > 0 && sorted[place - 1] === value) return false;
  sorted.splice(place, 0, value);
  return true;
}
