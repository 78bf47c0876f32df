// How many workers may be on their way at once: a host that starts hundreds of processes together starts none in time.

import { availableParallelism } from "node:os";

/** Enough to keep the processors busy while processes read their files. */
const defaultStartsAtOnce = Math.max(8, 2 * availableParallelism());

export class StartGate {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce = defaultStartsAtOnce) {
    this.#free = atOnce;
  }

  /** Resolves, first come first served, to what lets the next one in; that may be called more than once. */
  enter(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#waiting.delete(go);
        reject(signal.reason);
      };
      const go = () => {
        signal.removeEventListener("abort", onAbort);
        resolve(this.#pass());
      };
      if (this.#free > 0) {
        this.#free--;
        return resolve(this.#pass());
      }
      this.#waiting.add(go);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  #pass(): () => void {
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      const next = this.#waiting.values().next().value;
      if (!next) return void this.#free++;
      this.#waiting.delete(next);
      next();
    };
  }
}
