// What users extend or pass: the functions of operators, and what they see of their surroundings.
//
// A class is made once per parallel instance, on the side that executes it. `open` runs before its first record,
// `close` after its last one or after a failure. Every method may be async; only promises are awaited.

import type { Logger } from "@sage/core";
import type { StateStore } from "./state.ts";
import type { Timers } from "./timers.ts";
import type { TimeKind } from "./window-specs.ts";
import type { ServiceRef, Services } from "./services.ts";

/** What a record may be keyed by: data with one canonical form. No functions, symbols, Maps or class instances. */
export type Key =
  | string | number | boolean | bigint | null | undefined | Date
  | readonly Key[]
  | { readonly [field: string]: Key };

/** Where an operator runs, and what it may use there. */
export interface FunctionContext {
  /** Name of the operator. */
  readonly name: string;
  readonly jobId: string;
  readonly jobName: string;
  /** Which parallel instance this is, from 0. */
  readonly parallelIndex: number;
  readonly parallelism: number;
  readonly logger: Logger;
  /** The job's parameters (`--param k=v`, `params`). */
  readonly params: Readonly<Record<string, ParamValue>>;
  /** The current record's key; undefined behind a stream without `keyBy`. */
  readonly key: unknown;
  /** State of the current key; only behind `keyBy`. */
  readonly state: StateStore;
  readonly services: Services;
  /** The typed handle of a service registered with this environment. */
  service<S extends object>(ref: ServiceRef<S> | string): ServiceHandle<S>;
  /** Fires when the job is being cancelled. */
  readonly signal: AbortSignal;
}

export type ParamValue = string | number | boolean;

/** A service as callers see it: every method returns a promise. */
export type ServiceHandle<S> = {
  readonly [M in keyof S as S[M] extends (...args: never[]) => unknown ? M : never]:
    S[M] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

/** Takes what an operator emits. Returns a promise when the next operators are busy: await it. */
export interface Collector<O> {
  collect(value: O): Promise<void> | undefined;
}

export abstract class PipelineFunction {
  /** Set before `open`; not yet in the constructor. */
  declare ctx: FunctionContext;
  get logger(): Logger {
    return this.ctx.logger;
  }
  get services(): Services {
    return this.ctx.services;
  }
  open?(ctx: FunctionContext): void | Promise<void>;
  close?(): void | Promise<void>;

  // A function's own state is saved with every checkpoint and comes back behind open(). Without a word, it is the plain
  // data in the instance's fields: numbers, texts, dates, bytes, arrays, maps, sets and objects of them. Where fields hold
  // anything else, or are #private, the class says what its state is:

  /** Names of the fields that are state: `static snapshotFields = ["count"]`. The others are made by constructor and open(). */
  static readonly snapshotFields?: readonly string[];
  /** The state as plain data; with {@link restore}, instead of fields. Called between two records. */
  snapshot?(): unknown;
  /** Takes what {@link snapshot} has returned, behind open(). */
  restore?(state: never): void | Promise<void>;
  /** One state (or object of fields) of those of several instances, where a smaller parallelism makes them one. */
  merge?(states: readonly never[]): unknown;
}

/** A bounded source. `execute` returns the next record; null or undefined ends the input. */
export abstract class BatchFunction<O> extends PipelineFunction {
  abstract execute(): O | null | undefined | Promise<O | null | undefined>;
}

const idle: unique symbol = Symbol.for("sage.idle") as never;
export type Idle = typeof idle;

/** An unbounded source. `execute` returns the next record, `SourceFunction.IDLE` for "nothing now", or null to end. */
export abstract class SourceFunction<O> extends PipelineFunction {
  /** "Nothing now": the source is asked again a little later. */
  static readonly IDLE: Idle = idle;
  abstract execute(): O | Idle | null | undefined | Promise<O | Idle | null | undefined>;
}

export abstract class MapFunction<I, O> extends PipelineFunction {
  abstract execute(value: I): O | Promise<O>;
}

export abstract class FilterFunction<I> extends PipelineFunction {
  abstract execute(value: I): boolean | Promise<boolean>;
}

/** Emits any number of records for one: by `out.collect`, or by returning an iterable. */
export abstract class FlatMapFunction<I, O> extends PipelineFunction {
  abstract execute(value: I, out: Collector<O>): FlatMapResult<O>;
}

export type FlatMapResult<O> = Iterable<O> | AsyncIterable<O> | void | Promise<Iterable<O> | AsyncIterable<O> | void>;

/** Must be pure: it may be called more than once for a record, and on both sides of an exchange. */
export abstract class KeyByFunction<I, K extends Key> extends PipelineFunction {
  abstract execute(value: I): K;
}

export abstract class ReduceFunction<T> extends PipelineFunction {
  abstract execute(accumulated: T, value: T): T | Promise<T>;
}

/** Folds the records of a key into an accumulator, which is a state of its own. */
export interface AggregateFunction<I, A, O> {
  init(): A;
  add(accumulator: A, value: I): A;
  result(accumulator: A, key: unknown): O;
}

export interface OutputTag<T> {
  readonly name: string;
  /** Never there: carries the type. */
  readonly type?: T;
}

/** Names a side output and the type of its records. */
export function outputTag<T>(name: string): OutputTag<T> {
  return { name };
}

/** The surroundings of a ProcessFunction: it also emits. */
export interface ProcessContext<O> extends FunctionContext, Collector<O> {
  /** Emits to a side output; read it with `stream.sideOutput(tag)`. */
  output<T>(tag: OutputTag<T>, value: T): Promise<void> | undefined;
  /** Event time of the current record, or of what calls; undefined without `assignTimestamps` before. Results have the same. */
  readonly timestampMs: number | undefined;
  readonly timers: Timers;
}

/** What `onTimer` sees: the key is the timer's. */
export interface TimerContext<O> extends ProcessContext<O> {
  /** Which of the two times has come. */
  readonly timeKind: TimeKind;
}

/** The general operator: state, side outputs, any number of results. */
export abstract class ProcessFunction<I, O> extends PipelineFunction {
  abstract execute(value: I, ctx: ProcessContext<O>): void | Promise<void>;
  /** Called when a timer's time has come (`ctx.timers`), between records; may emit. */
  onTimer?(timeMs: number, ctx: TimerContext<O>): void | Promise<void>;
  /** Called once behind the last record; may emit. On a keyed stream: once for every key that has state. */
  finish?(ctx: ProcessContext<O>): void | Promise<void>;
}

/** A ProcessFunction as an object of methods. */
export type ProcessMethods<I, O> = Pick<ProcessFunction<I, O>, "execute" | "onTimer" | "finish">;

/** One method per connected stream, in order: `map0`, `map1`, … */
export type CoMapMethods<Inputs extends readonly unknown[], O> = {
  [Index in keyof Inputs as Index extends `${number}` ? `map${Index}` : never]:
    (value: Inputs[Index]) => O | Promise<O>;
};

/** Base of classes for `coMap`; give it `map0`, `map1`, … one per connected stream. */
export abstract class CoMapFunction extends PipelineFunction {}

/** Joins two records of one key. In a left join `right` is null where nothing matched. */
export abstract class JoinFunction<L, R, O> extends PipelineFunction {
  abstract execute(left: L, right: R, key: unknown): O | Promise<O>;
}

export abstract class SinkFunction<I> extends PipelineFunction {
  abstract execute(value: I): void | Promise<void> | unknown;
}

/**
 * A sink that writes in two phases, so that every record is written exactly once: what it takes becomes durable with a
 * checkpoint, and visible when that checkpoint is complete. `Transaction` is plain data that is enough to commit.
 */
export abstract class TransactionalSinkFunction<I, Transaction> extends SinkFunction<I> {
  /**
   * Makes durable, and not yet visible, what it has taken since the last call. Undefined: there is nothing.
   *
   * @param checkpointId - grows, also over restarts of the job.
   */
  abstract prepareCommit(checkpointId: number): Transaction | undefined | Promise<Transaction | undefined>;
  /** Makes a transaction visible. It may be called again for the same one, also by another instance: that changes nothing. */
  abstract commit(transaction: Transaction): void | Promise<void>;
  /**
   * Before the first record, behind open(): aborts what was begun or prepared by earlier attempts, but for `prepared`,
   * which is committed next.
   */
  abstract recover(prepared: readonly Transaction[]): void | Promise<void>;
}

/** Something operators call by name. Made once per worker process of the job. */
export abstract class ServiceFunction {
  /** Set before `setup`; not yet in the constructor. */
  declare ctx: ServiceContext;
  get logger(): Logger {
    return this.ctx.logger;
  }
  get services(): Services {
    return this.ctx.services;
  }
  /** Before the first record of the job. */
  setup?(ctx: ServiceContext): void | Promise<void>;
  /** After the last record; done before a submit with autostop returns. */
  cleanup?(): void | Promise<void>;
}

export interface ServiceContext {
  readonly name: string;
  readonly jobId: string;
  readonly logger: Logger;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Services registered before this one are ready in its `setup`, and still there in its `cleanup`. */
  readonly services: Services;
  service<S extends object>(ref: ServiceRef<S> | string): ServiceHandle<S>;
  /** Fires when the job is being cancelled. */
  readonly signal: AbortSignal;
}
