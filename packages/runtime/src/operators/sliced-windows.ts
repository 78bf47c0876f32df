// Tumbling and sliding windows, kept as slices: a record goes into one slice, however many windows overlap there, and a
// window that fires puts its slices together.
// Source: J. Traub et al., "Efficient Window Aggregation with General Stream Slicing", EDBT 2019.
//
// Invariants:
//   S1. A window fires once when time passes its last millisecond, and again for every later record that is still allowed.
//   S2. A slice goes when its last window, with the allowed lateness, is over. A record that comes later is late.
//   S3. All state of a key lies in its entry, as plain data; which keys a slice has is found again from the entries.
//
// Slice p is [offset + p × slice, … + slice); window j begins at offset + j × slide: slices j × step … j × step + span - 1.
// Windows that do not overlap have one slice each. So have those of an aggregate that cannot merge: its records go into
// several.

import type { TimeWindow, WindowAggregate } from "@sage/graph";
import type { Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import type { TaskTime } from "../time/task-time.ts";
import { keptWatermark } from "../time/kept-watermark.ts";
import type { Emit } from "./expansion.ts";
import type { WindowResult } from "./window-result.ts";
import type { WindowSettings } from "./window-settings.ts";

/** What one key has: its slices in order, with what has gathered in each, and the last window that fired with several. */
interface KeySlices {
  readonly at: number[];
  readonly gathered: unknown[];
  fired: number;
}

export class SlicedWindows {
  readonly policy: WindowResult["policy"];
  readonly #context: OperatorContext;
  readonly #settings: WindowSettings;
  readonly #fold: WindowAggregate<unknown, unknown, unknown>;
  readonly #result: WindowResult;
  readonly #slot: number;
  readonly #sizeMs: number;
  readonly #slideMs: number;
  readonly #offsetMs: number;
  readonly #sliceMs: number;
  readonly #step: number;
  readonly #span: number;
  readonly #overlaps: boolean;
  readonly #byClock: boolean;
  #time: TaskTime | undefined;
  /** Keys by slice, and the slices that there are, in order. */
  readonly #keys = new Map<number, KeyEntry[]>();
  readonly #slices: number[] = [];
  #indexed = false;
  /** Time has passed the end of this window and of those before it. */
  #passed = -Infinity;
  #nowMs = -Infinity;
  /** The slice of the last record, as long as it is not late: [from, to). */
  #slice = 0;
  #fromMs = Infinity;
  #toMs = -Infinity;
  #alarmMs = Infinity;

  constructor(settings: WindowSettings, fold: WindowAggregate<unknown, unknown, unknown>, result: WindowResult, context: OperatorContext) {
    const { windows } = settings;
    if (windows.type !== "sliding") throw new Error(`windows of type ${windows.type} are not sliced`);
    const { sizeMs, slideMs, offsetMs } = windows;
    const isApart = sizeMs <= slideMs;
    const shares = !isApart && fold.merge !== undefined;
    this.policy = result.policy;
    this.#context = context;
    this.#settings = settings;
    this.#fold = fold;
    this.#result = result;
    this.#slot = context.state.slotNamed("value sage:window");
    this.#sizeMs = sizeMs;
    this.#slideMs = slideMs;
    this.#offsetMs = offsetMs;
    this.#sliceMs = shares ? greatestDivisor(sizeMs, slideMs) : slideMs;
    this.#step = shares ? slideMs / this.#sliceMs : 1;
    this.#span = shares ? sizeMs / this.#sliceMs : 1;
    this.#overlaps = !isApart && !shares;
    this.#byClock = windows.time === "processing";
  }

  readonly beside = keptWatermark(() => this.#nowMs, (timeMs) => {
    this.#nowMs = timeMs;
    this.#passed = this.#lastBefore(timeMs);
  });

  connect(emit: Emit, sides: ReadonlyMap<string, Emit>): void {
    this.#result.connect(emit, sides);
  }

  start(time: TaskTime): void {
    this.#time = time;
    this.#index();
  }

  /** The record's key could not be made. */
  unkeyed(error: unknown, record: unknown): Wait {
    return this.policy.drop(error, record);
  }

  /** Takes a record of the key of `entry`. */
  add(entry: KeyEntry, record: unknown, eventMs: number): Wait {
    const timeMs = this.#byClock ? this.#clockMs() : eventMs;
    if (timeMs < this.#fromMs || timeMs >= this.#toMs) {
      if (this.#overlaps) return this.#addToEach(entry, record, timeMs);
      const slice = Math.floor((timeMs - this.#offsetMs) / this.#sliceMs);
      const window = Math.floor(slice / this.#step);
      const fromMs = this.#offsetMs + slice * this.#sliceMs;
      if (timeMs - fromMs >= this.#sizeMs) return this.#result.inNoWindow(record, entry, timeMs + this.#settings.allowedLatenessMs <= this.#nowMs);
      if (this.#isOver(window)) return this.#result.late(record, entry);
      this.#slice = slice;
      this.#fromMs = fromMs;
      this.#toMs = fromMs + Math.min(this.#sliceMs, this.#sizeMs);
    }
    this.#gather(entry, this.#slice, record);
    const first = this.#firstWindowOf(this.#slice);
    return first <= this.#passed ? this.#fireLate(entry, first, Math.floor(this.#slice / this.#step)) : undefined;
  }

  /** Windows that do not share: the record goes into each. */
  #addToEach(entry: KeyEntry, record: unknown, timeMs: number): Wait {
    const last = Math.floor((timeMs - this.#offsetMs) / this.#slideMs);
    let window = last;
    for (; this.#startOf(window) + this.#sizeMs > timeMs && !this.#isOver(window); window--) this.#gather(entry, window, record);
    return window < last ? this.#fireLate(entry, window + 1, last) : this.#result.late(record, entry);
  }

  #gather(entry: KeyEntry, slice: number, record: unknown): void {
    const state = (entry.values[this.#slot] ??= this.#first()) as KeySlices;
    const { at, gathered } = state;
    let place = at.length - 1;
    while (place >= 0 && at[place]! > slice) place--;
    if (place >= 0 && at[place] === slice) {
      gathered[place] = this.#fold.add(gathered[place], record);
      return;
    }
    const made = this.#fold.add(this.#fold.init(), record);
    if (place === at.length - 1) {
      at.push(slice);
      gathered.push(made);
    } else {
      at.splice(place + 1, 0, slice);
      gathered.splice(place + 1, 0, made);
    }
    this.#keysOf(slice).push(entry);
  }

  #first(): KeySlices {
    return { at: [], gathered: [], fired: -Infinity };
  }

  #keysOf(slice: number): KeyEntry[] {
    let keys = this.#keys.get(slice);
    if (keys !== undefined) return keys;
    this.#keys.set(slice, (keys = []));
    const slices = this.#slices;
    let place = slices.length;
    while (place > 0 && slices[place - 1]! > slice) place--;
    slices.splice(place, 0, slice);
    if (this.#byClock) this.#setAlarm();
    return keys;
  }

  onWatermark(timeMs: number): Wait {
    return this.#byClock ? undefined : this.#advance(timeMs);
  }

  finish(): Promise<void> {
    return Promise.resolve(this.#advance(Infinity));
  }

  /** Time has come to `timeMs`: fires what ends then or before. */
  #advance(timeMs: number): Wait {
    if (timeMs <= this.#nowMs) return undefined;
    this.#index();
    this.#nowMs = timeMs;
    this.#fromMs = Infinity;
    this.#toMs = -Infinity;
    return this.#fireOn();
  }

  #fireOn(): Wait {
    const timeMs = this.#nowMs;
    for (let window = this.#nextWindow(); window !== undefined && this.#startOf(window) + this.#sizeMs - 1 <= timeMs; window = this.#nextWindow()) {
      this.#passed = window;
      const wait = this.#fire(window, window * this.#step, 0);
      if (wait !== undefined) return wait.then(() => this.#fireOn());
      this.#dropOver(window);
    }
    if (timeMs < Infinity) this.#passed = Math.max(this.#passed, this.#lastBefore(timeMs));
    this.#dropOver(Infinity);
    if (this.#byClock) this.#setAlarm();
    return undefined;
  }

  /** The first window behind those that time has passed in which there is a record. */
  #nextWindow(): number | undefined {
    for (const slice of this.#slices) {
      const window = Math.max(this.#passed + 1, this.#firstWindowOf(slice));
      if (window <= Math.floor(slice / this.#step)) return window;
    }
    return undefined;
  }

  #firstWindowOf(slice: number): number {
    return Math.ceil((slice - this.#span + 1) / this.#step);
  }

  /** The last window that has ended when time has come to `timeMs`. */
  #lastBefore(timeMs: number): number {
    return Math.floor((timeMs + 1 - this.#sizeMs - this.#offsetMs) / this.#slideMs);
  }

  #startOf(window: number): number {
    return this.#offsetMs + window * this.#slideMs;
  }

  #windowAt(window: number): TimeWindow {
    const startMs = this.#startOf(window);
    return { startMs, endMs: startMs + this.#sizeMs };
  }

  /** Fires a window for every key in it, from a slice and a key of it on. */
  #fire(window: number, fromSlice: number, fromKey: number): Wait {
    const end = window * this.#step + this.#span;
    const frame = this.#windowAt(window);
    for (let slice = fromSlice; slice < end; slice = this.#sliceBehind(slice)) {
      const keys = this.#keys.get(slice) ?? [];
      for (let i = slice === fromSlice ? fromKey : 0; i < keys.length; i++) {
        const entry = keys[i]!;
        const state = entry.values[this.#slot] as KeySlices;
        if (this.#span > 1) {
          if (state.fired === window) continue;
          this.#context.state.touch(entry);
          state.fired = window;
        }
        const wait = this.#fireKey(entry, state, window, frame) ?? this.#turn(i);
        if (wait !== undefined) return wait.then(() => this.#fire(window, slice, i + 1));
      }
    }
    return undefined;
  }

  #turn(fired: number): Wait {
    const { slice } = this.policy.scope;
    return (fired & 1023) === 1023 && slice.isOver() ? slice.yield() : undefined;
  }

  /** The next slice that there is. */
  #sliceBehind(slice: number): number {
    for (const other of this.#slices) if (other > slice) return other;
    return Infinity;
  }

  #fireKey(entry: KeyEntry, { at, gathered }: KeySlices, window: number, frame: TimeWindow): Wait {
    const first = window * this.#step;
    const end = first + this.#span;
    let place = 0;
    while (at[place]! < first) place++;
    let all = gathered[place];
    if (this.#span > 1) {
      all = this.#fold.merge!(this.#fold.init(), all);
      for (place++; place < at.length && at[place]! < end; place++) all = this.#fold.merge!(all, gathered[place]);
    }
    return this.#result.pass(all, entry, frame);
  }

  /** A record has come into windows of which some have fired. */
  #fireLate(entry: KeyEntry, first: number, last: number): Wait {
    const state = entry.values[this.#slot] as KeySlices;
    for (let window = first; window <= last && window <= this.#passed; window++) {
      if (this.#isOver(window)) continue;
      const wait = this.#fireKey(entry, state, window, this.#windowAt(window));
      if (wait !== undefined) return wait.then(() => this.#fireLate(entry, window + 1, last));
    }
    return undefined;
  }

  /** Whether a window is over, its allowed lateness too. */
  #isOver(window: number): boolean {
    return this.#startOf(window) + this.#sizeMs - 1 + this.#settings.allowedLatenessMs <= this.#nowMs;
  }

  /** S2. @param upTo - slices of later windows stay in any case: they have not fired. */
  #dropOver(upTo: number): void {
    const slices = this.#slices;
    let over = 0;
    while (over < slices.length && Math.floor(slices[over]! / this.#step) <= upTo && this.#isOver(Math.floor(slices[over]! / this.#step))) this.#drop(slices[over++]!);
    if (over > 0) slices.splice(0, over);
  }

  #drop(slice: number): void {
    const { state } = this.#context;
    for (const entry of this.#keys.get(slice)!) {
      const { at, gathered } = entry.values[this.#slot] as KeySlices;
      state.touch(entry);
      const place = at.indexOf(slice);
      at.splice(place, 1);
      gathered.splice(place, 1);
      if (at.length === 0) state.clearSlot(entry, this.#slot);
    }
    this.#keys.delete(slice);
  }

  /** S3. Once, before anything else: what a restored state has. */
  #index(): void {
    if (this.#indexed) return;
    this.#indexed = true;
    for (const entry of this.#context.state.entries.values()) {
      for (const slice of (entry.values[this.#slot] as KeySlices | undefined)?.at ?? []) this.#keysOf(slice).push(entry);
    }
  }

  /** The clock; a step back is none. */
  #clockMs(): number {
    return Math.max(this.#nowMs + 1, this.#time!.nowMs());
  }

  /** Sees to it that the next window fires by the clock. */
  #setAlarm(): void {
    const window = this.#nextWindow();
    if (window === undefined || this.#time === undefined) return;
    const endMs = this.#startOf(window) + this.#sizeMs;
    if (endMs >= this.#alarmMs) return;
    this.#alarmMs = endMs;
    this.#time.after(endMs - this.#time.nowMs(), () => {
      if (this.#alarmMs === endMs) this.#alarmMs = Infinity;
      return this.#advance(this.#time!.nowMs() - 1) ?? (this.#setAlarm(), undefined);
    });
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
