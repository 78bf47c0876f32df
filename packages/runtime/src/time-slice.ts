// How long a task may run before the event loop gets its turn: I/O, heartbeats and cancellation wait for it.

/** Longest work at a stretch, in milliseconds. */
export const sliceMs = 8;

const mostRecords = 4096;

export class TimeSlice {
  #startedMs = performance.now();
  #steppedMs = this.#startedMs;
  /** How many records to process before the clock is read again; follows the pace of the records. */
  records = 1;

  isOver(): boolean {
    return performance.now() - this.#startedMs > sliceMs;
  }

  /** Like {@link isOver}, after `records` more of them: adapts their number, so that reading the clock costs next to nothing. */
  step(): boolean {
    const nowMs = performance.now();
    const tookMs = nowMs - this.#steppedMs;
    this.#steppedMs = nowMs;
    if (tookMs < 0.5) this.records = Math.min(mostRecords, this.records * 2);
    else if (tookMs > 2) this.records = Math.max(1, this.records >> 1);
    return nowMs - this.#startedMs > sliceMs;
  }

  /** Starts a new slice behind whatever waits in the event loop. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.restart();
  }

  /** A new slice begins: the task has waited for something anyway. */
  restart(): void {
    this.#startedMs = this.#steppedMs = performance.now();
  }
}
