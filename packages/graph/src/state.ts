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

/** How long state lives, by the clock of the host. What has expired is never shown; it is taken away when it is met, and left out of snapshots. */
export interface StateTtl {
  /** Milliseconds, more than 0. */
  readonly ms: number;
  /** What begins the time anew: "write" (default), making it included, or reading too. */
  readonly refresh?: "write" | "read-and-write";
}

export interface StateOptions {
  /** Default: it stays. Items of a list and entries of a map expire each for itself. */
  readonly ttl?: StateTtl;
}

/** Gives handles by name; the same name gives the same state. Call it in `open` or per record: both are cheap. */
export interface StateStore {
  /** @param initial - what `get` returns before the first `set`; a function makes a fresh one for each key. */
  value<T>(name: string, initial: T | (() => T), options?: StateOptions): ValueState<T>;
  list<T>(name: string, options?: StateOptions): ListState<T>;
  map<K, V>(name: string, options?: StateOptions): MapState<K, V>;
}
