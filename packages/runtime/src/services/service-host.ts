// The services of a job in one process: one instance of each that lives here, a stand-in of each that lives elsewhere.
//
// Invariants:
//   V1. Every setup is done before `open` returns, in order of registration, so that a service finds the earlier ones ready.
//   V2. Every cleanup is done before closing returns, in reverse order, once each, whether the job ended, failed or
//       was cancelled, and also when a later service's setup failed.

import { systemClock, type Clock, type Logger } from "@sage/core";
import type { GraphService, ParamValue } from "@sage/graph";
import type { GateCall } from "./call-gate.ts";
import { HostedService } from "./hosted-service.ts";
import type { JobService, ServiceMetrics } from "./job-service.ts";
import { directoryOf, type ServiceDirectory } from "./service-directory.ts";
import { serviceHandle } from "./service-handle.ts";
import { ServiceTimeoutError } from "./errors.ts";

export interface ServiceHostOptions {
  readonly services: readonly GraphService[];
  readonly jobId: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly loggerOf: (service: string) => Logger;
  /** Of this process among those of the job, for lines of output; default 0. */
  readonly index?: number;
  /** Fires when the job is being cancelled: services hear of it, and calls in flight are not waited for. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** What lives in other workers, and what others want of this one; absent: every service lives here, for this process alone. */
  readonly elsewhere?: Elsewhere;
}

/** The other workers, as far as services go. */
export interface Elsewhere {
  /** The stand-in of a service; undefined: it lives here. */
  standIn(service: GraphService): JobService | undefined;
  /** How often a service that lives here was made anew before. */
  restartsOf(service: string): number;
  /** A service that lives here is set up. */
  onReady(service: HostedService): void;
}

export class ServiceHost implements AsyncDisposable {
  /** For operators. */
  readonly directory: ServiceDirectory;
  readonly #services = new Map<string, JobService>();
  readonly #signal: AbortSignal;
  #closed: Promise<void> | undefined;

  private constructor(options: ServiceHostOptions) {
    const { services, jobId, params, loggerOf, index = 0, clock = systemClock } = options;
    this.#signal = options.signal ?? new AbortController().signal;
    for (const service of services) {
      const { name } = service;
      const context = { name, jobId, params, logger: loggerOf(name), signal: this.#signal, ...this.#directoryFor(name, services) };
      const timedOut = (call: GateCall, wait: "queued" | "running", timeoutMs: number) => {
        const { chain, cycle } = this.#waitChain(name, call);
        return new ServiceTimeoutError(chain, timeoutMs, wait, cycle);
      };
      const { elsewhere } = options;
      const restarts = elsewhere?.restartsOf(name) ?? 0;
      this.#services.set(name, elsewhere?.standIn(service) ?? new HostedService({ service, context, place: { name, index }, clock, timedOut, restarts }));
    }
    this.directory = this.#directoryFor("", services);
  }

  /**
   * Makes the services and sets them up.
   *
   * @throws ServiceFailedError when one could not be set up; the signal's reason. Those set up before are cleaned up.
   */
  static async open(options: ServiceHostOptions): Promise<ServiceHost> {
    const host = new ServiceHost(options);
    const closeAtOnce = () => { void host.close(false); };
    host.#signal.addEventListener("abort", closeAtOnce, { once: true });
    try {
      for (const service of host.#services.values()) {
        host.#signal.throwIfAborted();
        await service.start();
        if (service instanceof HostedService) options.elsewhere?.onReady(service);
      }
      host.#signal.throwIfAborted();
      return host;
    } catch (error) {
      await host.close(false);
      throw host.#signal.aborted ? host.#signal.reason : error;
    } finally {
      host.#signal.removeEventListener("abort", closeAtOnce);
    }
  }

  metrics(): readonly ServiceMetrics[] {
    return [...this.#services.values()].flatMap((service) => service.metrics() ?? []);
  }

  /**
   * Cleans up; calling it again waits for the same.
   *
   * @param drain - whether calls that are waited for get their answers first; default: unless the job was cancelled.
   */
  close(drain: boolean = !this.#signal.aborted): Promise<void> {
    return (this.#closed ??= this.#close(drain));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(drain: boolean): Promise<void> {
    for (const service of [...this.#services.values()].reverse()) await service.close(drain);
  }

  #directoryFor(caller: string, services: readonly GraphService[]): ServiceDirectory {
    return directoryOf(new Map(services.map(({ name }) =>
      [name, serviceHandle((method, args) => this.#services.get(name)!.call(method, args, caller))])));
  }

  /** A call and what it waits for, by what each service has called and not yet heard of. */
  #waitChain(service: string, call: GateCall): { readonly chain: readonly string[]; readonly cycle: boolean } {
    const chain = [`${service}.${call.method}`];
    const seen = new Set([service]);
    for (let next = this.#callOf(service); next; next = this.#callOf(next.service)) {
      chain.push(`${next.service}.${next.method}`);
      if (seen.has(next.service)) return { chain, cycle: true };
      seen.add(next.service);
    }
    return { chain, cycle: false };
  }

  #callOf(caller: string): { readonly service: string; readonly method: string } | undefined {
    for (const [service, at] of this.#services) {
      for (const call of at.pending()) if (call.caller === caller) return { service, method: call.method };
    }
    return undefined;
  }
}
