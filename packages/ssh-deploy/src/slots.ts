// A bounded number of places, given out in the order of asking.

export class Slots {
  #free: number;
  readonly #waiting: { take(): void }[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Waits for a place; call the result to give it back. Calling it twice is harmless. Rejects with `signal.reason`. */
  async take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#waiting.shift();
      if (next) next.take();
      else this.#free++;
    };
  }

  #wait(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const place = {
        take: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(place), 1);
        reject(signal?.reason as Error);
      };
      this.#waiting.push(place);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}
