// Workers that are started before anybody needs them, so that a job does not wait for a process to load: a driver around
// another one.
//
// Invariants:
//   P1. At most `count` wait. What was taken is replaced a while after the last start: not beside the job's own.
//   P2. A start never fails because of a waiting worker: where none can take it, the driver starts one as ever.
//   P3. What ends by itself is replaced only behind the next start: a broken program is not started again and again.

import { messageOf, TaskGroup, type Clock, type Logger } from "@sage/core";
import type { KeptWorker, PreparedWorker, WorkerDriver, WorkerHandle, WorkerSpec } from "./worker-driver.ts";

/** So long nothing was started, in milliseconds. */
const calmMs = 300;

export interface WarmWorkersOptions {
  readonly count: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A driver that keeps `count` workers waiting; as it is, where it cannot prepare any or none are asked for. */
export function withWarmWorkers(driver: WorkerDriver, options: WarmWorkersOptions): WorkerDriver {
  const prepare = driver.prepare?.bind(driver);
  return prepare === undefined || options.count === 0 ? driver : new WarmWorkers(driver, prepare, options);
}

class WarmWorkers implements WorkerDriver {
  readonly name: string;
  readonly isElsewhere: boolean;
  readonly #driver: WorkerDriver;
  readonly #prepare: () => Promise<PreparedWorker>;
  readonly #options: WarmWorkersOptions;
  readonly #background: TaskGroup;
  readonly #waiting = new Set<PreparedWorker>();
  #starts = 0;

  constructor(driver: WorkerDriver, prepare: () => Promise<PreparedWorker>, options: WarmWorkersOptions) {
    this.name = driver.name;
    this.isElsewhere = driver.isElsewhere ?? false;
    this.#driver = driver;
    this.#prepare = prepare;
    this.#options = options;
    this.#background = new TaskGroup((error) => options.logger.warn("no worker could be started ahead of its job", { error: messageOf(error) }));
    this.#background.start((signal) => this.#refill(signal));
  }

  async start(spec: WorkerSpec, signal: AbortSignal): Promise<WorkerHandle> {
    signal.throwIfAborted();
    this.#refillSoon();
    for (const worker of this.#waiting) {
      if (!worker.canTake(spec)) continue;
      this.#waiting.delete(worker);
      return worker.give(spec);
    }
    return this.#driver.start(spec, signal);
  }

  async adopt(kept: KeptWorker): Promise<WorkerHandle | undefined> {
    return this.#driver.adopt?.(kept);
  }

  sweep(): void {
    this.#driver.sweep?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#background[Symbol.asyncDispose]();
    await Promise.all([...this.#waiting].map((worker) => worker.discard()));
    this.#waiting.clear();
    await this.#driver[Symbol.asyncDispose]?.();
  }

  #refillSoon(): void {
    const mine = ++this.#starts;
    this.#background.start(async (signal) => {
      await this.#options.clock.sleep(calmMs, signal);
      if (mine === this.#starts) await this.#refill(signal);
    });
  }

  async #refill(signal: AbortSignal): Promise<void> {
    for (const worker of this.#waiting) if (worker.hasEnded) this.#waiting.delete(worker);
    while (this.#waiting.size < this.#options.count && !signal.aborted) {
      const worker = await this.#prepare();
      this.#waiting.add(worker);
    }
  }
}
