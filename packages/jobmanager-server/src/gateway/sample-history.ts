// How many records each job had when, and how far it was behind: kept for whoever opens a job's page later.
//
// A job's samples cover its whole life in bounded memory: when there are too many, every other one goes and the pause
// between two doubles.

import type { Clock } from "@sage/core";
import { delaysOf, recordsOf, type JobSampleJson } from "@sage/protocol/json";
import type { JobManager } from "../jobs/job-manager.ts";
import { isEnded } from "../jobs/lifecycle.ts";

const mostSamples = 512;
const mostJobs = 200;
const sampleEveryMs = 1_000;

interface Series {
  samples: JobSampleJson[];
  everyMs: number;
  ended: boolean;
}

export class SampleHistory {
  readonly #series = new Map<string, Series>();
  readonly #jobs: JobManager;
  readonly #clock: Clock;

  constructor(jobs: JobManager, clock: Clock) {
    this.#jobs = jobs;
    this.#clock = clock;
  }

  /** Takes samples until the signal fires. */
  async run(signal: AbortSignal): Promise<never> {
    for (;;) {
      this.sample();
      await this.#clock.sleep(sampleEveryMs, signal);
    }
  }

  sample(): void {
    const nowMs = this.#clock.now();
    const running = this.#jobs.list(["running", "recovering", "stopping"]);
    for (const { record, operators } of running) {
      const { latencyMs, lagMs } = delaysOf({ operators });
      this.add(record.jobId, [nowMs, recordsOf({ operators }), latencyMs, lagMs]);
    }
    for (const [jobId, series] of this.#series) {
      if (series.ended || running.some(({ record }) => record.jobId === jobId)) continue;
      const last = this.#jobs.get(jobId);
      if (!isEnded(last.record.phase)) continue;
      this.add(jobId, [last.record.endedAtMs || nowMs, recordsOf(last), null, null], true);
      series.ended = true;
    }
    for (const [jobId, { ended }] of this.#series) if (ended && this.#series.size > mostJobs) this.#series.delete(jobId);
  }

  add(jobId: string, sample: JobSampleJson, isLast = false): void {
    let series = this.#series.get(jobId);
    if (!series) this.#series.set(jobId, (series = { samples: [], everyMs: sampleEveryMs, ended: false }));
    const before = series.samples.at(-1);
    if (before && !isLast && sample[0] - before[0] < series.everyMs * 0.75) return;
    series.samples.push(sample);
    if (series.samples.length <= mostSamples) return;
    series.samples = series.samples.filter((_, index) => index % 2 === 0);
    series.everyMs *= 2;
  }

  of(jobId: string): readonly JobSampleJson[] {
    return this.#series.get(jobId)?.samples ?? [];
  }
}
