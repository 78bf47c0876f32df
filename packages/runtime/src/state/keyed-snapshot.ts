// Keyed state as files and back. A file: a frame with what it holds, then frames of entries (each a length u32 and a batch).
//
// Invariants:
//   K1. The files hold the state as it was when the snapshot began, though records go on meanwhile: an entry that is
//       asked for before it was written is copied first.
//   K2. Writing yields the event loop its turn every few milliseconds.
//   K3. An instance takes its own key groups from a file and leaves the others.
//   K4. Equal state gives equal bytes, so that what has not changed need not be written again.

import { canonicalKey, decodeBatch, encodeBatch, keyGroupOf, stableHash } from "@sage/protocol/records";
import { StateDamagedError, StateMismatchError, StateNotSerializableError } from "../checkpoint/errors.ts";
import { findUnsavable } from "../checkpoint/savable.ts";
import type { NodeRestore, SavedState, StateFileWriter, StatePart, StateWriter } from "../checkpoint/state-part.ts";
import type { Times, Tuple } from "./time-to-live.ts";
import { storedUndefined, type KeyEntry, type KeyedState } from "./keyed-state.ts";

const version = 1;
/** Entries in a frame. */
const frameEntries = 1024;
/** Smaller states are one file. */
const oneFileEntries = 20_000;
/** Larger ones so many, by key group: those that have not changed need not be written again. */
const mostFiles = 16;
/** Longest work at a stretch, in milliseconds. */
const stretchMs = 4;

interface Header {
  readonly version: number;
  readonly slots: readonly string[];
  readonly maxParallelism: number;
}

/** An entry on disk: its key, and a field per value that is there. */
type Row = Record<string, unknown>;

export interface KeyedPlace {
  readonly nodeId: string;
  readonly operator: string;
  readonly maxParallelism: number;
  /** Of this instance: [from, to). */
  readonly keyGroupFrom: number;
  readonly keyGroupTo: number;
}

/** Fixes the state as it is now; undefined: there is none. */
export function keyedPart(state: KeyedState, place: KeyedPlace): StatePart | undefined {
  return state.isEmpty ? undefined : new KeyedSnapshot(state, place);
}

class KeyedSnapshot implements StatePart {
  readonly #state: KeyedState;
  readonly #place: KeyedPlace;
  readonly #epoch: number;
  readonly #header: Header;
  /** Entries that were there when it began. */
  readonly #size: number;
  /** Copies of those that were asked for before their turn. */
  #copies: Row[] = [];
  /** Rows that wait for others to be encoded with them, and share objects with the state: they too are copied first. */
  readonly #gathered = new Map<KeyEntry, Row>();
  #failure: unknown;
  #isOver = false;

  constructor(state: KeyedState, place: KeyedPlace) {
    this.#state = state;
    this.#place = place;
    this.#size = state.entries.size;
    this.#header = { version, slots: state.slots, maxParallelism: place.maxParallelism };
    this.#epoch = state.beginSnapshot((entry) => this.#copy(entry), () => this.drop());
  }

  /** K1. Must not throw: the record's path calls it. */
  #copy(entry: KeyEntry): void {
    try {
      if (entry.epoch < this.#epoch) {
        entry.epoch = this.#epoch;
        this.#copies.push(copyOf(this.#rowOf(entry)));
      } else if (this.#gathered.size > 0) this.#part(entry);
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
    const row: Row = { k: entry.key };
    const { values } = entry;
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
    this.#copies = [];
    this.#gathered.clear();
    this.#state.endSnapshot();
  }

  async write(writer: StateWriter, signal: AbortSignal): Promise<SavedState[]> {
    if (this.#isOver) throw new Error("the snapshot was given up");
    const files = this.#files(writer);
    try {
      let since = performance.now();
      let left = this.#size;
      for (const entry of this.#state.entries.values()) {
        if (left-- === 0) break; // what follows is younger
        if (entry.epoch < this.#epoch && !this.#state.expire(entry)) {
          entry.epoch = this.#epoch;
          const row = this.#rowOf(entry);
          const isShared = sharesObjects(row);
          if (isShared) this.#gathered.set(entry, row);
          const full = files.add(row, isShared ? entry : undefined);
          if (full !== undefined) await full;
        }
        if ((left & 63) !== 0 || performance.now() - since < stretchMs) continue;
        await new Promise<void>((resolve) => setImmediate(resolve)); // K2
        signal.throwIfAborted();
        if (this.#isOver) throw new Error("the snapshot was given up");
        since = performance.now();
      }
      if (this.#failure !== undefined) throw this.#failure;
      const copies = this.#copies;
      const settled = files.settle(); // before records are free to change what it shares with the state
      this.drop();
      await settled;
      for (const row of copies) {
        const full = files.add(row);
        if (full !== undefined) await full;
      }
      return await files.finish();
    } finally {
      this.drop();
    }
  }

  #files(writer: StateWriter): Files {
    const { nodeId, keyGroupFrom, keyGroupTo, maxParallelism } = this.#place;
    const groups = keyGroupTo - keyGroupFrom;
    const count = this.#size < oneFileEntries ? 1 : Math.min(mostFiles, groups);
    const bounds = Array.from({ length: count + 1 }, (_, i) => keyGroupFrom + Math.floor((groups * i) / count));
    return new Files(bounds.slice(1).map((to, i) => writer.file({ nodeId, kind: "keyed", spread: "key-groups", keyGroupFrom: bounds[i]!, keyGroupTo: to })), bounds, maxParallelism, this.#header, (entry) => this.#gathered.delete(entry));
  }
}

/** Spreads rows over files by their key groups. */
class Files {
  readonly #files: readonly StateFileWriter[];
  readonly #maxParallelism: number;
  readonly #rows: Row[][];
  readonly #entries: KeyEntry[][];
  readonly #onFramed: (entry: KeyEntry) => void;
  readonly #fileOf: Uint16Array;

  constructor(files: readonly StateFileWriter[], bounds: readonly number[], maxParallelism: number, header: Header, onFramed: (entry: KeyEntry) => void) {
    this.#entries = files.map(() => []);
    this.#onFramed = onFramed;
    this.#files = files;
    this.#maxParallelism = maxParallelism;
    this.#rows = files.map(() => []);
    this.#fileOf = Uint16Array.from({ length: maxParallelism }, (_, group) => Math.max(0, Math.min(files.length - 1, bounds.findLastIndex((bound) => bound <= group))));
    for (const file of files) void file.append(framed([header]));
  }

  /** @param entry - hears, by `onFramed`, when the row is encoded. */
  add(row: Row, entry?: KeyEntry): Promise<void> | undefined {
    const at = this.#files.length === 1 ? 0 : this.#fileOf[keyGroupOf(stableHash(row["k"]), this.#maxParallelism)]!;
    const rows = this.#rows[at]!;
    if (entry !== undefined) this.#entries[at]!.push(entry);
    if (rows.push(row) < frameEntries) return undefined;
    return this.#files[at]!.append(this.#framed(at));
  }

  /** Encodes what waits. */
  async settle(): Promise<void> {
    const full = this.#files.map((file, at) => (this.#rows[at]!.length > 0 ? file.append(this.#framed(at)) : undefined));
    await Promise.all(full.filter((wait) => wait !== undefined));
  }

  #framed(at: number): Uint8Array {
    const bytes = framed(this.#rows[at]!);
    this.#rows[at] = [];
    for (const entry of this.#entries[at]!) this.#onFramed(entry);
    this.#entries[at] = [];
    return bytes;
  }

  async finish(): Promise<SavedState[]> {
    const saved: SavedState[] = [];
    for (const [at, file] of this.#files.entries()) {
      if (this.#rows[at]!.length > 0) await file.append(this.#framed(at));
      saved.push(await file.finish());
    }
    return saved;
  }
}

const names = Array.from({ length: 16 }, (_, slot) => `v${slot}`);
const fieldOf = (slot: number): string => names[slot] ?? `v${slot}`;
const timeFieldOf = (slot: number): string => `t${slot}`;

const copyOf = (row: Row): Row => (sharesObjects(row) ? (decodeBatch(encodeBatch([row]))[0] as Row) : row);

function sharesObjects(row: Row): boolean {
  for (const field in row) {
    const value = row[field];
    if (typeof value === "object" && value !== null) return true;
  }
  return false;
}

const lengthBytes = 4;

/** One frame of a state file. */
export function framed(records: readonly unknown[]): Uint8Array {
  const bytes = encodeBatch(records, lengthBytes);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, bytes.byteLength - lengthBytes, true);
  return bytes;
}

/** The frames of a state file, decoded one by one. @throws StateDamagedError */
export function* framesOf(bytes: Uint8Array, what: string): Generator<unknown[], void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const end = at + lengthBytes <= bytes.length ? at + lengthBytes + view.getUint32(at, true) : Infinity;
    if (end > bytes.length) throw new StateDamagedError(what, "it ends inside a frame");
    yield decodeBatch(bytes.subarray(at + lengthBytes, end));
    at = end;
  }
}

/** Puts what belongs to this instance into its state. @throws StateDamagedError, StateMismatchError */
export async function restoreKeyed(state: KeyedState, operator: string, maxParallelism: number, restore: NodeRestore): Promise<void> {
  let since = performance.now();
  for (const handle of restore.handles) {
    if (handle.kind !== "keyed") continue;
    let slots: readonly number[] | undefined;
    let kinds: readonly string[] = [];
    for (const rows of framesOf(await handle.read(), handle.sha256)) {
      if (slots === undefined) {
        const header = rows[0] as Header;
        if (header.version !== version) throw new StateMismatchError(operator, `its format is version ${header.version}, and this Sage reads version ${version}`);
        if (header.maxParallelism !== maxParallelism) throw new StateMismatchError(operator, `its keys are in ${header.maxParallelism} key groups, not in ${maxParallelism}`);
        slots = header.slots.length === 0 ? [0] : header.slots.map((name) => state.slotNamed(name));
        kinds = header.slots;
        continue;
      }
      for (const row of rows as Row[]) putRow(state, row, slots, kinds, maxParallelism, restore);
      if (performance.now() - since > stretchMs) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        since = performance.now();
      }
    }
  }
}

function putRow(state: KeyedState, row: Row, slots: readonly number[], kinds: readonly string[], maxParallelism: number, { instance, keyGroupFrom, keyGroupTo }: NodeRestore): void {
  if (instance.isRescaled) { // else every key is of the instance that wrote it
    const group = keyGroupOf(stableHash(row["k"]), maxParallelism);
    if (group < keyGroupFrom || group >= keyGroupTo) return; // K3
  }
  const values: unknown[] = [undefined];
  let times: Times[] | undefined;
  for (let i = 0; i < slots.length; i++) {
    const field = fieldOf(i);
    if (!(field in row)) continue;
    const value = row[field];
    const at = row[timeFieldOf(i)] as Times;
    if (at !== undefined) (times ??= [])[slots[i]!] = at;
    values[slots[i]!] = value === undefined ? storedUndefined : kinds[i]?.startsWith("map ") ? mapOf(value as Map<unknown, Tuple<unknown, unknown>>) : value;
  }
  state.put(row["k"], values, times);
}

/** Keys are looked up by their canonical form, which is made anew: it is not part of the format. */
function mapOf(saved: ReadonlyMap<unknown, Tuple<unknown, unknown>>): Map<unknown, Tuple<unknown, unknown>> {
  const map = new Map<unknown, Tuple<unknown, unknown>>();
  for (const item of saved.values()) map.set(canonicalKey(item[0]), [...item]);
  return map;
}
