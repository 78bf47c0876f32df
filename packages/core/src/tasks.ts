// Background work with an owner: nothing floats, every failure is heard, closing ends and awaits all of it.

export class TaskGroup implements AsyncDisposable {
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Starts `work`; its error goes to `onError` unless the group is closing. */
  start(work: (signal: AbortSignal) => Promise<unknown>): void {
    const done = this.#run(work).finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  async #run(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    try {
      await work(this.#abort.signal);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#onError(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(new Error("closed"));
    await Promise.all(this.#running);
  }
}
