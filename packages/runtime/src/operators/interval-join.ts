// Joins records of two keyed inputs whose times are close: each left record with the right ones in
// [its time + lower, its time + upper].
//
// Invariants:
//   V1. Each pair comes out once, when the second of the two comes, with the later one's time.
//   V2. A record is kept until the watermark has passed everything that could match it.
//   V3. The records of a key lie in its entry, by time, as plain data; the heap is made again from there.

import type { IntervalSettings, UserFunction } from "@sage/graph";
import { isPromise, skipped, type Wait } from "../chain/scope.ts";
import type { OperatorContext } from "../operator-context.ts";
import type { KeyEntry } from "../state/keyed-state.ts";
import { TimerHeap } from "../time/timer-heap.ts";
import { keptWatermark } from "../time/kept-watermark.ts";
import type { Emit } from "./expansion.ts";
import type { FailurePolicy } from "./failure-policy.ts";

type JoinPair = (left: unknown, right: unknown, key: unknown) => unknown;

/** Records with their times, the earliest first. */
interface Side {
  readonly times: number[];
  readonly records: unknown[];
}

/** What one key keeps: [left, right]. */
type Kept = readonly [Side, Side];

export class IntervalJoin {
  readonly policy: FailurePolicy;
  readonly #context: OperatorContext;
  readonly #join: JoinPair;
  readonly #within: IntervalSettings;
  readonly #slot: number;
  readonly #heap = new TimerHeap();
  #watermarkMs = -Infinity;
  #emit!: Emit;

  constructor(policy: FailurePolicy, context: OperatorContext, fn: unknown, form: UserFunction["form"]) {
    this.policy = policy;
    this.#context = context;
    this.#within = policy.node.graph.settings as unknown as IntervalSettings;
    this.#join = form === "function" ? (fn as JoinPair) : (left, right, key) => (fn as { execute: JoinPair }).execute(left, right, key);
    this.#slot = context.state.slotNamed("value sage:interval");
  }

  readonly beside = keptWatermark(() => this.#watermarkMs, (timeMs) => {
    this.#watermarkMs = timeMs;
  });

  connect(emit: Emit): void {
    this.#emit = emit;
  }

  /** The record's key could not be made. */
  unkeyed(error: unknown, record: unknown): Wait {
    return this.policy.drop(error, record);
  }

  /** V3: what a restored state has. */
  start(): void {
    for (const entry of this.#context.state.entries.values()) {
      const kept = entry.values[this.#slot] as Kept | undefined;
      for (const port of [0, 1]) for (const timeMs of kept?.[port]!.times ?? []) this.#heap.push(this.#overOf(port, timeMs), entry);
    }
  }

  /** When nothing can match a record any more. */
  #overOf(port: number, timeMs: number): number {
    return timeMs + Math.max(0, port === 0 ? this.#within.upperMs : -this.#within.lowerMs);
  }

  /** Takes a record of input `port`: 0 is left, 1 is right. */
  add(port: number, entry: KeyEntry, record: unknown, timeMs: number): Wait {
    if (timeMs < this.#watermarkMs) {
      this.policy.skippedRecords++; // late
      return undefined;
    }
    const kept = (entry.values[this.#slot] ??= [{ times: [], records: [] }, { times: [], records: [] }]) as Kept;
    insert(kept[port]!, timeMs, record);
    this.#heap.push(this.#overOf(port, timeMs), entry);
    const matches = this.#matches(port, kept[1 - port]!, timeMs);
    return matches === undefined ? undefined : this.#pairs(port, record, timeMs, entry.key, matches, 0);
  }

  /** What the other side has for a record; undefined: nothing. */
  #matches(port: number, { times, records }: Side, timeMs: number): Side | undefined {
    const { lowerMs, upperMs, lowerExclusive, upperExclusive } = this.#within;
    const found: Side = { times: [], records: [] };
    for (let i = 0; i < times.length; i++) {
      const apartMs = port === 0 ? times[i]! - timeMs : timeMs - times[i]!;
      if (apartMs < lowerMs || apartMs > upperMs || (lowerExclusive && apartMs === lowerMs) || (upperExclusive && apartMs === upperMs)) continue;
      found.times.push(times[i]!);
      found.records.push(records[i]);
    }
    return found.times.length === 0 ? undefined : found;
  }

  #pairs(port: number, record: unknown, timeMs: number, key: unknown, matches: Side, from: number): Wait {
    for (let i = from; i < matches.times.length; i++) {
      this.policy.scope.time[0] = Math.max(timeMs, matches.times[i]!);
      const other = matches.records[i];
      const wait = port === 0 ? this.#pair(record, other, key) : this.#pair(other, record, key);
      if (wait !== undefined) return wait.then(() => this.#pairs(port, record, timeMs, key, matches, i + 1));
    }
    return undefined;
  }

  #pair(left: unknown, right: unknown, key: unknown): Wait {
    const again = () => this.#join(left, right, key);
    let result: unknown;
    try {
      result = again();
    } catch (error) {
      result = this.policy.recover(error, { left, right, key }, again);
    }
    if (result === skipped) return undefined;
    return isPromise(result) ? this.policy.later(result, { left, right, key }, this.#emit, again) : this.#emit(result);
  }

  onWatermark(timeMs: number): Wait {
    if (timeMs <= this.#watermarkMs) return undefined;
    this.#watermarkMs = timeMs;
    while (this.#heap.nextMs < timeMs) this.#prune(this.#heap.pop());
    return undefined;
  }

  /** V2 */
  #prune(entry: KeyEntry): void {
    const kept = entry.values[this.#slot] as Kept | undefined;
    if (kept === undefined) return;
    this.#context.state.touch(entry);
    for (const port of [0, 1]) {
      const { times, records } = kept[port]!;
      let over = 0;
      while (over < times.length && this.#overOf(port, times[over]!) < this.#watermarkMs) over++;
      times.splice(0, over);
      records.splice(0, over);
    }
    if (kept[0].times.length === 0 && kept[1].times.length === 0) this.#context.state.clearSlot(entry, this.#slot);
  }
}

function insert({ times, records }: Side, timeMs: number, record: unknown): void {
  let place = times.length;
  while (place > 0 && times[place - 1]! > timeMs) place--;
  times.splice(place, 0, timeMs);
  records.splice(place, 0, record);
}
