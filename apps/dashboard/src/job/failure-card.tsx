// Why a job has failed: the cause first, the user's own line under it, what to do, and the rest folded away.

import type { FailureJson } from "@sage/protocol/json";
import { plain, plainName, showTime, showWhole } from "../format.ts";
import { Icon } from "../ui/icons.tsx";

/** The first place of a stack that is in the user's sources. */
export function userLineOf(stack: string): string | undefined {
  const lines = stack.split("\n").map((line) => line.trim()).filter((line) => line.startsWith("at "));
  return lines.find((line) => !/node:|node_modules/.test(line))?.slice(3);
}

export function FailureCard({ failure }: { readonly failure: FailureJson }) {
  const where = failure.operator === "" ? undefined : `${plainName(failure.operator)}[${failure.index}]`;
  const line = userLineOf(failure.stack);
  return (
    <section class="card failure" aria-label="Why the job failed">
      <h2><Icon name="failed" /> <bdi class="failure-message">{plain(failure.message, 2_000)}</bdi></h2>
      <dl class="facts">
        {where === undefined ? null : <div><dt>Operator</dt><dd><bdi>{where}</bdi></dd></div>}
        {failure.recordNumber > 0 ? <div><dt>Record</dt><dd>number {showWhole(failure.recordNumber)}</dd></div> : null}
        {failure.host === "" ? null : <div><dt>Host</dt><dd>{plainName(failure.host)}</dd></div>}
        <div><dt>Who has to act</dt><dd>{failure.fault === "user" ? "the program" : failure.fault === "cluster" ? "the machines" : plainName(failure.fault)}</dd></div>
        <div><dt>Code</dt><dd class="mono">{plainName(failure.code)}</dd></div>
        <div><dt>When</dt><dd>{showTime(failure.at)}</dd></div>
      </dl>
      {line === undefined ? null : <p class="user-line"><span>Your line</span> <code><bdi>{plain(line, 500)}</bdi></code></p>}
      {failure.hint === "" ? null : <p class="hint"><bdi>{plain(failure.hint, 2_000)}</bdi></p>}
      {failure.stack === "" ? null : <details><summary>Stack</summary><pre><bdi>{plain(failure.stack)}</bdi></pre></details>}
    </section>
  );
}
