// A button for one action on one or more jobs, with its question.

import { useState } from "preact/hooks";
import { plainName, plural } from "../format.ts";
import type { ListedJob } from "../jobs-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { act, actionLooks } from "./job-actions.ts";

export interface ActionButtonProps {
  readonly action: string;
  readonly jobs: readonly Pick<ListedJob, "jobId" | "name" | "status">[];
  readonly onDone?: () => void;
}

const namedInQuestion = 6;

export function ActionButton({ action, jobs, onDone }: ActionButtonProps) {
  const [asking, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const look = actionLooks[action];
  const fitting = look ? jobs.filter(({ status }) => look.fits(status)) : [];
  if (!look || fitting.length === 0) return null;
  const run = async () => {
    ask(false);
    setBusy(true);
    await act(action, fitting);
    setBusy(false);
    onDone?.();
  };
  const what = fitting.length === 1 ? plainName(fitting[0]?.name ?? "") : plural(fitting.length, "job");
  return (
    <>
      <button type="button" class={`button ${look.danger ? "danger-quiet" : ""}`} disabled={busy} aria-busy={busy} onClick={() => ask(true)}>
        {busy ? `${look.label}…` : look.label}
      </button>
      {asking ? (
        <Dialog title={`${look.label} ${what}?`} confirm={look.label} danger={look.danger} onCancel={() => ask(false)} onConfirm={() => void run()}>
          <p>{look.question}</p>
          {fitting.length > 1 ? <ul>{fitting.slice(0, namedInQuestion).map(({ jobId, name }) => <li key={jobId}><bdi>{plainName(name)}</bdi></li>)}</ul> : null}
          {fitting.length > namedInQuestion ? <p>and {fitting.length - namedInQuestion} more</p> : null}
        </Dialog>
      ) : null}
    </>
  );
}
