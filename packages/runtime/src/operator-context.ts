// What an operator's function sees of its surroundings.

import type { Logger } from "@sage/core";
import type { FunctionContext, MapState, OutputTag, ParamValue, ProcessContext, ServiceHandle, ServiceRef, Services, TimeKind, TimeWindow, Timers } from "@sage/graph";
import { LateCollectError, NoTimersError } from "./errors.ts";
import type { ServiceDirectory } from "./services/service-directory.ts";
import type { BroadcastStates } from "./operators/broadcast-process.ts";
import { KeyedState } from "./state/keyed-state.ts";

/** What is the same for all operators of a job. */
export interface JobSurroundings {
  readonly jobId: string;
  readonly jobName: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly services: ServiceDirectory;
  readonly signal: AbortSignal;
  /** The time that state expires by, in milliseconds since the epoch; default: the host's clock. */
  readonly nowMs?: () => number;
}

export interface OperatorPosition {
  readonly name: string;
  readonly parallelIndex: number;
  readonly parallelism: number;
  readonly keyed: boolean;
}

export class OperatorContext implements FunctionContext, ProcessContext<unknown> {
  readonly name: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly parallelIndex: number;
  readonly parallelism: number;
  readonly logger: Logger;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly state: KeyedState;
  readonly signal: AbortSignal;
  /** Emits; the generated code puts its own function here where an operator may. */
  collect: (value: unknown) => Promise<void> | undefined;
  output: <T>(tag: OutputTag<T>, value: T) => Promise<void> | undefined;
  /** Knows the event time of the call; undefined where there is none. */
  call: { readonly timeMs: number } | undefined;
  /** Of a window's function: its window. */
  declare window: TimeWindow;
  /** Of a process function beside a broadcast stream. */
  broadcasts: BroadcastStates | undefined;
  /** Of a timer's function: what the timer goes by. */
  declare timeKind: TimeKind;
  #timers: Timers | undefined;
  readonly #job: JobSurroundings;

  constructor(job: JobSurroundings, position: OperatorPosition, logger: Logger, state = new KeyedState(position.name, position.keyed, job.nowMs)) {
    this.name = position.name;
    this.jobId = job.jobId;
    this.jobName = job.jobName;
    this.parallelIndex = position.parallelIndex;
    this.parallelism = position.parallelism;
    this.logger = logger;
    this.params = job.params;
    this.state = state;
    this.signal = job.signal;
    this.#job = job;
    this.collect = this.output = () => {
      throw new LateCollectError(position.name);
    };
  }

  get key(): unknown {
    return this.state.key;
  }

  broadcastState<K, V>(name: string): MapState<K, V> {
    return this.#besideBroadcast().state(name);
  }

  forEachKey(fn: (key: unknown, state: KeyedState) => void): void {
    this.#besideBroadcast().forEachKey(fn);
  }

  #besideBroadcast(): BroadcastStates {
    if (this.broadcasts === undefined) throw new TypeError(`operator "${this.name}" has no broadcast stream`);
    return this.broadcasts;
  }

  get timestampMs(): number | undefined {
    const timeMs = this.call?.timeMs;
    return timeMs === undefined || Number.isNaN(timeMs) ? undefined : timeMs;
  }

  get timers(): Timers {
    if (this.#timers === undefined) throw new NoTimersError(this.name);
    return this.#timers;
  }

  set timers(timers: Timers) {
    this.#timers = timers;
  }

  get services(): Services {
    return this.#job.services.services;
  }

  service<S extends object>(ref: ServiceRef<S> | string): ServiceHandle<S> {
    return this.#job.services.service(ref);
  }

  /** The same surroundings for one call among several at once, with its own way to emit. */
  forCall(collect: OperatorContext["collect"], output: OperatorContext["output"]): OperatorContext {
    const context = new OperatorContext(this.#job, { name: this.name, parallelIndex: this.parallelIndex, parallelism: this.parallelism, keyed: true }, this.logger, this.state);
    context.collect = collect;
    context.output = output;
    return context;
  }
}
