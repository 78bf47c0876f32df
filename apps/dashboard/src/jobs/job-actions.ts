// What a page can have the daemon do to jobs.

import type { ActionOutcome } from "@sage/protocol/json";
import { plainName, plural } from "../format.ts";
import { toast } from "../ui/toasts.tsx";
import { isEnded } from "./job-filter.ts";

export interface ActionLook {
  readonly label: string;
  readonly danger: boolean;
  /** Whether it means something for a job in this state. */
  readonly fits: (status: string) => boolean;
  readonly done: string;
  readonly question: string;
}

/** How an action that the daemon offers is shown; others are not shown. */
export const actionLooks: Readonly<Record<string, ActionLook>> = {
  stop: { label: "Stop", danger: true, fits: (status) => !isEnded(status) && status !== "stopping", done: "stopped", question: "Their workers end; records under way are not finished." },
  continue: { label: "Continue", danger: false, fits: (status) => status === "stopped" || status === "failed", done: "continued", question: "They go on from their last checkpoint." },
  savepoint: { label: "Savepoint", danger: false, fits: (status) => status === "running", done: "saved", question: "Their state is saved; they go on." },
  delete: { label: "Delete", danger: true, fits: () => true, done: "deleted", question: "They leave this list. Jobs that still run are stopped first." },
};

interface Target {
  readonly jobId: string;
  readonly name: string;
}

/** Acts on each job by itself, and says in a toast what came of it. */
export async function act(action: string, targets: readonly Target[]): Promise<void> {
  const done = actionLooks[action]?.done ?? action;
  try {
    const answer = await fetch("/api/v1/actions", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ action, jobIds: targets.map(({ jobId }) => jobId) }),
    });
    const body = (await answer.json()) as { outcomes?: readonly ActionOutcome[]; error?: { message: string } };
    if (!answer.ok || !body.outcomes) throw new Error(body.error?.message ?? `the daemon answered ${answer.status}`);
    const failed = body.outcomes.filter(({ ok }) => !ok);
    const [first] = targets;
    if (failed.length > 0) toast(`${plural(failed.length, "job")} of ${targets.length} not ${done}: ${failed[0]?.error?.message ?? ""}`, "bad");
    else toast(targets.length === 1 && first ? `${plainName(first.name)}: ${done}` : `${plural(targets.length, "job")} ${done}`);
  } catch (error) {
    toast(`Nothing was ${done}: ${error instanceof Error ? error.message : String(error)}`, "bad");
  }
}
