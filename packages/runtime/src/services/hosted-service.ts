// One service of a job in one process: its instance, from setup to cleanup, and what happens when it fails.
//
// Invariants:
//   S1. There is at most one instance at a time; `cleanup` of each is called once, before the next one is made.
//   S2. A call is never made twice: the call that crashed an instance fails, those that wait go to the next instance.
//   S3. Once closed, nothing of the service runs but calls that hang.

import { backoffMs, messageOf, type Clock } from "@sage/core";
import { defaultMaxRestarts, type GraphService, type ServiceContext } from "@sage/graph";
import { runAt, type OperatorPlace } from "../current-operator.ts";
import { CallGate, type GateCall, type GateWork } from "./call-gate.ts";
import type { JobService, ServiceMetrics } from "./job-service.ts";
import { ServiceClosedError, ServiceFailedError, ServiceNotReadyError, UnknownServiceMethodError } from "./errors.ts";

/** Longest time of one cleanup, in milliseconds. */
const cleanupTimeoutMs = 60_000;
const lifecycle: ReadonlySet<string> = new Set(["constructor", "setup", "cleanup"]);

export type ServiceState = "created" | "starting" | "ready" | "restarting" | "failed" | "stopped";

type Instance = Record<string, unknown> & { setup?: (ctx: ServiceContext) => unknown; cleanup?: () => unknown };

export interface HostedServiceOptions {
  readonly service: GraphService;
  readonly context: ServiceContext;
  /** Under which its lines are shown. */
  readonly place: OperatorPlace;
  readonly clock: Clock;
  readonly timedOut: GateWork["timedOut"];
  /** So often it was made anew before this process; default 0. */
  readonly restarts?: number;
}

export class HostedService implements JobService {
  readonly name: string;
  readonly gate: CallGate;
  readonly #options: HostedServiceOptions;
  readonly #maxRestarts: number;
  readonly #closing = new AbortController();
  #state: ServiceState = "created";
  #instance: Instance | undefined;
  #restarts = 0;
  #recovery: Promise<void> = Promise.resolve();

  constructor(options: HostedServiceOptions) {
    const { name, options: limits } = options.service;
    this.name = name;
    this.#options = options;
    this.#restarts = options.restarts ?? 0;
    this.#maxRestarts = limits.maxRestarts ?? defaultMaxRestarts;
    this.gate = new CallGate(name, limits, { run: (call) => this.#run(call), timedOut: options.timedOut });
  }

  get state(): ServiceState {
    return this.#state;
  }

  get restarts(): number {
    return this.#restarts;
  }

  async start(): Promise<void> {
    this.#state = "starting";
    await this.#bringUp();
  }

  call(method: string, args: readonly unknown[], caller: string, onQueued?: (drop: () => void) => void): Promise<unknown> {
    if (this.#state === "created") return Promise.reject(new ServiceNotReadyError(this.name, caller));
    return this.gate.submit(method, args, caller, onQueued);
  }

  pending(): Iterable<GateCall> {
    return this.gate.pending();
  }

  metrics(): ServiceMetrics {
    const { calls, failures, queued, answered, latencyTotalMs } = this.gate;
    return { name: this.name, state: this.#state, calls, failures, restarts: this.#restarts, queued, answered, latencyTotalMs };
  }

  /** A cleanup that fails is logged. */
  async close(drain: boolean): Promise<void> {
    if (this.#state === "stopped") return;
    const busy = this.#state === "ready" || this.#state === "restarting";
    if (drain && busy) await Promise.race([this.gate.idle(), aborted(this.#options.context.signal).catch(() => {})]);
    this.#state = "stopped";
    this.gate.abandon();
    this.#closing.abort(new ServiceClosedError(this.name));
    await this.#recovery;
    await this.#discard();
  }

  #run(call: GateCall): unknown {
    const instance = this.#instance!;
    const method = lifecycle.has(call.method) ? undefined : instance[call.method];
    if (typeof method !== "function") throw new UnknownServiceMethodError(this.name, call.method, methodsOf(instance));
    try {
      const result: unknown = this.#here(() => Reflect.apply(method, instance, call.args as unknown[]) as unknown);
      if (result instanceof Promise) result.catch((error: unknown) => this.#noteCrash(error, instance));
      return result;
    } catch (error) {
      this.#noteCrash(error, instance);
      throw error;
    }
  }

  #here<T>(work: () => T): T {
    return runAt(() => this.#options.place, work);
  }

  #noteCrash(error: unknown, instance: Instance): void {
    if (instance !== this.#instance || this.#state !== "ready" || !isCrash(error)) return;
    this.#state = "restarting";
    this.gate.pause();
    this.#recovery = this.#recover(error).catch(() => {}); // the gate tells every caller
  }

  async #recover(error: unknown): Promise<void> {
    await this.#retire(error);
    await this.#bringUp();
  }

  /** Makes an instance and sets it up, as often as the restarts allow. */
  async #bringUp(): Promise<void> {
    for (;;) {
      try {
        await this.#make();
        this.#closing.signal.throwIfAborted();
        this.#state = "ready";
        return this.gate.open();
      } catch (error) {
        this.#closing.signal.throwIfAborted();
        await this.#retire(error);
      }
    }
  }

  async #make(): Promise<void> {
    const { service, context } = this.#options;
    const instance = this.#here(() => new service.make(...(service.args as never[])) as Instance);
    this.#instance = instance;
    for (const [name, value] of Object.entries({ ctx: context, services: context.services })) {
      if (!(name in instance)) Object.defineProperty(instance, name, { value, writable: true, configurable: true });
    }
    await Promise.race([this.#here(() => instance.setup?.(context)), aborted(this.#closing.signal)]);
  }

  /** Ends a failed instance, and waits for the time of the next. @throws ServiceFailedError when none is left. */
  async #retire(error: unknown): Promise<void> {
    const { context, clock } = this.#options;
    await this.#discard();
    this.gate.freePlaces();
    if (this.#restarts >= this.#maxRestarts) {
      this.#state = "failed";
      const failed = new ServiceFailedError(this.name, this.#restarts, error);
      this.gate.close(failed);
      throw failed;
    }
    this.#restarts++;
    context.logger.warn(`service "${this.name}" failed and is made anew (${this.#restarts} of ${this.#maxRestarts}): ${messageOf(error)}`);
    await clock.sleep(backoffMs(this.#restarts, 100), this.#closing.signal);
  }

  async #discard(): Promise<void> {
    const instance = this.#instance;
    this.#instance = undefined; // S1
    if (typeof instance?.cleanup !== "function") return;
    const late = new AbortController();
    try {
      const slow = this.#options.clock.sleep(cleanupTimeoutMs, late.signal).then(() => { throw new Error(`it took longer than ${cleanupTimeoutMs} ms`); });
      slow.catch(() => {});
      await Promise.race([this.#here(() => instance.cleanup!()), slow]);
    } catch (error) {
      this.#options.context.logger.error(`cleanup of service "${this.name}" failed: ${messageOf(error)}`);
    } finally {
      late.abort();
    }
  }
}

/** By code: the user's bundle has its own copy of the class. */
const isCrash = (error: unknown): boolean => error instanceof Object && (error as { code?: unknown }).code === "SAGE_SERVICE_CRASH";

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

function methodsOf(instance: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = instance; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const { value } = Object.getOwnPropertyDescriptor(at, name)!;
      if (typeof value === "function" && !lifecycle.has(name)) names.add(name);
    }
  }
  return [...names].sort();
}
