// Two drivers as one: what a program wants elsewhere goes to the cluster, all else runs on this host.

import type { KeptWorker, WorkerDriver, WorkerHandle, WorkerSpec } from "../worker-driver.ts";

export interface SplitDrivers {
  readonly here: WorkerDriver;
  readonly elsewhere: WorkerDriver;
}

export function splitDriver({ here, elsewhere }: SplitDrivers): WorkerDriver {
  return {
    name: `${here.name} and ${elsewhere.name}`,
    start: (spec: WorkerSpec, signal: AbortSignal): Promise<WorkerHandle> => (spec.remote === true ? elsewhere.start(amongRemote(spec), signal) : here.start(spec, signal)),
    async adopt(kept: KeptWorker): Promise<WorkerHandle | undefined> {
      return (kept.actor === undefined ? here : elsewhere).adopt?.(kept);
    },
    sweep(): void {
      for (const driver of [here, elsewhere]) driver.sweep?.();
    },
    ...(elsewhere.rayView ? { rayView: () => elsewhere.rayView!() } : {}),
    ...(elsewhere.rayDashboard ? { rayDashboard: (signal: AbortSignal) => elsewhere.rayDashboard!(signal) } : {}),
    async [Symbol.asyncDispose](): Promise<void> {
      for (const driver of [here, elsewhere]) await driver[Symbol.asyncDispose]?.();
    },
  };
}

function amongRemote(spec: WorkerSpec): WorkerSpec {
  return spec.gang ? { ...spec, gang: { ...spec.gang, of: spec.gang.of.filter(({ remote }) => remote) } } : spec;
}
