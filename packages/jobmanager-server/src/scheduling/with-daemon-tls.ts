// A driver whose workers are told how to know their daemon, where it speaks TLS.

import type { TlsFacts } from "@sage/protocol";
import type { WorkerDriver } from "./worker-driver.ts";

/** @param facts - asked at every start: the certificate may have been replaced. */
export function withDaemonTls(driver: WorkerDriver, facts: () => TlsFacts): WorkerDriver {
  return {
    name: driver.name,
    ...(driver.isElsewhere === undefined ? {} : { isElsewhere: driver.isElsewhere }),
    start: (spec, signal) => driver.start({ ...spec, boot: { ...spec.boot, daemonTls: facts() } }, signal),
    adopt: async (kept) => driver.adopt?.(kept),
    sweep: () => driver.sweep?.(),
    ...(driver.rayView ? { rayView: () => driver.rayView!() } : {}),
    ...(driver.rayDashboard ? { rayDashboard: (signal: AbortSignal) => driver.rayDashboard!(signal) } : {}),
    [Symbol.asyncDispose]: async () => driver[Symbol.asyncDispose]?.(),
  };
}
