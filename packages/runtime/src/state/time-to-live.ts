// State that expires: handles that hide what is too old, and take it away when they meet it.
// Source: the meaning is that of Apache Flink's StateTtlConfig, with "never return expired".
//
// Invariants:
//   T1. Nothing is shown that is as old as its time to live, whether it was taken away already or not.
//   T2. Time counts from the last write, or from the last read too, if asked; of lists and maps, for each item of its own.
//   T3. What has no time was kept before the state had a time to live: it begins when it is first met.

import { SageError } from "@sage/core";
import type { ListState, MapState, StateTtl, ValueState } from "@sage/graph";
import { canonicalKey, type CanonicalKey } from "@sage/protocol/records";
import type { KeyedState, KeyEntry } from "./keyed-state.ts";

/** When something of a state was last written, in milliseconds since the epoch; of a list: each item. */
export type Times = number | number[] | undefined;

class InvalidTtlError extends SageError {
  constructor(name: string, ms: number) {
    super(`state "${name}" cannot live ${ms} ms`, { code: "SAGE_STATE_TTL_INVALID", fault: "user", hint: "`ttl: { ms }` takes a number above 0; leave it out for state that stays." });
  }
}

/** @throws InvalidTtlError */
export function checkedTtl(name: string, ttl: StateTtl): StateTtl {
  if (!(ttl.ms > 0)) throw new InvalidTtlError(name, ttl.ms);
  return ttl;
}

export type Tuple<K, V> = [key: K, value: V, atMs?: number];

/** A state with a time to live, among the values of an entry. */
export interface ExpiringSlot {
  readonly slot: number;
  readonly kind: "value" | "list" | "map";
  readonly ttl: StateTtl;
}

/** Takes what is too old out of one value of an entry. @returns whether nothing of it is left. */
export function expire(entry: KeyEntry, { slot, kind, ttl: { ms } }: ExpiringSlot, nowMs: number): boolean {
  const value = entry.values[slot];
  if (value === undefined) return false;
  if (kind === "map") return expireItems(value as Map<CanonicalKey, Tuple<unknown, unknown>>, ms, nowMs);
  if (entry.times[slot] === undefined) entry.setTime(slot, kind === "list" ? (value as unknown[]).map(() => nowMs) : nowMs); // T3
  const times = entry.times[slot];
  if (kind === "list") return expireList(value as unknown[], times as number[], ms, nowMs);
  return nowMs - (times as number) >= ms; // T1
}

function expireItems(items: Map<CanonicalKey, Tuple<unknown, unknown>>, ttlMs: number, nowMs: number): boolean {
  for (const [canonical, item] of items) {
    item[2] ??= nowMs; // T3
    if (nowMs - item[2] >= ttlMs) items.delete(canonical);
  }
  return items.size === 0;
}

function expireList(list: unknown[], times: number[], ttlMs: number, nowMs: number): boolean {
  let kept = 0;
  for (let i = 0; i < list.length; i++) {
    if (nowMs - times[i]! >= ttlMs) continue;
    list[kept] = list[i];
    times[kept++] = times[i]!;
  }
  list.length = times.length = kept;
  return kept === 0;
}

abstract class Expiring {
  protected readonly state: KeyedState;
  protected readonly slot: number;
  readonly #expiring: ExpiringSlot;

  constructor(state: KeyedState, expiring: ExpiringSlot) {
    this.state = state;
    this.slot = expiring.slot;
    this.#expiring = expiring;
  }

  protected get refreshes(): boolean {
    return this.#expiring.ttl.refresh === "read-and-write";
  }

  /** The current key's entry, if something of this state lives in it. */
  protected alive(): KeyEntry | undefined {
    const entry = this.state.find();
    if (entry === undefined || entry.values[this.slot] === undefined) return undefined;
    if (!expire(entry, this.#expiring, this.state.nowMs())) return entry;
    this.state.drop(this.slot);
    return undefined;
  }

  clear(): void {
    this.state.drop(this.slot);
  }
}

export class ExpiringValue<T> extends Expiring implements ValueState<T> {
  readonly #plain: ValueState<T>;

  /** @param plain - the same state without a time to live. */
  constructor(state: KeyedState, expiring: ExpiringSlot, plain: ValueState<T>) {
    super(state, expiring);
    this.#plain = plain;
  }

  get(): T {
    const entry = this.alive();
    if (entry !== undefined) {
      if (this.refreshes) entry.setTime(this.slot, this.state.nowMs());
      return this.#plain.get();
    }
    const first = this.#plain.get(); // kept, if a function made it
    const made = this.state.find();
    if (made?.values[this.slot] !== undefined) made.setTime(this.slot, this.state.nowMs());
    return first;
  }

  set(value: T): void {
    this.#plain.set(value);
    this.state.make().setTime(this.slot, this.state.nowMs());
  }
}

export class ExpiringList<T> extends Expiring implements ListState<T> {
  get(): readonly T[] {
    const entry = this.alive();
    if (entry === undefined) return [];
    if (this.refreshes) (entry.times[this.slot] as number[]).fill(this.state.nowMs());
    return entry.values[this.slot] as T[];
  }

  add(value: T): void {
    const entry = this.alive() ?? this.state.make();
    const list = (entry.values[this.slot] ??= []) as T[];
    if (entry.times[this.slot] === undefined) entry.setTime(this.slot, []);
    list.push(value);
    (entry.times[this.slot] as number[]).push(this.state.nowMs());
  }

  set(values: readonly T[]): void {
    if (values.length === 0) return this.clear();
    const entry = this.state.make();
    entry.values[this.slot] = [...values];
    entry.setTime(this.slot, values.map(() => this.state.nowMs()));
  }
}

export class ExpiringMap<K, V> extends Expiring implements MapState<K, V> {
  #items(): Map<CanonicalKey, Tuple<K, V>> | undefined {
    return this.alive()?.values[this.slot] as Map<CanonicalKey, Tuple<K, V>> | undefined;
  }

  #item(key: K): Tuple<K, V> | undefined {
    const item = this.#items()?.get(canonicalKey(key));
    if (item !== undefined && this.refreshes) item[2] = this.state.nowMs();
    return item;
  }

  get(key: K): V | undefined {
    return this.#item(key)?.[1];
  }

  has(key: K): boolean {
    return this.#item(key) !== undefined;
  }

  set(key: K, value: V): void {
    const { values } = this.state.make();
    const items = (values[this.slot] ??= new Map()) as Map<CanonicalKey, Tuple<K, V>>;
    items.set(canonicalKey(key), [key, value, this.state.nowMs()]);
  }

  delete(key: K): void {
    const items = this.#items();
    if (items?.delete(canonicalKey(key)) && items.size === 0) this.clear();
  }

  *entries(): IterableIterator<[K, V]> {
    for (const item of this.#items()?.values() ?? []) {
      if (this.refreshes) item[2] = this.state.nowMs();
      yield [item[0], item[1]];
    }
  }
}
