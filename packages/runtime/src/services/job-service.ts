// A service as the host of a process keeps it: one that lives here, or the stand-in of one that lives elsewhere.

import type { GateCall } from "./call-gate.ts";
import type { ServiceState } from "./hosted-service.ts";

export interface ServiceMetrics {
  readonly name: string;
  readonly state: ServiceState;
  readonly calls: number;
  /** Calls that were refused, timed out or threw. */
  readonly failures: number;
  readonly restarts: number;
  /** Calls waiting now. */
  readonly queued: number;
  /** Calls that have ended, and how long their callers waited in all, in milliseconds. */
  readonly answered: number;
  readonly latencyTotalMs: number;
}

export interface JobService {
  readonly name: string;
  /** Resolves when it takes calls. @throws ServiceFailedError when it could not be set up, restarts included. */
  start(): Promise<void>;
  call(method: string, args: readonly unknown[], caller: string): Promise<unknown>;
  /** Calls of this process whose callers still wait. */
  pending(): Iterable<GateCall>;
  /** Of a service that lives here. */
  metrics(): ServiceMetrics | undefined;
  /**
   * Ends it: after the calls that are waited for, or at once. Never throws.
   *
   * @param drain - whether callers still get their answers.
   */
  close(drain: boolean): Promise<void>;
}
