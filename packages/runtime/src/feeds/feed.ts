// What gives a task its records: its input channels, or a source.

import type { Chain, Entry } from "../chain.ts";
import type { Wait } from "../chain/scope.ts";
import type { Barrier } from "../checkpoint/barrier.ts";
import type { NodeRestore, StatePart, Trigger } from "../checkpoint/state-part.ts";

/** Records of a batch that were not processed when it was interrupted. */
export interface Rest {
  readonly batch: readonly unknown[];
  readonly from: number;
  readonly to: number;
}

export interface FeedInput {
  readonly bytes: number;
  /** Batches and events that were not taken yet. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** How far event time has come; undefined where records have no time. */
  readonly watermarkMs: number | undefined;
}

export interface Feed {
  /** Gives the task all records there are; resolves behind the last one. */
  run(drive: Drive): Promise<void>;
  /** Behind the task's own end of output: takes what may still come and must not. */
  drain?(drive: Drive): Promise<void>;
  /** What its input channels have brought, and what waits in them. */
  readonly input?: FeedInput;
  /** Called with a source's marker that has come through. */
  onMarker?: ((atMs: number) => void) | undefined;
  /** From 0 to 1, where the amount of input is known. */
  readonly progress?: number | undefined;
  /** Whether barriers begin here: a source, or the head of a loop. */
  readonly injects: boolean;
  /** Whether it can be told to end. */
  readonly drains?: true;
  /**
   * Its state between two records; what is written later must not change any more.
   *
   * @param rest - what of the batch at work has not been processed.
   */
  snapshot?(barrier: Barrier, rest: Rest | undefined): readonly StatePart[] | Promise<readonly StatePart[]>;
  /** Before `run`: goes on from there. */
  restore?(restore: NodeRestore): Promise<void>;
  /** How long its last barrier has waited for other inputs. */
  readonly alignmentMs?: number;
  /** A checkpoint has begun, whose barrier comes from elsewhere. */
  begun?(trigger: Trigger): void;
  /** A barrier that has overtaken the records at work: its snapshot is to be taken now. Gives it once. */
  takeDue?(): Barrier | undefined;
  /** A checkpoint, and all before it, is no longer waited for. */
  over?(checkpointId: number): void;
  [Symbol.asyncDispose]?(): Promise<void>;
}

/** How a feed makes its task work. */
export interface Drive {
  readonly chain: Chain;
  readonly signal: AbortSignal;
  /** Whether the source is to end, though it may have more. */
  readonly drained: boolean;
  /** Processes records of a batch; undefined when that is done already. A drained source's batch may be left half done. */
  work(batch: readonly unknown[], entry: Entry, from?: number, to?: number): Wait;
  /** Waits in the midst of work: what has gathered in the outputs leaves if it takes longer than a few milliseconds. */
  pending<T>(wait: Promise<T>): Promise<T>;
  /** Waits for something to do: what has gathered in the outputs leaves at once. */
  idle<T>(wait: Promise<T>): Promise<T>;
  /** Waits where no record is in work, as `idle` or `pending` do: a snapshot that is asked for meanwhile is taken; undefined when the source is drained. */
  rest<T>(wait: Promise<T>, how: "idle" | "pending"): Promise<T | undefined>;
  /** Lets the event loop have its turn, if it is time for that; call it once per call of generated code. */
  breathe(): Wait;
  /** Between two records of a source: takes the snapshot that is due, if one is. */
  cut(): Wait;
  /** Between two records of a task with inputs: takes its snapshot, and sends the barrier on. */
  snapshot(barrier: Barrier): Promise<void>;
}
