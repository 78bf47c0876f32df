// What holds the job back, in the words of `sage job why-slow`: the cause first, what would help below it.

import type { WhySlow } from "@sage/protocol/json";
import { plain } from "../format.ts";
import { Icon } from "../ui/icons.tsx";

/** What is said elsewhere on the page, or is no trouble. */
const quiet = new Set(["idle", "unknown", "restarts"]);

export function SlowNote({ slow }: { readonly slow: WhySlow }) {
  const findings = slow.findings.filter(({ kind }) => !quiet.has(kind));
  const [first, ...more] = findings;
  if (!first) return null;
  const isTrouble = first.kind !== "source"; // a source that sets the pace holds nobody up
  return (
    <section class={`banner slow-note ${isTrouble ? "tone-warn" : "tone-muted"}`} aria-label="What holds the job back">
      <p>{isTrouble ? <Icon name="warning" /> : null} <bdi>{withCode(plain(first.text, 1_000))}</bdi></p>
      {more.length > 0 ? <ul>{more.map(({ text }, index) => <li key={index}><bdi>{withCode(plain(text, 1_000))}</bdi></li>)}</ul> : null}
    </section>
  );
}

/** What stands between back-ticks is code. */
const withCode = (text: string) => text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
