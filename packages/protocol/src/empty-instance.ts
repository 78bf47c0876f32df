// An operator's instance of which nothing is known but its place.

import type { InstanceView__Output as InstanceView } from "./gen/sage/v1/InstanceView.ts";

/** @param index - the parallel instance, from 0. */
export function emptyInstance(index: number): InstanceView {
  return {
    index, state: "created", host: "", pid: 0, workerId: "", restarts: 0, progress: -1,
    recordsIn: 0, recordsOut: 0, recordsInPerSecond: 0, recordsOutPerSecond: 0, skipped: 0, deadLettered: 0, retried: 0, bytesIn: 0, bytesOut: 0, queuedBatches: 0, queuedBytes: 0,
    busyMs: 0, backPressuredMs: 0, idleMs: 0, turnMs: 0, busyMsPerSecond: 0, backPressuredMsPerSecond: 0, idleMsPerSecond: 0, turnMsPerSecond: 0,
    hasWatermark: false, watermarkMs: 0, watermarkLagMs: 0, stateBytes: 0, stateKeys: 0,
    block: null, blocks: 0, latencyP50Ms: 0, latencyP99Ms: 0, latencyMaxMs: 0, latencySamples: 0,
  };
}
