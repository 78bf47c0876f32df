// A ProcessFunction with timers: per key, by event time and by the clock.
//
// Invariants:
//   T1. Each time of a key fires once, however often it was asked for; in the order of the times, between records.
//   T2. The times of a key lie in its entry, sorted, as plain data; the index of them is made again from the entries.

import type { TimeKind, Timers } from "@sage/graph";
import type { Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import { EntryTimers } from "../time/entry-timers.ts";
import type { TaskTime } from "../time/task-time.ts";
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
  readonly #timers: EntryTimers;
  #time: TaskTime | undefined;
  #watermarkMs = -Infinity;

  constructor(policy: FailurePolicy, context: OperatorContext, onTimer: OnTimer, finishing?: (ctx: OperatorContext) => unknown) {
    super(policy, context, false, finishing);
    this.#context = context;
    this.#onTimer = onTimer;
    this.#slot = context.state.slotNamed("value sage:timers");
    this.#timers = new EntryTimers({
      slice: policy.scope.slice, nowMs: () => this.nowMs(), lagMs: 0,
      onTime: (kind, timeMs, entry) => (this.#take(entry, kind, timeMs) ? this.#fireOne(kind, timeMs, entry.key) : undefined),
    });
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
    if (insert(timers[kind], timeMs)) this.#timers.push(kind, timeMs, entry);
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
      for (const timeMs of timers?.event ?? []) this.#timers.push("event", timeMs, entry);
      for (const timeMs of timers?.processing ?? []) this.#timers.push("processing", timeMs, entry);
    }
    this.#timers.start(time);
  }

  onWatermark(timeMs: number): Wait {
    if (timeMs <= this.#watermarkMs) return undefined;
    this.#watermarkMs = timeMs;
    return this.#timers.fire("event", timeMs);
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

  override async finish(): Promise<void> {
    this.#timers.finishing();
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
