// A button for one action on one or more jobs, with its question.

import { useState } from "preact/hooks";
import { plainName, plural } from "../format.ts";
import type { ListedJob } from "../jobs-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { act, actionLooks, type ActionWishes } from "./job-actions.ts";

export interface ActionButtonProps {
  readonly action: string;
  readonly jobs: readonly Pick<ListedJob, "jobId" | "name" | "status">[];
  readonly wishes?: ActionWishes;
  /** In the place of the action's own. */
  readonly label?: string;
  readonly onDone?: () => void;
}

const namedInQuestion = 6;

export function ActionButton({ action, jobs, wishes = {}, label, onDone }: ActionButtonProps) {
  const [asking, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const [parallelism, setParallelism] = useState(0);
  const look = actionLooks[action];
  const fitting = look ? jobs.filter(({ status }) => look.fits(status)) : [];
  if (!look || fitting.length === 0) return null;
  const run = async () => {
    ask(false);
    setBusy(true);
    await act(action, fitting, look.asksParallelism ? { ...wishes, parallelism } : wishes);
    setBusy(false);
    onDone?.();
  };
  const what = fitting.length === 1 ? plainName(fitting[0]?.name ?? "") : plural(fitting.length, "job");
  return (
    <>
      <button type="button" class={`button ${look.danger ? "danger-quiet" : ""}`} disabled={busy} aria-busy={busy} onClick={() => ask(true)}>
        {label ?? look.label}{busy ? "…" : ""}
      </button>
      {asking ? (
        <Dialog title={`${look.label} ${what}?`} confirm={look.label} ready={!look.asksParallelism || (Number.isInteger(parallelism) && parallelism > 0)} danger={look.danger} onCancel={() => ask(false)} onConfirm={() => void run()}>
          <p>{look.question}</p>
          {look.asksParallelism ? <label class="field">New parallelism <input type="number" min={1} max={10_000} value={parallelism === 0 ? "" : parallelism} onInput={(event) => setParallelism(Number(event.currentTarget.value))} /></label> : null}
          {fitting.length > 1 ? <ul>{fitting.slice(0, namedInQuestion).map(({ jobId, name }) => <li key={jobId}><bdi>{plainName(name)}</bdi></li>)}</ul> : null}
          {fitting.length > namedInQuestion ? <p>and {fitting.length - namedInQuestion} more</p> : null}
        </Dialog>
      ) : null}
    </>
  );
}
