// Services: how they are named and registered.

import { SageError } from "@sage/core";
import type { Resources } from "@sage/protocol/records";
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

/** {@link ServiceOptions.maxRestarts} */
export const defaultMaxRestarts = 3;

export interface ServiceOptions {
  /** Longest time of one call with its wait for a place, in milliseconds; default 30,000; 0: no limit. */
  readonly timeoutMs?: number;
  /** Calls that run at once; default 1. */
  readonly concurrency?: number;
  /** Calls that may wait; more are refused. Default 1,000. */
  readonly queueSize?: number;
  /** How often a service that failed in `setup` or threw a {@link ServiceCrashError} is made anew, over its life; default 3. */
  readonly maxRestarts?: number;
  /**
   * One instance for the whole job, in a process of its own (on Ray, an actor of its own); default: one in each worker.
   * Arguments and results are copied, and must be able to cross. A pipeline that runs in this process keeps it here.
   */
  readonly remote?: boolean;
  /** What the process of a remote service needs of its machine. */
  readonly resources?: Resources;
}

/** What is wrong with a service's options, in words; undefined: nothing. */
export function mistakeIn({ remote = false, resources }: ServiceOptions): string | undefined {
  if (typeof remote !== "boolean") return `remote is true or false, not ${String(remote)}`;
  if (resources === undefined) return undefined;
  if (!remote) return "only a remote service has resources of its own: add { remote: true }";
  return mistakeInAmounts(resources);
}

/** The same of what an operator or a service needs. */
export function mistakeInAmounts({ cpus, gpus, memoryBytes, custom }: Resources): string | undefined {
  const amounts = Object.entries({ cpus, gpus, memoryBytes, ...custom });
  const wrong = amounts.find(([, amount]) => amount !== undefined && !(Number.isFinite(amount) && amount >= 0));
  return wrong && `resources.${wrong[0]} is a number from 0 on, not ${String(wrong[1])}`;
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
