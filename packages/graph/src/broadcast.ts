// A stream of records beside a stream of rules: every instance has all rules.

import { PipelineFunction, type ProcessContext, type TimerContext } from "./functions.ts";
import type { MapState, StateStore } from "./state.ts";

/** Broadcast state where it may only be read. */
export type ReadonlyMapState<K, V> = Pick<MapState<K, V>, "get" | "has" | "entries">;

/** The surroundings of a record beside a broadcast stream. */
export interface BesideBroadcastContext<O> extends ProcessContext<O> {
  /** What `executeBroadcast` has written under this name. */
  broadcastState<K, V>(name: string): ReadonlyMapState<K, V>;
}

/** The surroundings of a broadcast record. It has no key; every instance gets it, and must make the same of it. */
export interface BroadcastContext<O> extends Omit<ProcessContext<O>, "state" | "key" | "timers"> {
  broadcastState<K, V>(name: string): MapState<K, V>;
  /** Calls a function with each key of this instance and its state; only where the other stream is keyed. */
  forEachKey(fn: (key: unknown, state: StateStore) => void): void;
}

/** Processes a stream beside a broadcast one: `records.connect(rules.broadcast()).process(…)`. */
export abstract class BroadcastProcessFunction<I, B, O> extends PipelineFunction {
  abstract execute(value: I, ctx: BesideBroadcastContext<O>): void | Promise<void>;
  abstract executeBroadcast(value: B, ctx: BroadcastContext<O>): void | Promise<void>;
  /** Called when a timer's time has come; only where the first stream is keyed. */
  onTimer?(timeMs: number, ctx: TimerContext<O> & BesideBroadcastContext<O>): void | Promise<void>;
  /** Called once behind the last record; on a keyed stream: once for every key that has state. */
  finish?(ctx: BesideBroadcastContext<O>): void | Promise<void>;
}

/** The same as an object of methods. */
export type BroadcastMethods<I, B, O> = Pick<BroadcastProcessFunction<I, B, O>, "execute" | "executeBroadcast" | "onTimer" | "finish">;
