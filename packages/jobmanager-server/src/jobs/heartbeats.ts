// Finds workers that have fallen silent: their heartbeats come every second over the Attach stream.
//
// A worker may be silent because it computes; then its host still answers, and it has time. A host that does not answer
// either has gone: where the driver can ask it, that is known in seconds.

import type { Clock } from "@sage/core";
import type { AttemptWorker } from "./attempt-worker.ts";
import * as cause from "./cause.ts";

export interface HeartbeatTiming {
  /** A worker that has sent nothing for so long is lost. */
  readonly heartbeatTimeoutMs: number;
  /** After so long a silence its host is asked, where that can be done; it may take as long to answer. */
  readonly suspicionMs: number;
}

/** Tells of each worker that is lost; ends by the signal alone. */
export async function watchHeartbeats(workers: readonly AttemptWorker[], timing: HeartbeatTiming, clock: Clock, onLost: (found: cause.Cause) => void, signal: AbortSignal): Promise<never> {
  const { heartbeatTimeoutMs, suspicionMs } = timing;
  for (;;) {
    await clock.sleep(Math.min(heartbeatTimeoutMs, suspicionMs) / 4, signal);
    for (const worker of workers) {
      const silentMs = clock.monotonicMs() - worker.lastSeenMs;
      if (!worker.isReady || worker.isFinished) continue;
      if (silentMs > heartbeatTimeoutMs) lose(worker, cause.silentWorker(worker.index, worker.host, silentMs, clock.now()));
      else if (silentMs > suspicionMs && !worker.isSuspected) void suspect(worker);
    }
  }

  async function suspect(worker: AttemptWorker): Promise<void> {
    worker.isSuspected = true;
    const sinceMs = worker.lastSeenMs;
    const answers = await worker.handle?.hostAnswers?.(suspicionMs);
    worker.isSuspected = false;
    if (answers !== false || worker.lastSeenMs !== sinceMs || worker.isFinished || signal.aborted) return;
    worker.isCutOff = true;
    lose(worker, cause.silentHost(worker.index, worker.host, clock.monotonicMs() - sinceMs, clock.now()));
  }

  function lose(worker: AttemptWorker, found: cause.Cause): void {
    if (worker.service) worker.kill(); // its exit says the rest
    else onLost(found);
  }
}
