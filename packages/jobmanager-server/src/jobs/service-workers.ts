// The workers of an attempt's remote services: made anew when their process ends, ended behind all others.
//
// Invariants:
//   S1. A service's process is made anew at most as often as its `maxRestarts` allows, restarts within it included.
//   S2. They are drained when no operator runs any more, the last registered first: each may call those before it until
//       it has cleaned up.

import { backoffMs, newWorkerId, type Clock } from "@sage/core";
import type { PeerInit } from "@sage/protocol";
import type { WorkerExit } from "../scheduling/worker-driver.ts";
import { orAborted } from "../waits.ts";
import type { AttemptWorker } from "./attempt-worker.ts";
import * as cause from "./cause.ts";

/** What the attempt does for them. */
interface AttemptSide {
  readonly clock: Clock;
  /** Starts the worker's process; resolves when it runs. */
  start(worker: AttemptWorker, signal: AbortSignal): Promise<void>;
  /** Waits until it has said Hello, and deploys it. */
  deploy(worker: AttemptWorker, restarts: number, signal: AbortSignal): Promise<void>;
  /** Tells all others where it listens now. */
  announce(peer: PeerInit): void;
  /** Restarts within the process, as last heard. */
  restartsWithin(worker: AttemptWorker): number;
  log(text: string): void;
  fail(found: cause.Cause): void;
}

export class ServiceWorkers {
  readonly #workers: readonly AttemptWorker[];
  readonly #attempt: AttemptSide;
  readonly #restarts = new Map<AttemptWorker, number>();

  constructor(workers: readonly AttemptWorker[], attempt: AttemptSide) {
    this.#workers = workers;
    this.#attempt = attempt;
  }

  /** Whether an exit is one of a service that may be made anew; then `remake` does it. */
  mayRemake({ service, isFinished }: AttemptWorker): boolean {
    return service !== undefined && !isFinished;
  }

  /** @param exit - of the process that is gone. */
  async remake(worker: AttemptWorker, exit: WorkerExit, signal: AbortSignal): Promise<void> {
    const { clock, log, fail } = this.#attempt;
    const { service, host } = worker;
    const { name, maxRestarts = 0 } = service!;
    const restarts = Math.max(this.#restarts.get(worker) ?? 0, this.#attempt.restartsWithin(worker)) + 1;
    const lastOutput = worker.handle?.lastOutput() ?? "";
    if (restarts > maxRestarts) return fail(cause.exitedService(name, maxRestarts, worker.index, host, exit, lastOutput, clock.now()));
    this.#restarts.set(worker, restarts);
    log(`service "${name}" is made anew (${restarts} of ${maxRestarts}): its process on ${host} ${cause.howItEnded(exit)}`);
    if (worker.handle) await orAborted(worker.handle.gone, signal);
    worker.renew(newWorkerId());
    await clock.sleep(backoffMs(restarts, 100), signal);
    await this.#attempt.start(worker, signal);
    await this.#attempt.deploy(worker, restarts, signal);
    this.#attempt.announce({ workerIndex: worker.index, dataAddress: worker.dataAddress });
  }

  /** Lets them clean up, one after the other; resolves when all have. */
  async finish(signal: AbortSignal): Promise<void> {
    for (const worker of this.#workers.toReversed()) {
      worker.send({ drain: {} });
      await orAborted(worker.finished.promise, signal);
    }
  }

  get exist(): boolean {
    return this.#workers.length > 0;
  }

  get inOrderOfEnd(): readonly AttemptWorker[] {
    return this.#workers.toReversed();
  }
}
