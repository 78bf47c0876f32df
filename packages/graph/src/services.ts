// Services: how they are named and registered.

import { SageError } from "@sage/core";
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
  /** Longest time of one call with its wait for a place, in milliseconds; default 30,000; 0: no limit. */
  readonly timeoutMs?: number;
  /** Calls that run at once; default 1. */
  readonly concurrency?: number;
  /** Calls that may wait; more are refused. Default 1,000. */
  readonly queueSize?: number;
  /** How often a service that failed in `setup` or threw a {@link ServiceCrashError} is made anew, over its life; default 3. */
  readonly maxRestarts?: number;
}

/**
 * Thrown by a service's method that cannot go on with this instance: the call fails, and the service is made anew.
 * Any other error fails the call alone.
 */
export class ServiceCrashError extends SageError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { code: "SAGE_SERVICE_CRASH", fault: "user", retryable: true, cause: options.cause });
  }
}
