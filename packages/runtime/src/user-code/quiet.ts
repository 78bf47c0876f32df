// Notices that a program waits for nothing any more: no timer, socket or file of its own keeps the process busy.

import type { Clock } from "@sage/core";

const pollMs = 50;

/** What keeps the event loop busy, by kind. */
type Busy = ReadonlyMap<string, number>;

function busyNow(): Busy {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Remembers what keeps the process busy before a program starts. */
export class QuietWatch {
  readonly #clock: Clock;
  readonly #before: Busy;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#before = busyNow();
  }

  /**
   * Resolves when for `quietMs` nothing has been busy that was not when the watch was made. Rejects with the signal's reason.
   * Not everything shows (WebAssembly being compiled does not), so `quietMs` should outlast such work.
   */
  async quiet(quietMs: number, signal: AbortSignal): Promise<void> {
    for (let sinceMs = this.#clock.monotonicMs(); this.#clock.monotonicMs() - sinceMs < quietMs; ) {
      await this.#clock.sleep(pollMs, signal);
      if (this.#busy()) sinceMs = this.#clock.monotonicMs();
    }
  }

  #busy(): boolean {
    return [...busyNow()].some(([kind, count]) => count > (this.#before.get(kind) ?? 0));
  }
}
