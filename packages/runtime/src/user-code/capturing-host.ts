// The worker's host: takes the graph of one submit of the program, and lets the program go no further.
//
// Invariants:
//   H1. The wanted submit, and every later one, never returns: a worker runs no user code behind it.
//   H2. An earlier submit returns at once as a completed job, whose results cannot be read here.

import { deferred, newJobId } from "@sage/core";
import type { HealthReport, JobResult, ParamValue, PipelineHost, RunningJob, Submission } from "@sage/graph";
import { ResultsElsewhereError } from "./errors.ts";

export interface Overrides {
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly parallelism?: number;
}

export class CapturingHost implements PipelineHost {
  readonly overrides: Overrides;
  readonly #wanted: number;
  readonly #captured = deferred<Submission>();
  #submits = 0;

  /** @param wanted - which submit of the program to take, from 0. */
  constructor(wanted: number, overrides: Overrides) {
    this.#wanted = wanted;
    this.overrides = overrides;
  }

  /** The wanted submission. */
  get captured(): Promise<Submission> {
    return this.#captured.promise;
  }

  /** How many submits there were so far. */
  get submits(): number {
    return this.#submits;
  }

  submit(submission: Submission): Promise<RunningJob> {
    const index = this.#submits++;
    if (index < this.#wanted) return Promise.resolve(completedElsewhere(submission));
    if (index === this.#wanted) this.#captured.resolve(submission);
    return new Promise(() => {}); // H1
  }

  health(): Promise<HealthReport> {
    return Promise.resolve({ healthy: true, target: "local", detail: "inside a worker" });
  }
}

function completedElsewhere({ graph, collects, options }: Submission): RunningJob {
  for (const collect of collects) collect.attach(unreadable(graph.name));
  const jobId = options.id ?? newJobId();
  const atMs = Date.now();
  const result: JobResult = { jobId, name: graph.name, status: "completed", startedAtMs: atMs, endedAtMs: atMs, operators: [] };
  return {
    jobId,
    done: () => Promise.resolve(result),
    status: () => Promise.resolve(result),
    stop: () => Promise.resolve(),
    savepoint: () => Promise.resolve({ id: 0, path: "", bytes: 0 }),
    rescale: () => Promise.resolve(),
    detach: () => Promise.resolve(),
  };
}

const unreadable = (pipeline: string): AsyncIterable<never> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new ResultsElsewhereError(pipeline)) }),
});
