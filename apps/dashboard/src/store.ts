// A value that components can look at and be drawn again when it changes.

import { useEffect, useLayoutEffect, useState } from "preact/hooks";

export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The store's value; the component is drawn again with every change. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState(0);
  const drawn = store.value;
  useLayoutEffect(() => {
    const stop = store.subscribe(() => redraw((count) => count + 1));
    if (!Object.is(store.value, drawn)) redraw((count) => count + 1); // it changed before we listened
    return stop;
  }, [store]);
  return drawn;
}

/** Draws the component again every so often: for ages that grow. */
export function useTicks(everyMs: number): void {
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
