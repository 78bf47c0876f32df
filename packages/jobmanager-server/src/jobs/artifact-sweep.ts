// Removes artifacts that no job names any more, now and then.
//
// Rules: a job names its program, its source map, its data and its plans until it is deleted; what a client has just
// uploaded or asked for stays (artifact-store.ts, A3), so a submission never finds gone what it was told is there.

import type { Clock, Logger } from "@sage/core";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { JobRecord, JobStore } from "../store/job-store.ts";
import { artifactsOf } from "./submission.ts";

export interface SweepParts {
  readonly artifacts: ArtifactStore;
  readonly store: JobStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of all jobs that are not deleted. */
  records(): readonly JobRecord[];
}

/** What nobody names stays for so long. */
export const artifactAgeMs = 24 * 3_600_000;
const intervalMs = 3_600_000;

/** Sweeps every hour, not at once: clients of an earlier daemon may be about to submit. Ends by `signal`. */
export async function sweepArtifacts(parts: SweepParts, ageMs: number, signal: AbortSignal): Promise<never> {
  for (;;) {
    await parts.clock.sleep(Math.min(intervalMs, ageMs), signal);
    try {
      const removed = await parts.artifacts.prune(await namedArtifacts(parts), ageMs);
      if (removed.files > 0) parts.logger.info("removed artifacts that no job names", removed);
    } catch (error) {
      parts.logger.warn("artifacts could not be swept", { error });
    }
  }
}

async function namedArtifacts({ store, records }: SweepParts): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for (const { jobId, planHash, nextPlanHash } of records()) {
    for (const hash of [planHash, nextPlanHash]) if (hash) named.add(hash);
    const submission = await store.submission(jobId);
    if (submission) for (const hash of artifactsOf(submission)) named.add(hash);
  }
  return named;
}
