// What of a keyed state has changed since which of its checkpoints, so that the next one writes that alone.
//
// A state lies in layers: first all of it, then what has changed since the layer before. A later layer wins. Layers are
// joined when several of about one size lie above one another, and all is written anew when half of it has changed.
// Source: size-tiered merging of log-structured trees (O'Neil et al., "The Log-Structured Merge-Tree", 1996).
//
// Invariants:
//   H1. A layer counts when its checkpoint is committed. What one took that came to nothing has changed still.
//   H2. Savepoints hold all, and no layer lies on one.
//   H3. Notes are bounded by half of the state: beyond that there are none, and all is written.
//   H4. A state has so few layers that all of them together are never more than twice the state.

import type { SavedState } from "../checkpoint/state-part.ts";
import type { KeyEntry } from "./keyed-state.ts";

/** Smaller states are written as a whole. */
export const leastBytes = 256 * 1024;
/** Layers of about one size become one when they are so many. */
const mostOfATier = 4;
/** A tier's layers are up to so many times larger than those of the tier below. */
const tierStep = 4;
/** So many checkpoints in a row that were written and not committed: the store may have lost what they lie on. */
const mostLost = 2;
const leastNotes = 1_024;

/** What was met or made, and the keys that are gone. */
export interface Notes {
  readonly entries: KeyEntry[];
  readonly removed: unknown[];
}

export interface Layer {
  readonly files: readonly SavedState[];
  /** The snapshot that wrote it: `KeyedState.epoch`. */
  readonly epoch: number;
  /** Rows in its files. */
  readonly rows: number;
  /** Of what lies in it; the first has none. */
  readonly notes: readonly Notes[];
}

/** What a snapshot has to write. */
export interface SnapshotPlan {
  readonly checkpointId: number;
  /** Layers that stay as they are; none: everything is written. */
  readonly below: readonly Layer[];
  /** What has changed since the uppermost of them. */
  readonly changed: readonly Notes[];
}

interface Pending {
  readonly plan: SnapshotPlan;
  /** What has changed since the last committed layer; undefined: nobody knows. */
  readonly since: readonly Notes[] | undefined;
  layers: readonly Layer[] | undefined;
}

const countOf = (notes: readonly Notes[]): number => notes.reduce((sum, { entries, removed }) => sum + entries.length + removed.length, 0);
const tierOf = (rows: number): number => Math.floor(Math.log(Math.max(1, rows)) / Math.log(tierStep));

/**
 * How many of the layers stay when so much has changed since the last; 0: everything is written. Pure.
 *
 * @param layers - rows of each, the first being all of the state.
 */
export function layersToKeep(layers: readonly number[], changed: number): number {
  const total = layers.slice(1).reduce((sum, rows) => sum + rows, changed);
  if (layers.length === 0 || total * 2 > layers[0]!) return 0; // H4
  let keep = layers.length;
  for (let rows = changed; ; ) {
    let run = 0;
    while (keep - run > 1 && tierOf(layers[keep - run - 1]!) <= tierOf(rows)) run++;
    if (run < mostOfATier - 1) return keep;
    for (; run > 0; run--) rows += layers[--keep]!;
  }
}

export class StateChanges {
  #layers: readonly Layer[] = [];
  #pending: Pending | undefined;
  /** Since the last snapshot began; undefined: they are not kept. */
  #notes: Notes | undefined;
  #limit = 0;
  #lost = 0;

  /** An entry was made, or met for the first time since a snapshot began. */
  note(entry: KeyEntry): void {
    if (this.#notes === undefined) return;
    if (this.#notes.entries.push(entry) > this.#limit) this.#notes = undefined; // H3
  }

  noteRemoved(key: unknown): void {
    if (this.#notes === undefined) return;
    if (this.#notes.removed.push(key) > this.#limit) this.#notes = undefined;
  }

  /** A snapshot begins. @param size - entries of the state. */
  begin(checkpointId: number, isSavepoint: boolean, size: number): SnapshotPlan {
    if (isSavepoint) return { checkpointId, below: [], changed: [] }; // H2
    const since = this.#sinceCommitted();
    const isSure = this.#lost < mostLost && since !== undefined;
    const keep = isSure ? layersToKeep(this.#layers.map(({ rows }) => rows), countOf(since)) : 0;
    const plan = { checkpointId, below: this.#layers.slice(0, keep), changed: keep === 0 ? [] : [...this.#layers.slice(keep).flatMap(({ notes }) => notes), ...since!] };
    this.#pending = { plan, since: this.#layers.length > 0 ? since : undefined, layers: undefined };
    this.#limit = Math.max(leastNotes, size >> 1);
    this.#notes = { entries: [], removed: [] };
    return plan;
  }

  /** H1 */
  #sinceCommitted(): readonly Notes[] | undefined {
    const pending = this.#pending;
    if (pending === undefined) return this.#notes && this.#layers.length > 0 ? [this.#notes] : undefined;
    if (pending.layers !== undefined) this.#lost++;
    return pending.since && this.#notes ? [...pending.since, this.#notes] : undefined;
  }

  /** The files of a snapshot are there. @returns those that it consists of. */
  written({ checkpointId, below }: SnapshotPlan, layer: Layer): readonly SavedState[] {
    const layers = [...below, layer];
    if (this.#pending?.plan.checkpointId === checkpointId) {
      const isSmall = below.length === 0 && layer.files.reduce((sum, { bytes }) => sum + bytes, 0) < leastBytes;
      if (isSmall) this.forget();
      else this.#pending.layers = layers;
    }
    return layers.flatMap(({ files }, at) => (at < below.length ? files.map(asEarlier) : files));
  }

  /** A checkpoint is complete: the next one lies on it. */
  committed(checkpointId: number): void {
    const layers = this.#pending?.layers;
    if (layers === undefined || this.#pending!.plan.checkpointId !== checkpointId) return;
    this.#layers = layers;
    this.#pending = undefined;
    this.#lost = 0;
  }

  /** The state was made of these. */
  restored(layers: readonly Layer[], size: number): void {
    this.#layers = layers;
    this.#pending = undefined;
    this.#limit = Math.max(leastNotes, size >> 1);
    this.#notes = { entries: [], removed: [] };
  }

  /** The next snapshot writes everything. */
  forget(): void {
    this.#layers = [];
    this.#pending = this.#notes = undefined;
  }
}

const asEarlier = (file: SavedState): SavedState => (file.inline === undefined ? { ...file, name: "", earlier: true } : file);
