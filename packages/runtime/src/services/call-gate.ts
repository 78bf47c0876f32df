// Lets so many calls run at once, keeps so many waiting, refuses more, and ends each at its deadline.
//
// Invariants:
//   G1. Every accepted call settles exactly once: with its result, its error, its deadline or the gate's end.
//   G2. A call that passed its deadline keeps its place until its work has ended: `concurrency` is never exceeded.
//   G3. Calls start in the order they came.

import type { ServiceOptions } from "@sage/graph";
import { ServiceClosedError, ServiceOverloadedError } from "./errors.ts";

export interface GateCall {
  readonly method: string;
  readonly args: readonly unknown[];
  /** Name of the service that calls; empty for operators. */
  readonly caller: string;
}

interface Pending extends GateCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  timer: NodeJS.Timeout | undefined;
  running: boolean;
  readonly sinceMs: number;
}

export interface GateWork {
  /** Does a call; may throw. */
  run(call: GateCall): unknown;
  /** The error of a call whose time is up. */
  timedOut(call: GateCall, wait: "queued" | "running", timeoutMs: number): unknown;
}

export class CallGate {
  readonly #service: string;
  readonly #work: GateWork;
  readonly #concurrency: number;
  readonly #queueSize: number;
  readonly #timeoutMs: number;
  readonly #queue = new Set<Pending>();
  readonly #running = new Set<Pending>();
  readonly #idleWaiters: (() => void)[] = [];
  #places: number;
  #open = false;
  #refusal: unknown;
  calls = 0;
  failures = 0;
  /** Accepted calls that have been settled, and the time their callers waited in all, in milliseconds. */
  answered = 0;
  latencyTotalMs = 0;

  constructor(service: string, options: ServiceOptions, work: GateWork) {
    this.#service = service;
    this.#work = work;
    this.#concurrency = Math.max(1, options.concurrency ?? 1);
    this.#queueSize = Math.max(0, options.queueSize ?? 1_000);
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#places = this.#concurrency;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /** Calls whose callers still wait, in order of their start. */
  *pending(): Iterable<GateCall> {
    yield* this.#running;
    yield* this.#queue;
  }

  /** @param onQueued - gets what takes the call back, if it has to wait; behind its start that does nothing. */
  submit(method: string, args: readonly unknown[], caller: string, onQueued?: (drop: () => void) => void): Promise<unknown> {
    this.calls++;
    if (this.#refusal !== undefined) return this.#refuse(this.#refusal);
    if ((!this.#open || this.#places === 0) && this.#queue.size >= this.#queueSize) {
      return this.#refuse(new ServiceOverloadedError(this.#service, this.#queueSize));
    }
    return new Promise((resolve, reject) => {
      const call: Pending = { method, args, caller, resolve, reject, timer: undefined, running: false, sinceMs: performance.now() };
      if (this.#open && this.#places > 0) this.#start(call);
      else {
        this.#queue.add(call);
        this.#setTimer(call);
        onQueued?.(() => { if (this.#queue.has(call)) this.#settle(call, () => reject(new ServiceClosedError(this.#service)), true); });
      }
    });
  }

  /** Starts what waits. */
  open(): void {
    this.#open = true;
    this.#startNext();
  }

  /** Lets nothing start until `open`. */
  pause(): void {
    this.#open = false;
  }

  /** Gives every place back: the calls that hold them belong to an instance that is gone. */
  freePlaces(): void {
    for (const call of this.#running) call.running = false;
    this.#places = this.#concurrency;
  }

  /** Rejects what waits, and every later call. */
  close(error: unknown = new ServiceClosedError(this.#service)): void {
    this.#open = false;
    this.#refusal = error;
    for (const call of this.#queue) this.#settle(call, () => call.reject(error), true);
  }

  /** Rejects the running calls too. */
  abandon(error: unknown = new ServiceClosedError(this.#service)): void {
    this.close(error);
    for (const call of this.#running) this.#settle(call, () => call.reject(error), true);
  }

  /** Resolves when no caller waits. */
  idle(): Promise<void> {
    if (this.#queue.size + this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #refuse(error: unknown): Promise<never> {
    this.failures++;
    return Promise.reject(error);
  }

  #startNext(): void {
    for (const call of this.#queue) {
      if (!this.#open || this.#places === 0) return;
      this.#queue.delete(call);
      this.#start(call);
    }
  }

  #start(call: Pending): void {
    this.#places--;
    call.running = true;
    this.#running.add(call);
    let result: unknown;
    try {
      result = this.#work.run(call);
    } catch (error) {
      return this.#end(call, () => call.reject(error), true);
    }
    if (!(result instanceof Promise) && !isThenable(result)) return this.#end(call, () => call.resolve(result), false);
    if (call.timer === undefined) this.#setTimer(call);
    Promise.resolve(result).then(
      (value) => this.#end(call, () => call.resolve(value), false),
      (error: unknown) => this.#end(call, () => call.reject(error), true),
    );
  }

  /** The work has ended: frees the place (G2), and settles the call unless its deadline did (G1). */
  #end(call: Pending, settle: () => void, failed: boolean): void {
    if (call.running) this.#places++;
    call.running = false;
    if (this.#running.has(call)) this.#settle(call, settle, failed);
    this.#startNext();
  }

  #settle(call: Pending, settle: () => void, failed: boolean): void {
    clearTimeout(call.timer);
    this.#queue.delete(call);
    this.#running.delete(call);
    if (failed) this.failures++;
    this.answered++;
    this.latencyTotalMs += performance.now() - call.sinceMs;
    settle();
    if (this.#queue.size + this.#running.size === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #setTimer(call: Pending): void {
    if (this.#timeoutMs <= 0 || this.#timeoutMs === Infinity) return;
    call.timer = setTimeout(() => {
      const error = this.#work.timedOut(call, call.running ? "running" : "queued", this.#timeoutMs);
      this.#settle(call, () => call.reject(error), true);
    }, this.#timeoutMs);
  }
}

const isThenable = (value: unknown): boolean =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
