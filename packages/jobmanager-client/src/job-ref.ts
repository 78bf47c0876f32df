// What people call a job by: its number in the list, its id, or the beginning of its id.

import type { JobView } from "@sage/protocol";
import { AmbiguousJobError, JobNotFoundError } from "./errors.ts";

/** Few characters would soon mean another job. */
const shortestPrefix = 4;

/**
 * The job that `ref` means.
 *
 * @param ref - a number as in the list, a full id, or at least 4 characters that only one id begins with.
 * @throws JobNotFoundError, AmbiguousJobError (which names the candidates).
 */
export function findJob(ref: string, jobs: readonly JobView[]): JobView {
  const wanted = ref.trim().toLowerCase();
  const exact = jobs.find((job) => job.jobId === wanted) ?? numbered(wanted, jobs);
  if (exact) return exact;
  const candidates = wanted === "" ? [] : jobs.filter((job) => job.jobId.startsWith(wanted));
  if (candidates.length > 1 || (candidates.length === 1 && wanted.length < shortestPrefix)) throw new AmbiguousJobError(ref, candidates);
  if (candidates[0]) return candidates[0];
  throw new JobNotFoundError(ref);
}

/** A list number, also written `#3`. Digits that are no number of a job may still begin an id. */
function numbered(wanted: string, jobs: readonly JobView[]): JobView | undefined {
  const digits = /^#?(\d{1,9})$/.exec(wanted)?.[1];
  return digits === undefined ? undefined : jobs.find((job) => job.number === Number(digits));
}
