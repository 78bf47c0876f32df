// State per key of one operator instance: everything of one key lies in one entry.
//
// Invariants:
//   S1. A key whose states are all cleared has no entry and costs nothing; only a key whose every record failed in a
//       reduce or aggregate keeps an empty one.
//   S2. Entries stand in the order in which their keys were first seen.
//   S3. Entries know their key, so a snapshot can sort them into key groups.
//   S4. While a snapshot is being written, an entry is handed out only when the snapshot has it as it was (copy on access).
//   S5. Whoever changes an entry has asked for it since the last snapshot began: so `changes` knows all that may have changed.

import type { ListState, MapState, StateOptions, StateStore, ValueState } from "@sage/graph";
import { canonicalKey, type CanonicalKey } from "@sage/protocol/records";
import { NoKeyError } from "../errors.ts";
import { StateChanges } from "./state-changes.ts";
import { StateNames, type StateName } from "./state-names.ts";
import { checkedTtl, expire, ExpiringList, ExpiringMap, ExpiringValue, type ExpiringSlot, type Times } from "./time-to-live.ts";

const noTimes: readonly Times[] = [];

/** What one key has: a value per state name, in order of first use. Absent is undefined. */
export class KeyEntry {
  readonly key: unknown;
  readonly canonical: CanonicalKey;
  readonly values: unknown[];
  /** Of values that expire, by their place: when they were last written. */
  times: readonly Times[] = noTimes;
  /**
   * When it was met last: the epoch, if it was asked for since the last snapshot began; {@link born}, if it was made since
   * then; {@link saved}, if no record has asked for it since a snapshot wrote it; `gone`, if it is no more.
   */
  touched: number;

  constructor(key: unknown, canonical: CanonicalKey, touched: number, values: unknown[] = [undefined]) {
    this.values = values;
    this.key = key;
    this.canonical = canonical;
    this.touched = touched;
  }

  setTime(slot: number, times: Times): void {
    if (this.times === noTimes) this.times = [];
    (this.times as Times[])[slot] = times;
  }

  /** Takes a value away. @returns whether it was the last one. */
  clear(slot: number): boolean {
    this.values[slot] = undefined;
    if (this.times !== noTimes) this.setTime(slot, undefined);
    return this.values.every((value) => value === undefined);
  }
}

/** Epochs are multiples of it: each snapshot begins one. */
const epochStep = 4;
const gone = -1;
/** `KeyEntry.touched` of what was made in an epoch. */
const born = (epoch: number): number => epoch + 1;
/** `KeyEntry.touched` of what the snapshot that began an epoch has written. */
export const saved = (epoch: number): number => epoch - 1;

/** Stands for a stored undefined. */
export const storedUndefined = Symbol("undefined");

export class KeyedState implements StateStore {
  readonly entries = new Map<CanonicalKey, KeyEntry>();
  readonly #operator: string;
  readonly names = new StateNames();
  #why: "unkeyed" | "concurrent" | "no record" | undefined;
  #key: unknown;
  #canonical: CanonicalKey;
  #entry: KeyEntry | undefined;
  #epoch = epochStep;
  /** Takes an entry's values before they change; undefined while no snapshot is being written. */
  #onAccess: ((entry: KeyEntry) => void) | undefined;
  #onGivenUp: (() => void) | undefined;
  readonly changes = new StateChanges();
  #isLayered = false;

  readonly #expiring = new Map<number, ExpiringSlot>();
  /** The time that state goes by, in milliseconds since the epoch. */
  readonly nowMs: () => number;

  constructor(operator: string, keyed: boolean, nowMs: () => number = Date.now) {
    this.#operator = operator;
    this.nowMs = nowMs;
    this.#why = keyed ? "no record" : "unkeyed";
  }

  /** The current key; undefined where the input is not keyed. */
  get key(): unknown {
    if (this.#why === "concurrent") throw new NoKeyError(this.#operator, "concurrent");
    return this.#key;
  }

  /** Makes `key` the current one. */
  select(key: unknown): void {
    this.#canonical = canonicalKey(key);
    this.#key = key;
    this.#entry = undefined;
    this.#why = undefined;
  }

  /** No key is current until the next one is selected. */
  release(why: "concurrent" | "no record"): void {
    if (this.#why === "unkeyed") return;
    this.#why = why;
    this.#key = undefined;
    this.#entry = undefined;
  }

  /** Makes `key` the current one and returns its entry, a new one if need be. */
  entryOf(key: unknown): KeyEntry {
    const canonical = canonicalKey(key);
    this.#key = key;
    this.#canonical = canonical;
    this.#why = undefined;
    let entry = this.entries.get(canonical);
    if (entry === undefined) entry = this.#made(key, canonical);
    else if (entry.touched < this.#epoch) this.#meet(entry);
    this.#entry = entry;
    return entry;
  }

  /** The current key's entry, if it has one. */
  find(): KeyEntry | undefined {
    if (this.#entry !== undefined) return this.#entry;
    if (this.#why !== undefined) throw new NoKeyError(this.#operator, this.#why);
    const entry = this.entries.get(this.#canonical);
    if (entry !== undefined && entry.touched < this.#epoch) this.#meet(entry);
    return (this.#entry = entry);
  }

  /** The current key's entry, a new one if need be. */
  make(): KeyEntry {
    const found = this.find();
    if (found !== undefined) return found;
    return (this.#entry = this.#made(this.#key, this.#canonical));
  }

  #made(key: unknown, canonical: CanonicalKey): KeyEntry {
    const entry = new KeyEntry(key, canonical, born(this.#epoch));
    this.entries.set(canonical, entry);
    this.changes.note(entry);
    return entry;
  }

  /** S4, S5: the first time since a snapshot began. */
  #meet(entry: KeyEntry): void {
    if (entry.touched === gone) return;
    this.#onAccess?.(entry);
    entry.touched = this.#epoch;
    this.changes.note(entry);
  }

  /** Takes the value of the current key away. */
  drop(slot: number): void {
    const entry = this.find();
    if (entry === undefined) return;
    if (entry.clear(slot)) this.remove(entry);
  }

  /** Takes an entry away that somebody has asked for. */
  remove(entry: KeyEntry): void {
    this.entries.delete(entry.canonical);
    if (entry.touched !== born(this.#epoch)) this.changes.noteRemoved(entry.key); // else no snapshot has it
    entry.touched = gone;
    if (this.#entry === entry) this.#entry = undefined;
  }

  /**
   * A snapshot begins: until `endSnapshot`, `onAccess` is called with every older entry when it is asked for first.
   *
   * @param onGivenUp - called when another one begins before it has ended.
   * @returns the snapshot's epoch; entries that were touched before {@link saved} of it are still to be written.
   */
  beginSnapshot(onAccess: (entry: KeyEntry) => void, onGivenUp: () => void): number {
    this.#onGivenUp?.();
    this.#onAccess = onAccess;
    this.#onGivenUp = onGivenUp;
    this.#entry = undefined; // the next access asks again
    return (this.#epoch += epochStep);
  }

  endSnapshot(): void {
    this.#onAccess = this.#onGivenUp = undefined;
  }

  /** Comes before a change of an entry that somebody has kept. */
  touch(entry: KeyEntry): void {
    if (entry.touched < this.#epoch) this.#meet(entry);
  }

  /** Takes a value of an entry away, and the entry with its last one. */
  clearSlot(entry: KeyEntry, slot: number): void {
    if (entry.touched === gone) return;
    this.touch(entry);
    if (entry.clear(slot)) this.remove(entry);
  }

  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  /** The place of a state of our own, "value sage:timers", among an entry's values. */
  slotNamed(name: StateName): number {
    const [kind, ...rest] = name.split(" ");
    return this.names.slotOf(kind!, rest.join(" "));
  }

  /** An entry with values that were saved; they are its own from now on. It takes the place of the key's former one. */
  put(key: unknown, values: unknown[], times: readonly Times[] = noTimes): KeyEntry {
    const canonical = canonicalKey(key);
    const entry = new KeyEntry(key, canonical, saved(this.#epoch), values);
    if (times.length > 0) entry.times = [...times];
    const former = this.#isLayered ? this.entries.get(canonical) : undefined;
    if (former !== undefined) former.touched = gone;
    this.entries.set(canonical, entry);
    return entry;
  }

  /** What is put from now on lies above what was put before. */
  putAbove(): void {
    this.#isLayered = true;
    this.#epoch += epochStep;
  }

  /** Of the last snapshot that began, or of the last layer that was put. */
  get epoch(): number {
    return this.#epoch;
  }

  /** A key that was saved is no more. */
  takeBack(key: unknown): void {
    const entry = this.entries.get(canonicalKey(key));
    if (entry === undefined) return;
    this.entries.delete(entry.canonical);
    entry.touched = gone;
  }

  value<T>(name: string, initial: T | (() => T), options?: StateOptions): ValueState<T> {
    const expiring = this.#expiringOf("value", name, options);
    const plain = new ValueHandle<T>(this, this.names.slotOf("value", name), initial);
    return expiring ? new ExpiringValue(this, expiring, plain) : plain;
  }

  list<T>(name: string, options?: StateOptions): ListState<T> {
    const expiring = this.#expiringOf("list", name, options);
    return expiring ? new ExpiringList<T>(this, expiring) : new ListHandle<T>(this, this.names.slotOf("list", name));
  }

  map<K, V>(name: string, options?: StateOptions): MapState<K, V> {
    const expiring = this.#expiringOf("map", name, options);
    return expiring ? new ExpiringMap<K, V>(this, expiring) : new MapHandle<K, V>(this, this.names.slotOf("map", name));
  }

  #expiringOf(kind: ExpiringSlot["kind"], name: string, options: StateOptions | undefined): ExpiringSlot | undefined {
    if (options?.ttl === undefined) return undefined;
    const expiring = { slot: this.names.slotOf(kind, name), kind, ttl: checkedTtl(name, options.ttl) };
    this.#expiring.set(expiring.slot, expiring);
    return expiring;
  }

  /** Takes away what has expired of a key, and the key with the last of it. @returns whether it is gone. */
  expire(entry: KeyEntry): boolean {
    if (this.#expiring.size === 0) return false;
    for (const expiring of this.#expiring.values()) {
      if (expire(entry, expiring, this.nowMs()) && entry.clear(expiring.slot) && entry.touched !== gone) this.remove(entry);
    }
    return entry.touched === gone;
  }

  /** Whether anything of it may expire. */
  get expires(): boolean {
    return this.#expiring.size > 0;
  }
}

class ValueHandle<T> implements ValueState<T> {
  readonly #state: KeyedState;
  readonly #slot: number;
  readonly #initial: T | (() => T);

  constructor(state: KeyedState, slot: number, initial: T | (() => T)) {
    this.#state = state;
    this.#slot = slot;
    this.#initial = initial;
  }

  get(): T {
    const value = this.#state.find()?.values[this.#slot];
    if (value === undefined) return this.#first();
    return value === storedUndefined ? (undefined as T) : (value as T);
  }

  set(value: T): void {
    this.#state.make().values[this.#slot] = value === undefined ? storedUndefined : value;
  }

  clear(): void {
    this.#state.drop(this.#slot);
  }

  /** A value made by a function is kept, so that changes inside it stay. */
  #first(): T {
    if (typeof this.#initial !== "function") return this.#initial;
    const value = (this.#initial as () => T)();
    this.set(value);
    return value;
  }
}

class ListHandle<T> implements ListState<T> {
  readonly #state: KeyedState;
  readonly #slot: number;

  constructor(state: KeyedState, slot: number) {
    this.#state = state;
    this.#slot = slot;
  }

  get(): readonly T[] {
    return (this.#state.find()?.values[this.#slot] as T[] | undefined) ?? [];
  }

  add(value: T): void {
    const { values } = this.#state.make();
    const list = values[this.#slot] as T[] | undefined;
    if (list) list.push(value);
    else values[this.#slot] = [value];
  }

  set(values: readonly T[]): void {
    if (values.length === 0) this.clear();
    else this.#state.make().values[this.#slot] = [...values];
  }

  clear(): void {
    this.#state.drop(this.#slot);
  }
}

class MapHandle<K, V> implements MapState<K, V> {
  readonly #state: KeyedState;
  readonly #slot: number;

  constructor(state: KeyedState, slot: number) {
    this.#state = state;
    this.#slot = slot;
  }

  get(key: K): V | undefined {
    return this.#map()?.get(canonicalKey(key))?.[1];
  }

  set(key: K, value: V): void {
    const { values } = this.#state.make();
    const map = (values[this.#slot] ??= new Map()) as Map<CanonicalKey, [K, V]>;
    map.set(canonicalKey(key), [key, value]);
  }

  has(key: K): boolean {
    return this.#map()?.has(canonicalKey(key)) ?? false;
  }

  delete(key: K): void {
    const map = this.#map();
    if (map?.delete(canonicalKey(key)) && map.size === 0) this.clear();
  }

  *entries(): IterableIterator<[K, V]> {
    for (const [key, value] of this.#map()?.values() ?? []) yield [key, value];
  }

  clear(): void {
    this.#state.drop(this.#slot);
  }

  #map(): Map<CanonicalKey, [K, V]> | undefined {
    return this.#state.find()?.values[this.#slot] as Map<CanonicalKey, [K, V]> | undefined;
  }
}
