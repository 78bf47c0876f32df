// What gives a task its records: its input channels, or a source.

import type { Chain, Entry } from "../chain.ts";
import type { Wait } from "../chain/scope.ts";

export interface Feed {
  /** Gives the task all records there are; resolves behind the last one. */
  run(drive: Drive): Promise<void>;
  /** Behind the task's own end of output: takes what may still come and must not. */
  drain?(drive: Drive): Promise<void>;
  /** From 0 to 1, where the amount of input is known. */
  readonly progress?: number | undefined;
  [Symbol.asyncDispose]?(): Promise<void>;
}

/** How a feed makes its task work. */
export interface Drive {
  readonly chain: Chain;
  readonly signal: AbortSignal;
  /** Processes records of a batch; undefined when that is done already. */
  work(batch: readonly unknown[], entry: Entry, from?: number, to?: number): Wait;
  /** Waits in the midst of work: what has gathered in the outputs leaves if it takes longer than a few milliseconds. */
  pending<T>(wait: Promise<T>): Promise<T>;
  /** Waits for something to do: what has gathered in the outputs leaves at once. */
  idle<T>(wait: Promise<T>): Promise<T>;
  /** Lets the event loop have its turn, if it is time for that; call it once per call of generated code. */
  breathe(): Wait;
}
