// Undoes what a constructor-like function has opened so far, in reverse order, every step even if one fails.

export class Cleanup implements AsyncDisposable {
  #steps: (() => unknown)[] = [];

  /** Adds a step; the last one added runs first. */
  defer(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Adds a thing to dispose of, and hands it back. */
  use<T extends AsyncDisposable | Disposable>(resource: T): T {
    this.defer(() => (Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose]()));
    return resource;
  }

  /** Keeps what was opened: the steps move to a new owner. */
  move(): Cleanup {
    const owner = new Cleanup();
    owner.#steps = this.#steps;
    this.#steps = [];
    return owner;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "several clean-up steps failed");
  }
}
