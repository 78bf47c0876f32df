// Lets many wait for the next change of one thing, none of them missing it, without keeping what has changed.

export class Notifier {
  #version = 0;
  readonly #waiting = new Set<() => void>();

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Says that something has changed. */
  notify(): void {
    this.#version++;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves when there has been a change after `version`; rejects with the signal's reason. */
  changedSince(version: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#version > version) return resolve();
      const onAbort = () => {
        this.#waiting.delete(onChange);
        reject(signal?.reason);
      };
      const onChange = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      this.#waiting.add(onChange);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}
