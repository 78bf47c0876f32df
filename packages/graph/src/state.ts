// Keyed state as user code sees it: each handle shows the value of the current record's key.

export interface ValueState<T> {
  get(): T;
  set(value: T): void;
  clear(): void;
}

export interface ListState<T> {
  get(): readonly T[];
  add(value: T): void;
  set(values: readonly T[]): void;
  clear(): void;
}

export interface MapState<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  has(key: K): boolean;
  delete(key: K): void;
  entries(): IterableIterator<[K, V]>;
  clear(): void;
}

/** Gives handles by name; the same name gives the same state. Call it in `open` or per record: both are cheap. */
export interface StateStore {
  /** @param initial - what `get` returns before the first `set`; a function makes a fresh one for each key. */
  value<T>(name: string, initial: T | (() => T)): ValueState<T>;
  list<T>(name: string): ListState<T>;
  map<K, V>(name: string): MapState<K, V>;
}
