// One line of the list of jobs. Drawn again only when its job, its place or its selection has changed.

import { memo } from "../memo.ts";
import { plainName, showAge, showCount, showDuration, showRate, showTime, showWhole } from "../format.ts";
import type { ListedJob } from "../jobs-store.ts";
import { jobHash } from "../route.ts";
import { Status } from "../ui/status.tsx";
import { isEnded } from "./job-filter.ts";

export const jobRowHeight = 56;

export interface JobRowProps {
  readonly job: ListedJob;
  readonly index: number;
  readonly top: number;
  /** By the daemon's clock. */
  readonly nowMs: number;
  readonly selected: boolean;
  readonly onSelect: (jobId: string) => void;
}

/** How long a job has run so far. */
export const runtimeMsOf = (job: Pick<ListedJob, "status" | "startedAt" | "runtimeMs">, nowMs: number): number | null =>
  job.startedAt !== null && !isEnded(job.status) ? Math.max(0, nowMs - Date.parse(job.startedAt)) : job.runtimeMs;

function Row({ job, index, top, nowMs, selected, onSelect }: JobRowProps) {
  const name = plainName(job.name);
  const restarts = job.restartCount;
  return (
    <div class={`row ${selected ? "selected" : ""}`} role="row" aria-rowindex={index + 2} style={{ top: `${top}px`, height: `${jobRowHeight}px` }}>
      <span role="cell" class="check"><input type="checkbox" aria-label={`Select ${name}`} checked={selected} onChange={() => onSelect(job.jobId)} /></span>
      <span role="cell" class="cell-status"><Status status={job.status} /></span>
      <span role="cell" class="cell-name">
        <a href={jobHash(job.jobId)} title={name}><bdi>{name}</bdi></a>
        <small>
          <span class="mono">#{job.number} · {job.jobId.slice(0, 8)}</span>
          {Object.entries(job.labels).slice(0, 3).map(([key, value]) => <span key={key} class="label"><bdi>{plainName(`${key}=${value}`)}</bdi></span>)}
          {job.failure ? <span class="why" title={plainName(job.failure.message)}><bdi>{plainName(job.failure.message)}</bdi></span> : null}
        </small>
      </span>
      <span role="cell" class="cell-records number" title={showWhole(job.records)}>{showCount(job.records)}</span>
      <span role="cell" class="cell-rate number">{showRate(job.rate)}</span>
      <span role="cell" class="cell-runtime number">{showDuration(runtimeMsOf(job, nowMs))}</span>
      <span role="cell" class={`cell-restarts number ${restarts > 0 ? "tone-warn" : "faint"}`}>{restarts}</span>
      <span role="cell" class="cell-number number" title={showTime(job.submittedAt)}>{showAge(job.submittedAt, nowMs)}</span>
    </div>
  );
}

export const JobRow = memo(Row, (before, after) =>
  before.job === after.job && before.top === after.top && before.selected === after.selected && Math.floor(before.nowMs / 1_000) === Math.floor(after.nowMs / 1_000));
