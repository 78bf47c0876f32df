// The checkpoints of one engine: gathers the answers of its tasks, and has their states written.
//
// Invariants:
//   E1. A checkpoint is answered once, when every task has given its answer and all states are written; or it fails
//       with the first error.
//   E2. A barrier may come from another process before the word that its checkpoint has begun.
//   E3. When a checkpoint begins, older ones are over.

import { deferred, type Deferred } from "@sage/core";
import type { Task, TaskCut } from "../task.ts";
import type { Barrier } from "./barrier.ts";
import { instanceKey } from "./distribute.ts";
import { StateNotSerializableError } from "./errors.ts";
import type { SavedState, StatePart, StateWriter, Trigger } from "./state-part.ts";

/** What one instance of one operator has saved. */
export interface NodeSnapshot {
  readonly nodeId: string;
  readonly index: number;
  readonly files: readonly SavedState[];
  readonly finished: boolean;
  readonly durationMs: number;
  readonly alignmentMs: number;
  /** From the beginning of the checkpoint until its first barrier came. */
  readonly barrierMs: number;
  /** What the state is made of, as JSON. */
  readonly schema: string;
}

export interface SnapshotPlace {
  readonly barrier: Barrier;
  /** Of the task's first operator. */
  readonly nodeId: string;
  readonly index: number;
}

/** Where states are written. */
export interface StateStaging {
  writer(place: SnapshotPlace): StateWriter;
}

interface Pending {
  readonly checkpointId: number;
  readonly answers: Map<Task, readonly NodeSnapshot[]>;
  readonly done: Deferred<readonly NodeSnapshot[]>;
  readonly abort: AbortController;
  readonly sinceMs: number;
}

export class EngineCheckpoints {
  readonly #tasks: () => readonly Task[];
  readonly #staging: StateStaging | undefined;
  #pending: Pending | undefined;
  /** Bytes of each instance's state as it was written last, by `instanceKey`. */
  readonly stateBytes = new Map<string, number>();
  #overUpTo = 0;

  constructor(tasks: () => readonly Task[], staging: StateStaging | undefined) {
    this.#tasks = tasks;
    this.#staging = staging;
  }

  /** Resolves when all tasks have answered and their states are written. @throws what cannot be saved or written. */
  trigger(trigger: Trigger): Promise<readonly NodeSnapshot[]> {
    const pending = this.#begin(trigger.checkpointId);
    if (pending === undefined) return Promise.reject(new Error(`checkpoint ${trigger.checkpointId} is over`));
    for (const task of this.#tasks()) task.trigger(trigger);
    return pending.done.promise;
  }

  /** E2 */
  onCut(cut: TaskCut): void {
    const pending = this.#begin(cut.barrier.checkpointId);
    if (pending === undefined) return dropAll(cut.parts);
    if (pending.answers.has(cut.task)) return;
    this.#write(cut, pending).then((written) => {
      pending.answers.set(cut.task, written);
      if (pending.answers.size === this.#tasks().length) pending.done.resolve([...pending.answers.values()].flat());
    }, (error: unknown) => {
      pending.done.reject(error);
      pending.abort.abort(error);
    });
  }

  /** It will not be completed. */
  giveUp(checkpointId: number): void {
    this.#overUpTo = Math.max(this.#overUpTo, checkpointId);
    this.#end(checkpointId);
    for (const task of this.#tasks()) task.giveUp(checkpointId);
  }

  #begin(checkpointId: number): Pending | undefined {
    if (this.#pending?.checkpointId === checkpointId) return this.#pending;
    if (checkpointId <= this.#overUpTo || checkpointId < (this.#pending?.checkpointId ?? 0)) return undefined;
    this.#end(checkpointId - 1); // E3
    const pending: Pending = { checkpointId, answers: new Map(), done: deferred(), abort: new AbortController(), sinceMs: performance.now() };
    pending.done.promise.catch(() => {}); // whoever has triggered it hears of it
    return (this.#pending = pending);
  }

  #end(upTo: number): void {
    const pending = this.#pending;
    if (pending === undefined || pending.checkpointId > upTo) return;
    this.#pending = undefined;
    const reason = new Error(`checkpoint ${pending.checkpointId} was given up`);
    pending.done.reject(reason);
    pending.abort.abort(reason);
  }

  async #write({ task, barrier, parts, finished, delivered }: TaskCut, { abort: { signal }, sinceMs }: Pending): Promise<readonly NodeSnapshot[]> {
    if ("error" in parts) throw parts.error;
    const { layout, index } = task.chain;
    const startMs = performance.now();
    try {
      const writer = this.#staging?.writer({ barrier, nodeId: layout.chain.id, index });
      if (writer === undefined) throw new Error("nobody takes the states of this engine");
      const saved = (await Promise.all(parts.map((part) => part.write(writer, signal)))).flat();
      await delivered;
      const durationMs = performance.now() - startMs;
      const alignmentMs = task.feed.alignmentMs ?? 0;
      const barrierMs = Math.max(0, startMs - sinceMs - alignmentMs);
      return layout.nodes.map(({ plan }) => {
        const files = saved.filter(({ nodeId }) => nodeId === plan.id);
        const names = task.chain.states.namesOf(plan.id);
        const schema = files.length === 0 ? "" : JSON.stringify({ version: 1, kind: plan.kind, states: [...new Set(files.map(({ kind }) => kind))], ...names });
        this.stateBytes.set(instanceKey(plan.id, index), files.reduce((sum, { bytes }) => sum + bytes, 0));
        return { nodeId: plan.id, index, files, finished, durationMs, alignmentMs, barrierMs, schema };
      });
    } finally {
      dropAll(parts);
    }
  }
}

function dropAll(parts: readonly StatePart[] | { readonly error: unknown }): void {
  if (!("error" in parts)) for (const part of parts) part.drop?.();
}

/** The operator whose state could not be saved, as far as the error says. */
export const operatorOf = (error: unknown): string => (error instanceof StateNotSerializableError ? error.operator : "");
