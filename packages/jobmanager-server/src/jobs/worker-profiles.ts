// CPU profiles that people ask workers for.

import { deferred, TimeoutError, type Clock, type Deferred } from "@sage/core";
import type { Profiled, ProfileView } from "@sage/protocol";
import { orAborted, settledWithin } from "../waits.ts";
import { NoSuchWorkerError, ProfileFailedError } from "../errors.ts";
import type { AttemptWorker } from "./attempt-worker.ts";

/** What a profile may take beyond its own time: its worker may be busy. */
const graceMs = 15_000;

export class WorkerProfiles {
  readonly #workers: readonly AttemptWorker[];
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Deferred<ProfileView>>();
  #last = 0;

  constructor(workers: readonly AttemptWorker[], clock: Clock) {
    this.#workers = workers;
    this.#clock = clock;
  }

  /** @throws {@link NoSuchWorkerError}, {@link ProfileFailedError}, TimeoutError if the worker does not answer; the signal's reason. */
  async take(workerIndex: number, durationMs: number, signal: AbortSignal): Promise<ProfileView> {
    const worker = this.#workers[workerIndex];
    if (worker === undefined) throw new NoSuchWorkerError(workerIndex, this.#workers.length);
    const id = ++this.#last;
    const taken = deferred<ProfileView>();
    taken.promise.catch(() => {}); // the wait below hears of it
    this.#waiting.set(id, taken);
    try {
      worker.send({ profile: { id, durationMs } });
      const answered = await orAborted(settledWithin(Promise.race([taken.promise, worker.quiet.promise]), durationMs + graceMs, this.#clock), signal);
      if (!answered) throw new TimeoutError(`the profile of worker ${workerIndex}`, durationMs + graceMs);
      taken.reject(new ProfileFailedError(`worker ${workerIndex} has ended`));
      return { ...(await taken.promise), workerIndex, host: worker.host };
    } finally {
      this.#waiting.delete(id);
      if (!worker.isFinished && signal.aborted) worker.send({ profile: { id, durationMs: 0 } });
    }
  }

  onProfiled({ index }: AttemptWorker, { id, profile, error }: Profiled): void {
    if (profile) this.#waiting.get(id)?.resolve(profile);
    else this.#waiting.get(id)?.reject(new ProfileFailedError(`worker ${index}: ${error}`));
  }
}
