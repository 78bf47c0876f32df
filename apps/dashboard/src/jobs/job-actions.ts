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
  readonly asksParallelism?: true;
}

export interface ActionWishes {
  readonly parallelism?: number;
  readonly checkpointId?: number;
}

/** How an action that the daemon offers is shown; others are not shown. */
export const actionLooks: Readonly<Record<string, ActionLook>> = {
  stop: { label: "Stop", danger: true, fits: (status) => !isEnded(status) && status !== "stopping", done: "stopped", question: "The state is saved, then the workers end. Continue goes on from there." },
  "stop-now": { label: "Stop now", danger: true, fits: (status) => status === "stopping", done: "stopped", question: "The workers end without saving: what came behind the last checkpoint is done again by Continue." },
  continue: { label: "Continue", danger: false, fits: (status) => status === "stopped" || status === "failed", done: "continued", question: "It goes on from its last checkpoint; without one, from the start." },
  rescale: { label: "Rescale", danger: false, fits: (status) => status === "running", done: "rescaled", question: "The state is saved, and the job goes on with another parallelism.", asksParallelism: true },
  savepoint: { label: "Savepoint", danger: false, fits: (status) => status === "running", done: "saved", question: "The state is saved; the job goes on." },
  delete: { label: "Delete", danger: true, fits: () => true, done: "deleted", question: "It leaves this list. A job that still runs is stopped first." },
};

interface Target {
  readonly jobId: string;
  readonly name: string;
}

/** Acts on each job by itself, and says in a toast what came of it. */
export async function act(action: string, targets: readonly Target[], wishes: ActionWishes = {}): Promise<void> {
  const done = actionLooks[action]?.done ?? action;
  try {
    const answer = await fetch("/api/v1/actions", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ...wishes, action, jobIds: targets.map(({ jobId }) => jobId) }),
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
