// Timers by their time: the next one first. An index over what entries say of themselves: a timer that was deleted there
// comes out of here all the same, and is ignored.

import type { KeyEntry } from "../state/keyed-state.ts";

export class TimerHeap {
  readonly #times: number[] = [];
  readonly #entries: KeyEntry[] = [];

  /** The next timer's time; Infinity if there is none. */
  get nextMs(): number {
    return this.#times[0] ?? Infinity;
  }

  get size(): number {
    return this.#times.length;
  }

  push(timeMs: number, entry: KeyEntry): void {
    const times = this.#times;
    const entries = this.#entries;
    let at = times.length;
    times.push(timeMs);
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= timeMs) break;
      times[at] = times[parent]!;
      entries[at] = entries[parent]!;
      at = parent;
    }
    times[at] = timeMs;
    entries[at] = entry;
  }

  /** Takes the next timer out; there must be one. */
  pop(): KeyEntry {
    const times = this.#times;
    const entries = this.#entries;
    const first = entries[0]!;
    const timeMs = times.pop()!;
    const entry = entries.pop()!;
    const size = times.length;
    if (size === 0) return first;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= timeMs) break;
      times[at] = times[child]!;
      entries[at] = entries[child]!;
      at = child;
    }
    times[at] = timeMs;
    entries[at] = entry;
    return first;
  }
}
