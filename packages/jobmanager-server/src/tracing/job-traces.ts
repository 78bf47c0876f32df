// Sends what is over of each job's life as spans, once: submit, deploy, checkpoint, recovery. Off unless an OTLP
// endpoint is set; then the daemon looks at its jobs once a second.
//
// Invariants:
//   T1. A job never waits for its trace, and never fails for it.
//   T2. What an earlier daemon has sent is not sent again: only what has ended in this one's life.

import { Cleanup, TaskGroup, type Clock, type Logger } from "@sage/core";
import type { JobManager } from "../jobs/job-manager.ts";
import { isEnded } from "../jobs/lifecycle.ts";
import { jobSpans, type JobSpan } from "./job-spans.ts";

export interface SpanSink extends AsyncDisposable {
  send(jobId: string, span: JobSpan): void;
}

export interface JobTracesParts {
  readonly jobs: Pick<JobManager, "list">;
  readonly sink: SpanSink;
  readonly clock: Clock;
  readonly logger: Logger;
}

const lookEveryMs = 1_000;

/** The usual variables of OpenTelemetry; OTEL_SDK_DISABLED turns it off. */
export const isTracingOn = (env: NodeJS.ProcessEnv): boolean =>
  Boolean(env["OTEL_EXPORTER_OTLP_ENDPOINT"] || env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]) && env["OTEL_SDK_DISABLED"] !== "true";

export class JobTraces implements AsyncDisposable {
  readonly #parts: JobTracesParts;
  readonly #sinceMs: number;
  /** Keys that were sent, by job; of jobs that are over no more is to come. */
  readonly #sent = new Map<string, Set<string>>();
  readonly #owned = new Cleanup();

  constructor(parts: JobTracesParts) {
    this.#parts = parts;
    this.#sinceMs = parts.clock.now();
    this.#owned.use(parts.sink);
    this.#owned.defer(() => this.look());
    const work = this.#owned.use(new TaskGroup((error) => parts.logger.error("traces are no longer sent", { error })));
    work.start((signal) => this.#run(signal));
  }

  async #run(signal: AbortSignal): Promise<never> {
    for (;;) {
      await this.#parts.clock.sleep(lookEveryMs, signal);
      this.look();
    }
  }

  look(): void {
    const { jobs, sink, logger } = this.#parts;
    for (const { record } of jobs.list([], true)) {
      if (isEnded(record.phase) && record.endedAtMs < this.#sinceMs) continue; // T2
      const sent = this.#sent.get(record.jobId) ?? new Set<string>();
      this.#sent.set(record.jobId, sent);
      for (const span of jobSpans(record)) {
        if (span.endMs < this.#sinceMs || sent.has(span.key)) continue;
        sent.add(span.key);
        try {
          sink.send(record.jobId, span);
        } catch (error) {
          logger.warn("a span was not sent", { jobId: record.jobId, error }); // T1
        }
      }
    }
  }

  /** A submit was answered, or refused. */
  submitted(jobId: string, name: string, startMs: number, error?: string): void {
    this.#parts.sink.send(jobId, { key: "submit", name: "submit", startMs, endMs: this.#parts.clock.now(), attributes: { "sage.job.id": jobId, "sage.job.name": name }, ...(error === undefined ? {} : { error }) });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned[Symbol.asyncDispose]();
  }
}
