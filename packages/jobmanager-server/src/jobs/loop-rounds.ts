// Asks all workers of an attempt, round after round, what their feedback loops have counted, and tells them which
// loops are empty (protocol/src/loop-termination.ts decides).

import { deferred, type Clock, type Deferred } from "@sage/core";
import type { LoopReport } from "@sage/protocol";
import { endedLoops, sumLoops, type LoopSums } from "@sage/protocol/records";
import { orAborted } from "../waits.ts";
import type { AttemptWorker } from "./attempt-worker.ts";

const shortestPauseMs = 5;
const longestPauseMs = 100;

export class LoopRounds {
  readonly #workers: readonly AttemptWorker[];
  readonly #open: Set<string>;
  #round = 0;
  #reports = new Map<number, LoopReport["loops"]>();
  #complete: Deferred<void> = deferred();

  constructor(workers: readonly AttemptWorker[], loopIds: readonly string[]) {
    this.#workers = workers;
    this.#open = new Set(loopIds);
  }

  /** Takes an answer; those of earlier rounds are too late. */
  onReport(workerIndex: number, report: LoopReport): void {
    if (report.round !== this.#round) return;
    this.#reports.set(workerIndex, report.loops);
    if (this.#asked().every((worker) => this.#reports.has(worker.index))) this.#complete.resolve();
  }

  /** Resolves when every loop has ended. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    let earlier: LoopSums = new Map();
    let pauseMs = shortestPauseMs;
    while (this.#open.size > 0) {
      const sums = await this.#ask(signal);
      for (const loopId of endedLoops(earlier, sums)) this.#close(loopId);
      pauseMs = isQuiet(sums) ? shortestPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      earlier = sums;
      await clock.sleep(pauseMs, signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<LoopSums> {
    this.#round++;
    this.#reports = new Map();
    this.#complete = deferred();
    for (const worker of this.#asked()) worker.send({ loopQuery: { round: this.#round } });
    await orAborted(this.#complete.promise, signal);
    return sumLoops(this.#reports.values());
  }

  /** A worker that has finished has no part in a loop which is still open. */
  #asked(): readonly AttemptWorker[] {
    return this.#workers.filter((worker) => !worker.isFinished);
  }

  #close(loopId: string): void {
    if (!this.#open.delete(loopId)) return;
    for (const worker of this.#workers) worker.send({ loopEnd: { loopId } });
  }
}

const isQuiet = (sums: LoopSums): boolean => [...sums.values()].every((sum) => sum.quiet);
