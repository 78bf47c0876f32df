// Every job that the daemon lists, kept as the daemon says, with the rate of each.

import type { JobRowJson } from "@sage/protocol/json";
import type { Connection, DataMessage } from "./connection.ts";
import { Rates } from "./rates.ts";
import { Store } from "./store.ts";

export interface ListedJob extends JobRowJson {
  /** Records per second of its sources; undefined: not running, or not known yet. */
  readonly rate: number | undefined;
}

export class JobsStore {
  /** Undefined until the daemon has said the first word. */
  readonly jobs = new Store<readonly ListedJob[] | undefined>(undefined);
  readonly #byId = new Map<string, ListedJob>();
  readonly #rates = new Rates();

  follow(connection: Connection): void {
    connection.subscribe({ request: () => ({ topic: "jobs" }), onData: (message) => { if (message.topic === "jobs") this.apply(message); } });
  }

  apply({ jobs, removed, whole, atMs }: Extract<DataMessage, { readonly topic: "jobs" }>): void {
    if (whole) this.#byId.clear();
    for (const jobId of removed) {
      this.#byId.delete(jobId);
      this.#rates.forget(jobId);
    }
    for (const job of jobs) {
      const isRunning = job.status === "running";
      if (isRunning) this.#rates.add(job.jobId, atMs, job.records);
      else this.#rates.forget(job.jobId);
      this.#byId.set(job.jobId, { ...job, rate: isRunning ? this.#rates.of(job.jobId) : undefined });
    }
    this.jobs.set([...this.#byId.values()]);
  }
}
