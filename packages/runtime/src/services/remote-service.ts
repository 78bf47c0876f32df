// The stand-in of a service that lives in another worker.
//
// Invariants:
//   N1. Every call settles exactly once: with its result, its error, its deadline, or the end of the job.
//   N2. A call leaves at most once, in the order of the calls: what was on its way when the connection broke has failed,
//       what had not left goes to the next instance.
//   N3. At most `queueSize` calls wait for an answer beyond those that run.

import { messageOf } from "@sage/core";
import type { GraphService } from "@sage/graph";
import type { CallConnection } from "../exchange/call-connection.ts";
import { FrameType, frameLimitBytes, headerBytes, makeFrame } from "../exchange/frame.ts";
import { FrameTooLargeError } from "../exchange/errors.ts";
import { callFrame, errorOf, resultOf } from "./call-frames.ts";
import type { GateCall } from "./call-gate.ts";
import { ServiceClosedError, ServiceLostError, ServiceNotReadyError, ServiceOverloadedError, ServiceTimeoutError, ServiceValueError } from "./errors.ts";
import type { JobService } from "./job-service.ts";

/** What the service's own word that a call's time is up may take to come here, in milliseconds. */
const lateWordMs = 2_000;
const mostCalls = 2 ** 32;

interface Pending extends GateCall {
  readonly number: number;
  readonly frame: Buffer;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  timer: NodeJS.Timeout | undefined;
  hasLeft: boolean;
}

export interface RemoteServiceOptions {
  readonly service: GraphService;
  /** Connects to where it lives now, for as long as that takes; rejects only with the signal's reason. */
  readonly dial: (signal: AbortSignal) => Promise<CallConnection>;
  /** The folder of this worker's copy of the program: stacks name files below it. */
  readonly programDir: string;
  /** Fires when the job is being cancelled. */
  readonly signal: AbortSignal;
}

export class RemoteService implements JobService {
  readonly name: string;
  readonly #options: RemoteServiceOptions;
  readonly #timeoutMs: number;
  readonly #mostPending: number;
  readonly #pending = new Map<number, Pending>();
  readonly #closing = new AbortController();
  readonly #idleWaiters: (() => void)[] = [];
  #state: "created" | "open" | "closed" = "created";
  #redial = new AbortController();
  #connection: CallConnection | undefined;
  #running: Promise<void> = Promise.resolve();
  #lastNumber = 0;
  #hasConnected = false;
  #onReady: () => void = () => {};

  constructor(options: RemoteServiceOptions) {
    const { name, options: limits } = options.service;
    this.name = name;
    this.#options = options;
    this.#timeoutMs = limits.timeoutMs ?? 30_000;
    this.#mostPending = Math.max(0, limits.queueSize ?? 1_000) + Math.max(1, limits.concurrency ?? 1);
  }

  /** Waits until it is set up, where it lives. */
  async start(): Promise<void> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const ready = new Promise<void>((resolve, reject) => {
      this.#onReady = resolve;
      AbortSignal.any([signal, this.#closing.signal]).addEventListener("abort", () => reject(signal.reason ?? new ServiceClosedError(this.name)), { once: true });
    });
    this.#state = "open";
    this.#running = this.#run();
    await ready;
  }

  /** Whether there was a connection once. */
  get hasConnected(): boolean {
    return this.#hasConnected;
  }

  /** It lives elsewhere now. */
  moved(): void {
    this.#redial.abort(new Error("it was made anew elsewhere"));
  }

  call(method: string, args: readonly unknown[], caller: string): Promise<unknown> {
    if (this.#state === "created") return Promise.reject(new ServiceNotReadyError(this.name, caller));
    if (this.#state === "closed") return Promise.reject(new ServiceClosedError(this.name));
    if (this.#pending.size >= this.#mostPending) return Promise.reject(new ServiceOverloadedError(this.name, this.#mostPending));
    const number = this.#nextNumber();
    let frame: Buffer;
    try {
      frame = callFrame(number, { method, caller, args });
      if (frame.length - headerBytes > frameLimitBytes) throw new FrameTooLargeError("they", frame.length, frameLimitBytes);
    } catch (error) {
      return Promise.reject(new ServiceValueError(`the arguments of ${this.name}.${method}`, error));
    }
    return new Promise((resolve, reject) => {
      const call: Pending = { number, frame, method, args, caller, resolve, reject, timer: undefined, hasLeft: false };
      this.#pending.set(number, call);
      if (this.#connection) this.#send(call, this.#connection);
      else this.#setTimer(call, this.#timeoutMs);
    });
  }

  *pending(): Iterable<GateCall> {
    yield* this.#pending.values();
  }

  metrics(): undefined {
    return undefined; // its own worker tells
  }

  async close(drain: boolean): Promise<void> {
    if (drain && this.#pending.size > 0) await Promise.race([new Promise<void>((resolve) => this.#idleWaiters.push(resolve)), aborted(this.#options.signal)]);
    this.#state = "closed";
    this.#closing.abort(new ServiceClosedError(this.name));
    for (const call of this.#pending.values()) this.#settle(call, () => call.reject(new ServiceClosedError(this.name)));
    await this.#connection?.close(true);
    await this.#running;
  }

  /** Keeps a connection until the end. */
  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#redial = new AbortController();
      try {
        const connection = await this.#options.dial(AbortSignal.any([this.#closing.signal, this.#redial.signal]));
        this.#lose(await this.#use(connection));
      } catch {
        // it has moved, or is no longer wanted
      }
    }
  }

  /** Resolves with why the connection has ended. */
  async #use(connection: CallConnection): Promise<unknown> {
    this.#hasConnected = true;
    connection.hear((type, number, payload) => this.#onFrame(connection, type, number, payload));
    const leave = () => void connection.close(this.#closing.signal.aborted);
    for (const { signal } of [this.#closing, this.#redial]) {
      signal.addEventListener("abort", leave, { once: true });
      if (signal.aborted) leave();
    }
    return connection.closed;
  }

  #onFrame(connection: CallConnection, type: number, number: number, payload: Buffer): void {
    if (type === FrameType.ready) return this.#onOpen(connection);
    const call = this.#pending.get(number);
    if (!call?.hasLeft) return; // nobody waits any more
    if (type === FrameType.answer) {
      const result = resultOf(payload);
      this.#settle(call, () => call.resolve(result));
    } else if (type === FrameType.failure) {
      const error = errorOf(payload, this.#options.programDir);
      this.#settle(call, () => call.reject(error));
    }
  }

  #onOpen(connection: CallConnection): void {
    this.#connection = connection;
    for (const call of this.#pending.values()) this.#send(call, connection);
    this.#onReady();
  }

  #send(call: Pending, connection: CallConnection): void {
    clearTimeout(call.timer);
    call.hasLeft = true;
    connection.send(call.frame);
    this.#setTimer(call, this.#timeoutMs + lateWordMs);
  }

  #lose(error: unknown): void {
    this.#connection = undefined;
    for (const call of this.#pending.values()) {
      if (call.hasLeft) this.#settle(call, () => call.reject(new ServiceLostError(`${this.name}.${call.method}`, messageOf(error ?? "its process has ended")))); // N2
    }
  }

  #settle(call: Pending, settle: () => void): void {
    clearTimeout(call.timer);
    this.#pending.delete(call.number);
    settle();
    if (this.#pending.size === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #setTimer(call: Pending, ms: number): void {
    if (this.#timeoutMs <= 0 || this.#timeoutMs === Infinity) return;
    call.timer = setTimeout(() => {
      if (call.hasLeft) this.#connection?.send(makeFrame(FrameType.forget, call.number));
      this.#settle(call, () => call.reject(new ServiceTimeoutError([`${this.name}.${call.method}`], this.#timeoutMs, call.hasLeft ? "running" : "queued", false)));
    }, ms);
  }

  #nextNumber(): number {
    do this.#lastNumber = (this.#lastNumber + 1) % mostCalls; while (this.#pending.has(this.#lastNumber));
    return this.#lastNumber;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
