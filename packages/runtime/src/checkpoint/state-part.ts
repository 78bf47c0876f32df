// What a task's snapshot is made of, and what a task is given to begin with.

import type { Barrier } from "./barrier.ts";

/** How state goes to the instances of another parallelism; see StateSpread in workers.proto. */
export type StateSpread = "instance" | "key-groups" | "union" | "fixed";

/** What is in a file of state. */
export type StateKind = "own" | "keyed" | "keyed-changes" | "beside" | "position" | "rest" | "loop" | "transactions" | "in-flight";

export interface StateFacts {
  readonly nodeId: string;
  readonly kind: StateKind;
  readonly spread: StateSpread;
  /** [from, to); of keyed state. */
  readonly keyGroupFrom?: number;
  readonly keyGroupTo?: number;
}

/** A file of a snapshot as it was written. */
export interface SavedState extends StateFacts {
  readonly sha256: string;
  readonly bytes: number;
  /** In the snapshot's folder; empty where the bytes are here, or where an earlier checkpoint has them. */
  readonly name: string;
  readonly inline?: Uint8Array;
  readonly earlier: boolean;
}

/** Takes the bytes of one file. */
export interface StateFileWriter {
  /** A promise means: wait before the next. */
  append(bytes: Uint8Array): Promise<void> | undefined;
  finish(): Promise<SavedState>;
}

export interface StateWriter {
  file(facts: StateFacts): StateFileWriter;
}

/** A part of a snapshot, fixed at its barrier; its bytes are made while the task goes on. */
export interface StatePart {
  write(writer: StateWriter, signal: AbortSignal): Promise<SavedState[]>;
  /** It will not be written, or no further. Once is enough. */
  drop?(): void;
}

/** State that was saved, on its way to an instance. */
export interface StateHandle {
  readonly kind: string;
  /** The instance that wrote it. */
  readonly fromIndex: number;
  readonly sha256: string;
  readonly bytes: number;
  /** [from, to); of keyed state. */
  readonly keyGroupFrom: number;
  readonly keyGroupTo: number;
  /** The bytes themselves, where no file has them. */
  readonly inline?: Uint8Array;
  /** Whether the store that the next checkpoint goes to has it. */
  readonly isKept: boolean;
  /** All of it, checked. */
  read(): Promise<Uint8Array>;
  /** The same piece by piece: each is there until the next is asked for, and that they are right is known behind the last. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** What one instance of one operator begins with. */
export interface NodeRestore {
  readonly instance: { readonly index: number; readonly parallelism: number; readonly isRescaled: boolean };
  readonly handles: readonly StateHandle[];
  /** The key groups that it owns now: [from, to). */
  readonly keyGroupFrom: number;
  readonly keyGroupTo: number;
  /** Its work was done before the checkpoint. */
  readonly finished: boolean;
  /** Instances that the operator had. */
  readonly fromParallelism: number;
  /** Whether saved state may be left unread. */
  readonly allowsDropped?: boolean;
}

/** What an operator keeps beside keys and fields: how far event time has come, broadcast state. Every instance gets that of all. */
export interface KeptBeside {
  /** Undefined: nothing. What is returned must not change later. */
  take(): unknown;
  /** @param saved - by the instance that kept it; the own one is at `index`, unless the parallelism has changed. */
  restore(saved: ReadonlyMap<number, unknown>, instance: NodeRestore["instance"]): void;
}

/** A part whose bytes are there already. */
export function bytesPart(facts: StateFacts, bytes: Uint8Array): StatePart {
  return {
    async write(writer) {
      const file = writer.file(facts);
      await file.append(bytes);
      return [await file.finish()];
    },
  };
}

/** What a checkpoint asks of a source, beside its barrier. */
export interface Trigger extends Barrier {
  /** Emit nothing behind the barrier until it is aborted. */
  readonly halt: boolean;
  /** End behind the barrier. */
  readonly drain: boolean;
}
