// Finds workers that have fallen silent: their heartbeats come every second over the Attach stream.
//
// A worker may be silent because it computes; then its host still answers, and it has time. A host that does not answer
// either has gone: where the driver can ask it, that is known in seconds. One whose stream has broken is asked at once.

import type { Clock } from "@sage/core";
import type { AttemptWorker } from "./attempt-worker.ts";
import * as cause from "./cause.ts";

export interface HeartbeatTiming {
  /** A worker that has sent nothing for so long is lost. */
  readonly heartbeatTimeoutMs: number;
  /** After so long a silence its host is asked, where that can be done. */
  readonly suspicionMs: number;
  /** How long the host may take to answer. */
  readonly hostAnswerMs: number;
}

const lookEveryMs = 250;
/** A host that has answered need not be asked all the time. */
const askAgainMs = 1_000;

/** Tells of each worker that is lost; ends by the signal alone. */
export async function watchHeartbeats(workers: readonly AttemptWorker[], timing: HeartbeatTiming, clock: Clock, onLost: (found: cause.Cause) => void, signal: AbortSignal): Promise<never> {
  const { heartbeatTimeoutMs, suspicionMs, hostAnswerMs } = timing;
  const answeredAtMs = new Map<AttemptWorker, number>();
  for (;;) {
    await clock.sleep(Math.min(heartbeatTimeoutMs / 4, suspicionMs / 4, lookEveryMs), signal);
    const nowMs = clock.monotonicMs();
    for (const worker of workers) {
      const silentMs = nowMs - worker.lastSeenMs;
      if (!worker.isReady || worker.isFinished) continue;
      if (silentMs > heartbeatTimeoutMs) lose(worker, cause.silentWorker(worker.index, worker.host, silentMs, clock.now()));
      else if ((silentMs > suspicionMs || !worker.link) && !worker.isSuspected && nowMs - (answeredAtMs.get(worker) ?? -Infinity) >= askAgainMs) void suspect(worker);
    }
  }

  async function suspect(worker: AttemptWorker): Promise<void> {
    worker.isSuspected = true;
    const sinceMs = worker.lastSeenMs;
    const answers = await worker.handle?.hostAnswers?.(hostAnswerMs);
    if (answers === true) answeredAtMs.set(worker, clock.monotonicMs());
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
