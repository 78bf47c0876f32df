// The phases of a job, the time each took, and why it moved on.

import type { JobJson } from "@sage/protocol/json";
import { Restarts } from "./restarts.tsx";
import { plain, showClock, showDuration, showTime } from "../format.ts";
import { Status, toneOf } from "../ui/status.tsx";
import { isEnded } from "../jobs/job-filter.ts";

export function Timeline({ job, nowMs }: { readonly job: JobJson; readonly nowMs: number }) {
  const moves = job.history.map((move, index) => {
    const atMs = Date.parse(move.at ?? "");
    const next = job.history[index + 1];
    const untilMs = next ? Date.parse(next.at ?? "") : isEnded(move.status) ? undefined : nowMs;
    return { ...move, key: index, atMs, lastedMs: untilMs === undefined ? undefined : Math.max(0, untilMs - atMs) };
  });
  const total = moves.reduce((sum, { lastedMs }) => sum + (lastedMs ?? 0), 0);
  return (
    <div class="timeline">
      {total > 0 ? (
        <div class="phase-bar" aria-hidden="true">
          {moves.map(({ key, status, lastedMs }) => (lastedMs === undefined ? null : <i key={key} class={`tone-${toneOf(status)}`} style={{ flexGrow: Math.max(lastedMs, total / 200) }} title={`${status}, ${showDuration(lastedMs)}`} />))}
        </div>
      ) : null}
      <ol>
        {moves.map(({ key, status, at, reason, lastedMs }) => (
          <li key={key}>
            <time dateTime={at ?? ""} title={showTime(at)}>{showClock(at)}</time>
            <Status status={status} />
            <span class="muted"><bdi>{plain(reason, 500)}</bdi></span>
            <span class="number">{lastedMs === undefined ? "" : showDuration(lastedMs)}</span>
          </li>
        ))}
      </ol>
      {job.restarts.length > 0 ? <Restarts job={job} /> : null}
    </div>
  );
}
