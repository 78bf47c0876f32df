// A window of one key as its trigger sees it.

import type { TimeKind, TimeWindow, TriggerContext } from "@sage/graph";
import type { KeyEntry } from "../state/keyed-state.ts";

/** What is kept of a window; plain data. */
export interface KeptWindow {
  readonly startMs: number;
  readonly endMs: number;
  gathered: unknown;
  /** Whether something has gathered since the last purge. */
  hasRecords: boolean;
  /** The trigger's state. */
  trigger: unknown;
  /** Times that the trigger waits for. */
  readonly event: number[];
  readonly processing: number[];
  /** When it is dropped. */
  readonly overMs: number;
}

export interface OpenWindowOptions {
  watermarkMs(): number;
  nowMs(): number;
  onTimer(kind: TimeKind, timeMs: number, entry: KeyEntry): void;
}

/** One for all windows of an operator: the one that is asked about is the current one. */
export class OpenWindow implements TriggerContext {
  readonly #options: OpenWindowOptions;
  #kept!: KeptWindow;
  #entry!: KeyEntry;

  constructor(options: OpenWindowOptions) {
    this.#options = options;
  }

  of(kept: KeptWindow, entry: KeyEntry): TriggerContext {
    this.#kept = kept;
    this.#entry = entry;
    return this;
  }

  get window(): TimeWindow {
    return this.#kept;
  }

  get watermarkMs(): number {
    return this.#options.watermarkMs();
  }

  get state(): unknown {
    return this.#kept.trigger;
  }

  set state(state: unknown) {
    this.#kept.trigger = state;
  }

  nowMs(): number {
    return this.#options.nowMs();
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
    if (this.#kept[kind].includes(timeMs)) return;
    this.#kept[kind].push(timeMs);
    this.#options.onTimer(kind, timeMs, this.#entry);
  }

  #delete(kind: TimeKind, timeMs: number): void {
    const place = this.#kept[kind].indexOf(timeMs);
    if (place >= 0) this.#kept[kind].splice(place, 1);
  }
}
