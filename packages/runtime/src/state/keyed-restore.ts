// Keyed state out of its files: layer upon layer, as they were written.
//
// Invariants:
//   R1. An instance takes its own key groups from a file and leaves the others.
//   R2. Files of one instance stand in the order in which they were written: what changed lies behind what it changed.
//   R3. A state that comes back to the instance that wrote it goes on from there: its next checkpoint writes changes.
//   R4. A state that was renamed is not left unread in silence: what open() has declared anew beside a saved state that it has
//       not is an error. A program that declares state while it runs may come to a saved one later: it is only named.

import { canonicalKey, keyGroupOf, stableHash } from "@sage/protocol/records";
import { StateMismatchError, StateVersionError } from "../checkpoint/errors.ts";
import type { NodeRestore, SavedState, StateHandle } from "../checkpoint/state-part.ts";
import { fieldOf, framesIn, goneField, timeFieldOf, version, type Header, type Row } from "./keyed-files.ts";
import { storedUndefined, type KeyEntry, type KeyedState } from "./keyed-state.ts";
import { leastBytes, type Layer, type Notes } from "./state-changes.ts";
import type { StateName } from "./state-names.ts";
import type { Times, Tuple } from "./time-to-live.ts";

/** Longest work at a stretch, in milliseconds. */
const stretchMs = 4;

/** Puts what belongs to this instance into its state. @throws StateDamagedError, StateMismatchError, StateVersionError */
export async function restoreKeyed(state: KeyedState, place: RestorePlace, restore: NodeRestore): Promise<void> {
  const handles = restore.handles.filter(({ kind }) => kind === "keyed" || kind === "keyed-changes");
  const layers: Layer[] = [];
  for (const handle of handles) {
    if (handle.kind === "keyed-changes") state.putAbove();
    const { notes, rows } = await takeIn(handle, { state, place, restore });
    const files = [asSaved(handle, place.nodeId)];
    const below = layers.at(-1);
    if (handle.kind === "keyed-changes") layers.push({ files, rows, epoch: state.epoch, notes: [notes] });
    else layers.splice(-1, 1, { files: [...(below?.files ?? []), ...files], rows: (below?.rows ?? 0) + rows, epoch: state.epoch, notes: [] });
  }
  checkNames(state, place, restore);
  if (canGoOn(handles, restore)) state.changes.restored(layers, state.entries.size);
}

export interface RestorePlace {
  readonly nodeId: string;
  readonly operator: string;
  readonly maxParallelism: number;
}

/** R4 @throws StateMismatchError */
function checkNames(state: KeyedState, { operator }: RestorePlace, { allowsDropped }: NodeRestore): void {
  const { added, unread } = state.names;
  if (added.length === 0 || unread.length === 0 || allowsDropped === true) return;
  throw new StateMismatchError(operator, `the program has no ${unread.map(shownName).join(", ")} any more; new is ${added.map(shownName).join(", ")}`, "Keep the name of a state, or declare in open() all that the function still uses; with --allow-dropped-state what nobody asks for is left aside.");
}

const shownName = (name: StateName): string => {
  const [kind, ...rest] = name.split(" ");
  return rest[0]?.startsWith("sage:") ? `state for ${rest[0].slice(5)}` : `${kind} ${JSON.stringify(rest.join(" "))}`;
};

/** R3 */
function canGoOn(handles: readonly StateHandle[], { instance }: NodeRestore): boolean {
  return !instance.isRescaled && handles.every(({ isKept }) => isKept) && handles.reduce((sum, { bytes }) => sum + bytes, 0) >= leastBytes;
}

const asSaved = ({ kind, sha256, bytes, keyGroupFrom, keyGroupTo, inline }: StateHandle, nodeId: string): SavedState =>
  ({ nodeId, kind: kind as SavedState["kind"], spread: "key-groups", keyGroupFrom, keyGroupTo, sha256, bytes, name: "", earlier: inline === undefined, ...(inline ? { inline } : {}) });

interface Into {
  readonly state: KeyedState;
  readonly place: RestorePlace;
  readonly restore: NodeRestore;
}

async function takeIn(handle: StateHandle, into: Into): Promise<{ readonly notes: Notes; readonly rows: number }> {
  const { state, place, restore } = into;
  const notes: Notes = { entries: [], removed: [] };
  const isChanges = handle.kind === "keyed-changes";
  let put: ((row: Row) => KeyEntry) | undefined;
  let taken = 0;
  let sinceMs = performance.now();
  for await (const rows of framesIn(handle.chunks(), handle.sha256)) {
    if (put === undefined) {
      put = putterOf(rows[0] as Header, into);
      continue;
    }
    for (const row of rows as Row[]) {
      if (isChanges && goneField in row) {
        state.takeBack(row[goneField]);
        notes.removed.push(row[goneField]);
        continue;
      }
      if (restore.instance.isRescaled && !isOwn(row["k"], place, restore)) continue; // R1; else every key is of the instance that wrote it
      const entry = put(row);
      if (isChanges) notes.entries.push(entry);
    }
    taken += rows.length;
    if (performance.now() - sinceMs > stretchMs) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      sinceMs = performance.now();
    }
  }
  return { notes, rows: taken };
}

function isOwn(key: unknown, { maxParallelism }: RestorePlace, { keyGroupFrom, keyGroupTo }: NodeRestore): boolean {
  const group = keyGroupOf(stableHash(key), maxParallelism);
  return group >= keyGroupFrom && group < keyGroupTo;
}

/** What puts the rows of a file into the state. @throws StateMismatchError */
function putterOf(header: Header, { state, place: { operator, maxParallelism } }: Into): (row: Row) => KeyEntry {
  if (header.version > version) throw new StateVersionError(`the saved state of operator ${JSON.stringify(operator)}`, header.version, version);
  if (header.maxParallelism !== maxParallelism) throw new StateMismatchError(operator, `its keys are in ${header.maxParallelism} key groups, not in ${maxParallelism}`);
  const names = header.slots.length === 0 ? [""] : header.slots;
  const fields = names.map((name, at) => ({ value: fieldOf(at), time: timeFieldOf(at), slot: name === "" ? 0 : state.names.savedSlot(name), isMap: name.startsWith("map ") }));
  return (row) => {
    const values: unknown[] = [undefined];
    let times: Times[] | undefined;
    for (const { value: field, time, slot, isMap } of fields) {
      const value = row[field];
      if (value === undefined && !(field in row)) continue;
      const at = row[time] as Times;
      if (at !== undefined) (times ??= [])[slot] = at;
      values[slot] = value === undefined ? storedUndefined : isMap ? mapOf(value as Map<unknown, Tuple<unknown, unknown>>) : value;
    }
    return state.put(row["k"], values, times);
  };
}

/** Keys are looked up by their canonical form, which is made anew: it is not part of the format. */
function mapOf(saved: ReadonlyMap<unknown, Tuple<unknown, unknown>>): Map<unknown, Tuple<unknown, unknown>> {
  const map = new Map<unknown, Tuple<unknown, unknown>>();
  for (const item of saved.values()) map.set(canonicalKey(item[0]), [...item]);
  return map;
}
