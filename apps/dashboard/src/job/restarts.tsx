// From what a job has recovered: the newest first, each with its root cause, the user's own line, and how it came back.

import type { JobJson, RestartJson } from "@sage/protocol/json";
import { plain, plainName, showClock, showDuration, showTime, showWhole } from "../format.ts";
import { userLineOf } from "./failure-card.tsx";

export function Restarts({ job }: { readonly job: JobJson }) {
  return (
    <section aria-label="Restarts">
      <h3>Restarts</h3>
      <ol class="restarts">{[...job.restarts].reverse().map((restart) => <Restart key={restart.attempt} restart={restart} />)}</ol>
    </section>
  );
}

function Restart({ restart }: { readonly restart: RestartJson }) {
  const { attempt, at, cause, code, operator, index, recordNumber, checkpointId, delayMs, recoveredMs, host, stack, hint } = restart;
  const line = stack === "" ? undefined : userLineOf(stack);
  const facts = [
    operator === "" ? "" : `in ${plainName(operator)}[${index}]`, recordNumber > 0 ? `on record ${showWhole(recordNumber)}` : "", host === "" ? "" : `on host ${plainName(host)}`,
    checkpointId > 0 ? `went on from checkpoint ${checkpointId}` : "began again at the start", delayMs > 0 ? `after a pause of ${showDuration(delayMs)}` : "",
  ].filter((fact) => fact !== "");
  return (
    <li>
      <time dateTime={at ?? ""} title={showTime(at)}>{showClock(at)}</time>
      <span>attempt {attempt}</span>
      <div class="restart-cause">
        <strong><bdi>{plain(cause, 1_000)}</bdi></strong>
        {line === undefined ? null : <p class="user-line"><span>Your line</span> <code><bdi>{plain(line, 500)}</bdi></code></p>}
        <small class="muted">{facts.join(", ")}; <span class="mono">{plainName(code)}</span></small>
        {hint === "" ? null : <small class="muted"><bdi>{plain(hint, 500)}</bdi></small>}
      </div>
      <span class="number">{recoveredMs > 0 ? `back in ${showDuration(recoveredMs)}` : "not back yet"}</span>
    </li>
  );
}
