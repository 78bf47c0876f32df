// Which serial numbers have been seen. They come about in order, so that it is enough to remember the newest.

/** So many below the highest are told apart; older ones count as seen. */
export const windowSize = 4_096;

export class ReplayWindow {
  readonly #seen = new Set<number>();
  #highest = 0;

  /** Whether `serial` comes for the first time; from now on it is seen. */
  take(serial: number): boolean {
    if (!Number.isSafeInteger(serial) || serial <= this.#highest - windowSize || serial < 1 || this.#seen.has(serial)) return false;
    this.#seen.add(serial);
    this.#highest = Math.max(this.#highest, serial);
    if (this.#seen.size > 2 * windowSize) for (const each of this.#seen) if (each <= this.#highest - windowSize) this.#seen.delete(each);
    return true;
  }
}
