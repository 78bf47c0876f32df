// Keyed state as files: all of it, or what has changed since the checkpoint before.
//
// Invariants:
//   K1. The files hold the state as it was when the snapshot began, though records go on meanwhile: an entry that is
//       asked for before it was written is copied first.
//   K2. Writing yields the event loop its turn every few milliseconds.
//   K3. Equal state gives equal bytes, so that what has not changed need not be written again.

import { StateNotSerializableError } from "../checkpoint/errors.ts";
import { findUnsavable } from "../checkpoint/savable.ts";
import type { SavedState, StatePart, StateWriter } from "../checkpoint/state-part.ts";
import { copyOf, fieldOf, goneField, KeyedFiles, sharesObjects, timeFieldOf, version, type Header, type Row } from "./keyed-files.ts";
import { saved, storedUndefined, type KeyEntry, type KeyedState } from "./keyed-state.ts";
import type { SnapshotPlan } from "./state-changes.ts";

/** Smaller states are one file. */
const oneFileEntries = 20_000;
/** Larger ones so many, by key group: an instance of another parallelism reads only those of its groups. */
const mostFiles = 16;
/** Longest work at a stretch, in milliseconds. */
const stretchMs = 4;

export interface KeyedPlace {
  readonly nodeId: string;
  readonly operator: string;
  readonly maxParallelism: number;
  /** Of this instance: [from, to). */
  readonly keyGroupFrom: number;
  readonly keyGroupTo: number;
}

export interface SnapshotOf {
  readonly checkpointId: number;
  /** It has to hold everything itself. */
  readonly savepoint: boolean;
}

/** Fixes the state as it is now; undefined: there is none. */
export function keyedPart(state: KeyedState, place: KeyedPlace, of: SnapshotOf): StatePart | undefined {
  if (!state.isEmpty) return new KeyedSnapshot(state, place, of);
  state.changes.forget();
  return undefined;
}

class KeyedSnapshot implements StatePart {
  readonly #state: KeyedState;
  readonly #place: KeyedPlace;
  readonly #plan: SnapshotPlan;
  /** Entries that were touched earlier are not of this snapshot: a layer below has them. */
  readonly #since: number;
  /** Those that were touched before are still to be written. */
  readonly #saved: number;
  readonly #header: Header;
  /** Entries that were there when it began. */
  readonly #size: number;
  /** Copies of those that were asked for before rows could be written. */
  #copies: Row[] = [];
  /** Takes rows. */
  #open: KeyedFiles | undefined;
  /** Rows that wait for others to be encoded with them, and share objects with the state: they too are copied first. */
  readonly #gathered = new Map<KeyEntry, Row>();
  /** Of changes alone: what was written, but for copies, which have changed again. */
  readonly #entries: KeyEntry[] = [];
  #failure: unknown;
  #isOver = false;
  #sinceMs = 0;

  constructor(state: KeyedState, place: KeyedPlace, { checkpointId, savepoint }: SnapshotOf) {
    this.#state = state;
    this.#place = place;
    this.#size = state.entries.size;
    this.#header = { version, slots: state.names.all, maxParallelism: place.maxParallelism };
    this.#plan = state.changes.begin(checkpointId, savepoint, this.#size);
    this.#since = this.#plan.below.at(-1)?.epoch ?? 0;
    this.#saved = saved(state.beginSnapshot((entry) => this.#copy(entry), () => this.drop()));
  }

  get #isWhole(): boolean {
    return this.#plan.below.length === 0;
  }

  /** K1. Must not throw: the record's path calls it. */
  #copy(entry: KeyEntry): void {
    try {
      if (entry.touched === this.#saved) {
        if (this.#gathered.size > 0) this.#part(entry);
      } else if (entry.touched >= this.#since) {
        const row = copyOf(this.#rowOf(entry));
        if (this.#open === undefined) this.#copies.push(row);
        else void this.#open.add(row); // the files wait for one another's writes themselves
      }
    } catch (error) {
      this.#failure ??= error;
    }
  }

  #part(entry: KeyEntry): void {
    const row = this.#gathered.get(entry);
    if (row === undefined) return;
    this.#gathered.delete(entry);
    Object.assign(row, copyOf(row));
  }

  #rowOf(entry: KeyEntry): Row {
    const { values } = entry;
    if (values.length === 1 && entry.times.length === 0 && values[0] !== undefined) return { k: entry.key, v0: values[0] === storedUndefined ? undefined : this.#savable(values[0], 0) }; // most are so
    const row: Row = { k: entry.key };
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot];
      if (value === undefined) continue;
      if (entry.times[slot] !== undefined) row[timeFieldOf(slot)] = entry.times[slot];
      row[fieldOf(slot)] = value === storedUndefined ? undefined : this.#savable(value, slot);
    }
    return row;
  }

  #savable(value: unknown, slot: number): unknown {
    if (typeof value !== "object" || value === null) {
      if (typeof value !== "function" && typeof value !== "symbol") return value;
    }
    const found = findUnsavable(value);
    if (found === undefined) return value;
    const name = this.#header.slots[slot];
    throw new StateNotSerializableError(this.#place.operator, name === undefined ? `what it keeps of a key${found.path && `, at ${found.path},`}` : `state "${name.slice(name.indexOf(" ") + 1)}"${found.path}`, found.what);
  }

  /** Records go on without it. */
  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#open = undefined;
    this.#copies = [];
    this.#gathered.clear();
    this.#state.endSnapshot();
  }

  async write(writer: StateWriter, signal: AbortSignal): Promise<SavedState[]> {
    if (this.#isOver) throw new Error("the snapshot was given up");
    const files = this.#files(writer);
    try {
      this.#sinceMs = performance.now();
      const removed = this.#isWhole ? [] : await this.#writeRemoved(files, signal);
      this.#open = files;
      for (let at = 0; at < this.#copies.length; at++) {
        const full = files.add(this.#copies[at]!);
        if (full !== undefined) await full;
        const turn = (at & 63) === 63 ? this.#goOn(signal) : undefined;
      if (turn !== undefined) await turn;
      }
      this.#copies = [];
      await (this.#isWhole ? this.#writeAll(files, signal) : this.#writeChanged(files, signal));
      if (this.#failure !== undefined) throw this.#failure;
      const settled = files.settle(); // before records are free to change what it shares with the state
      this.drop();
      await settled;
      const layer = { files: await files.finish(), rows: files.rows, epoch: this.#saved + 1, notes: this.#isWhole ? [] : [{ entries: this.#entries, removed }] };
      return [...this.#state.changes.written(this.#plan, layer)];
    } finally {
      this.drop();
    }
  }

  /** K2. A promise means: wait. */
  #goOn(signal: AbortSignal): Promise<void> | undefined {
    return performance.now() - this.#sinceMs < stretchMs ? undefined : this.#breathe(signal);
  }

  async #breathe(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    if (this.#isOver) throw new Error("the snapshot was given up");
    this.#sinceMs = performance.now();
  }

  async #writeAll(files: KeyedFiles, signal: AbortSignal): Promise<void> {
    let left = this.#size;
    for (const entry of this.#state.entries.values()) {
      if (left-- === 0) break; // what follows is younger
      if (entry.touched < this.#saved && !this.#state.expire(entry)) {
        const full = this.#write(entry, files);
        if (full !== undefined) await full;
      }
      const turn = (left & 63) === 0 ? this.#goOn(signal) : undefined;
      if (turn !== undefined) await turn;
    }
  }

  async #writeChanged(files: KeyedFiles, signal: AbortSignal): Promise<void> {
    for (const { entries } of this.#plan.changed) {
      for (let at = 0; at < entries.length; at++) {
        const entry = entries[at]!;
        if (entry.touched >= 0 && entry.touched < this.#saved && !this.#state.expire(entry)) {
          this.#entries.push(entry);
          const full = this.#write(entry, files);
          if (full !== undefined) await full;
        }
        const turn = (at & 63) === 63 ? this.#goOn(signal) : undefined;
      if (turn !== undefined) await turn;
      }
    }
  }

  #write(entry: KeyEntry, files: KeyedFiles): Promise<void> | undefined {
    entry.touched = this.#saved;
    const row = this.#rowOf(entry);
    const isShared = sharesObjects(row);
    if (isShared) this.#gathered.set(entry, row);
    return files.add(row, isShared ? entry : undefined);
  }

  /** Keys that are gone, and those that have expired meanwhile: in front of what is there. */
  async #writeRemoved(files: KeyedFiles, signal: AbortSignal): Promise<unknown[]> {
    const removed: unknown[] = [];
    if (this.#state.expires) {
      let left = this.#size;
      for (const entry of this.#state.entries.values()) {
        if (left-- === 0) break;
        if (entry.touched < this.#saved && this.#state.expire(entry)) removed.push(entry.key);
        const turn = (left & 63) === 0 ? this.#goOn(signal) : undefined;
      if (turn !== undefined) await turn;
      }
    }
    for (const notes of this.#plan.changed) {
      for (const key of notes.removed) removed.push(key);
    }
    for (let at = 0; at < removed.length; at++) {
      const full = files.add({ [goneField]: removed[at] });
      if (full !== undefined) await full;
      const turn = (at & 63) === 63 ? this.#goOn(signal) : undefined;
      if (turn !== undefined) await turn;
    }
    if (removed.length > 0) await files.settle();
    return removed;
  }

  #files(writer: StateWriter): KeyedFiles {
    const { nodeId, keyGroupFrom, keyGroupTo, maxParallelism } = this.#place;
    const groups = keyGroupTo - keyGroupFrom;
    const count = !this.#isWhole || this.#size < oneFileEntries ? 1 : Math.min(mostFiles, groups);
    const bounds = Array.from({ length: count + 1 }, (_, i) => keyGroupFrom + Math.floor((groups * i) / count));
    const kind = this.#isWhole ? "keyed" : "keyed-changes";
    return new KeyedFiles(bounds.slice(1).map((to, i) => writer.file({ nodeId, kind, spread: "key-groups", keyGroupFrom: bounds[i]!, keyGroupTo: to })), bounds, maxParallelism, this.#header, (entry) => this.#gathered.delete(entry));
  }
}
