// Services: how they are named and registered.

import type { ServiceHandle } from "./functions.ts";

/**
 * Names of services and their classes, for `this.services.NAME` with types. Extend it:
 * `declare module "@sage/pipeline" { interface ServiceRegistry { llm: LlmService } }`.
 */
// oxlint-disable-next-line no-empty-interface
export interface ServiceRegistry {}

/** Handles of the registered services, by name. */
export type Services = { readonly [Name in keyof ServiceRegistry]: ServiceHandle<ServiceRegistry[Name]> };

/** What `registerService` returns: pass it to `ctx.service(ref)`. */
export interface ServiceRef<S extends object> {
  readonly name: string;
  /** Never there: carries the type. */
  readonly type?: S;
}

export interface ServiceOptions {
  /** Longest time of one call, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Calls that run at once; default 1. */
  readonly concurrency?: number;
  /** Calls that may wait; more are refused. Default 1,000. */
  readonly queueSize?: number;
  /** How often a service that failed in `setup` or threw a `ServiceCrash` is made anew; default 3. */
  readonly maxRestarts?: number;
}
