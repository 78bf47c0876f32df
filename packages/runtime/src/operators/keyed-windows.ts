// Windows that each key has on its own: sessions, which merge, and any windows with a trigger.
//
// Invariants:
//   K1. A window goes when its end and the allowed lateness have passed; what belongs to it goes with it.
//   K2. A session that merged with another is one window from then on: it has the records of both, and the trigger's
//       state is what `onMerge` makes of both.
//   K3. All state of a key lies in its entry, as plain data, its windows' timers too; the index of them is made again from there.

import type { TimeKind, TimeWindow, Trigger, TriggerResult, WindowAggregate } from "@sage/graph";
import type { Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import { EntryTimers } from "../time/entry-timers.ts";
import type { TaskTime } from "../time/task-time.ts";
import { keptWatermark } from "../time/kept-watermark.ts";
import type { Emit } from "./expansion.ts";
import { OpenWindow, type KeptWindow } from "./open-window.ts";
import type { WindowResult } from "./window-result.ts";
import type { WindowSettings } from "./window-settings.ts";

export class KeyedWindows {
  readonly policy: WindowResult["policy"];
  readonly #context: OperatorContext;
  readonly #settings: WindowSettings;
  readonly #fold: WindowAggregate<unknown, unknown, unknown>;
  readonly #trigger: Trigger<unknown>;
  readonly #result: WindowResult;
  readonly #slot: number;
  readonly #kind: TimeKind;
  readonly #timers: EntryTimers;
  readonly #open: OpenWindow;
  #time: TaskTime | undefined;
  #watermarkMs = -Infinity;
  #clockMs = -Infinity;

  constructor(settings: WindowSettings, fold: WindowAggregate<unknown, unknown, unknown>, trigger: Trigger<unknown>, result: WindowResult, context: OperatorContext) {
    const { windows } = settings;
    this.policy = result.policy;
    this.#context = context;
    this.#settings = settings;
    this.#fold = fold;
    this.#trigger = trigger;
    this.#result = result;
    this.#slot = context.state.slotNamed("value sage:window");
    this.#kind = "time" in windows ? windows.time : "event";
    this.#timers = new EntryTimers({
      slice: result.policy.scope.slice, nowMs: () => this.#now(), lagMs: 1,
      onTime: (kind, timeMs, entry) => this.#fireAt(kind, timeMs, entry),
    });
    this.#open = new OpenWindow({
      watermarkMs: () => this.#watermarkMs,
      nowMs: () => this.#now(),
      onTimer: (kind, timeMs, entry) => this.#timers.push(kind, timeMs, entry),
    });
  }

  readonly beside = keptWatermark(() => this.#watermarkMs, (timeMs) => {
    this.#watermarkMs = timeMs;
  });

  connect(emit: Emit, sides: ReadonlyMap<string, Emit>): void {
    this.#result.connect(emit, sides);
  }

  /** The record's key could not be made. */
  unkeyed(error: unknown, record: unknown): Wait {
    return this.policy.drop(error, record);
  }

  /** K3: what a restored state has. */
  start(time: TaskTime): void {
    this.#time = time;
    for (const entry of this.#context.state.entries.values()) {
      for (const window of this.#windowsOf(entry) ?? []) {
        for (const timeMs of window.event) this.#timers.push("event", timeMs, entry);
        for (const timeMs of window.processing) this.#timers.push("processing", timeMs, entry);
      }
    }
    this.#timers.start(time);
  }

  #windowsOf(entry: KeyEntry): KeptWindow[] | undefined {
    return entry.values[this.#slot] as KeptWindow[] | undefined;
  }

  #now(): number {
    return (this.#clockMs = Math.max(this.#clockMs, this.#time!.nowMs()));
  }

  /** Takes a record of the key of `entry`. */
  add(entry: KeyEntry, record: unknown, eventMs: number): Wait {
    const timeMs = this.#kind === "processing" ? this.#now() : eventMs;
    const frames = this.#framesOf(timeMs);
    let wait: Wait;
    let isTaken = false;
    for (const frame of frames) {
      const kept = this.#keep(entry, frame);
      if (kept === undefined) continue;
      isTaken = true;
      kept.gathered = this.#fold.add(kept.hasRecords ? kept.gathered : this.#fold.init(), record);
      kept.hasRecords = true;
      const result = this.#trigger.onRecord(record, timeMs, this.#open.of(kept, entry));
      wait = wait === undefined ? this.#do(result, kept, entry) : wait.then(() => this.#do(result, kept, entry));
    }
    if (isTaken) return wait;
    const isLate = this.#kind === "event" && timeMs + this.#settings.allowedLatenessMs <= this.#watermarkMs;
    return frames.length === 0 ? this.#result.inNoWindow(record, entry, isLate) : this.#result.late(record, entry);
  }

  /** The windows that a record of this time belongs to, the earliest first. */
  #framesOf(timeMs: number): TimeWindow[] {
    const { windows } = this.#settings;
    switch (windows.type) {
      case "session": return [{ startMs: timeMs, endMs: timeMs + windows.gapMs }];
      case "global": return [{ startMs: -Infinity, endMs: Infinity }];
      case "sliding": {
        const { sizeMs, slideMs, offsetMs } = windows;
        const frames: TimeWindow[] = [];
        for (let startMs = offsetMs + Math.floor((timeMs - offsetMs) / slideMs) * slideMs; startMs + sizeMs > timeMs; startMs -= slideMs) frames.push({ startMs, endMs: startMs + sizeMs });
        return frames.reverse();
      }
      default: throw new Error(`windows of type ${windows.type} are kept elsewhere`);
    }
  }

  /** The window of a key that this frame is, or becomes part of; undefined: it is over. */
  #keep(entry: KeyEntry, frame: TimeWindow): KeptWindow | undefined {
    const kept = this.#windowsOf(entry) ?? [];
    if (this.#settings.windows.type === "session") return this.#join(entry, kept, frame);
    const known = kept.find(({ startMs }) => startMs === frame.startMs);
    return known ?? (this.#isOver(frame) ? undefined : this.#begin(entry, kept, frame));
  }

  #begin(entry: KeyEntry, kept: KeptWindow[], { startMs, endMs }: TimeWindow): KeptWindow {
    const begun: KeptWindow = { startMs, endMs, gathered: undefined, hasRecords: false, trigger: undefined, event: [], processing: [], overMs: this.#overOf(endMs) };
    kept.push(begun);
    entry.values[this.#slot] = kept;
    if (begun.overMs < Infinity) this.#timers.push(this.#kind, begun.overMs, entry);
    return begun;
  }

  /** K2. Windows that touch are one. */
  #join(entry: KeyEntry, kept: KeptWindow[], frame: TimeWindow): KeptWindow | undefined {
    const touching = kept.filter((each) => each.startMs <= frame.endMs && each.endMs >= frame.startMs);
    const met = touching.length > 1 ? touching.toSorted((a, b) => a.startMs - b.startMs) : touching;
    const [first] = met;
    if (first === undefined) return this.#isOver(frame) ? undefined : this.#begin(entry, kept, frame);
    const whole = { startMs: Math.min(first.startMs, frame.startMs), endMs: met.reduce((last, { endMs }) => Math.max(last, endMs), frame.endMs) };
    if (met.length === 1 && first.startMs === whole.startMs && first.endMs === whole.endMs) return first;
    const joined = this.#begin(entry, kept.filter((each) => !met.includes(each)), whole);
    for (const { gathered, hasRecords } of met) {
      if (!hasRecords) continue;
      joined.gathered = joined.hasRecords ? this.#fold.merge!(joined.gathered, gathered) : gathered;
      joined.hasRecords = true;
    }
    this.#trigger.onMerge!(met.map(({ trigger }) => trigger), this.#open.of(joined, entry));
    return joined;
  }

  #overOf(endMs: number): number {
    return endMs - 1 + (this.#kind === "event" ? this.#settings.allowedLatenessMs : 0);
  }

  /** Whether a window is over, its allowed lateness too. By the clock, none is: records are always of now. */
  #isOver({ endMs }: TimeWindow): boolean {
    return this.#kind === "event" && this.#overOf(endMs) <= this.#watermarkMs;
  }

  #do(result: TriggerResult, kept: KeptWindow, entry: KeyEntry): Wait {
    const { gathered, hasRecords, startMs, endMs } = kept;
    if (result === "purge" || result === "fire-and-purge") {
      kept.gathered = undefined;
      kept.hasRecords = false;
      if (kept.overMs === Infinity && kept.event.length === 0 && kept.processing.length === 0 && kept.trigger === undefined) this.#forget(entry, kept);
    }
    return hasRecords && (result === "fire" || result === "fire-and-purge") ? this.#result.pass(gathered, entry, { startMs, endMs }) : undefined;
  }

  #forget(entry: KeyEntry, kept: KeptWindow): void {
    const windows = this.#windowsOf(entry)!;
    const place = windows.indexOf(kept);
    if (place >= 0) windows.splice(place, 1);
    if (windows.length === 0) this.#context.state.clearSlot(entry, this.#slot);
  }

  onWatermark(timeMs: number): Wait {
    if (timeMs <= this.#watermarkMs) return undefined;
    this.#watermarkMs = timeMs;
    return this.#timers.fire("event", timeMs);
  }

  /** A time of a key has come: asks the triggers of the windows that wait for it, and drops those that are over. */
  #fireAt(kind: TimeKind, timeMs: number, entry: KeyEntry): Wait {
    this.#context.state.touch(entry);
    for (const kept of (this.#windowsOf(entry) ?? []).slice()) {
      const place = kept[kind].indexOf(timeMs);
      if (place >= 0) {
        kept[kind].splice(place, 1);
        const context = this.#open.of(kept, entry);
        const result = (kind === "event" ? this.#trigger.onEventTime?.(timeMs, context) : this.#trigger.onProcessingTime?.(timeMs, context)) ?? "continue";
        const wait = this.#do(result, kept, entry);
        if (wait !== undefined) return wait.then(() => this.#fireAt(kind, timeMs, entry));
      }
      if (kind === this.#kind && kept.overMs <= timeMs) this.#forget(entry, kept);
    }
    return undefined;
  }

  /** By the clock, what is still open fires now: the records are not to be lost. */
  async finish(): Promise<void> {
    this.#timers.finishing();
    await this.onWatermark(Infinity);
    if (this.#kind === "processing") await this.#timers.fire("processing", Infinity);
  }
}
