// What a job may rely on when something fails, in the words that `show` has. Pure.

import type { Plan, RestartStrategy } from "@sage/protocol";
import { checkpointSettings, type CheckpointSettings } from "../checkpoint/settings.ts";
import type { JobRecord, Submission } from "../store/job-store.ts";
import { toRestartPolicy, type RestartStrategy as Strategy } from "./restart.ts";

export function durabilityOf(submission: Submission, plan: Plan): NonNullable<JobRecord["durability"]> {
  const settings = checkpointSettings(submission.checkpoints);
  const { isAsked, ...checkpoints } = settings;
  return { checkpoints, restart: toWire(toRestartPolicy(submission.restart, isAsked).strategy), ...guaranteeOf(plan, isAsked, settings.guarantee) };
}

interface Guarantee {
  readonly guarantee: "exactly-once" | "at-least-once" | "at-most-once";
  /** Which operator lowers it. */
  readonly guaranteeReason: string;
}

/**
 * What a failure leaves of the results. State is exact, unless the job asked for less.
 *
 * @param isAsked - whether the job has asked for checkpoints: then its collect() waits for them.
 */
export function guaranteeOf({ nodes }: Plan, isAsked: boolean, asked: CheckpointSettings["guarantee"] = "exactly-once"): Guarantee {
  const lost = nodes.find((node) => node.replayable === false);
  if (lost) return { guarantee: "at-most-once", guaranteeReason: `source ${JSON.stringify(lost.name)} cannot give records again` };
  if (asked === "at-least-once") return { guarantee: "at-least-once", guaranteeReason: "the job asked for barriers that do not wait" };
  const again = nodes.find((node) => node.kind === "print" || (node.kind === "sink" && !node.transactional) || (node.kind === "collect" && !isAsked));
  if (again) return { guarantee: "at-least-once", guaranteeReason: `${JSON.stringify(again.name)} may get records again after a failure` };
  return { guarantee: "exactly-once", guaranteeReason: "" };
}

/** What the submitter should know. */
export function warningsOf({ nodes }: Plan): readonly string[] {
  return nodes.filter((node) => node.replayable === false)
    .map(({ name }) => `source ${JSON.stringify(name)} cannot give records again: what it gave behind the last checkpoint is lost when the job fails; a class with its position in a field can`);
}

function toWire(strategy: Strategy): RestartStrategy {
  if (strategy.kind === "none") return { strategy: "none", none: {} };
  if (strategy.kind === "fixed") return { strategy: "fixed", fixed: strategy };
  return strategy.kind === "exponential" ? { strategy: "exponential", exponential: strategy } : { strategy: "failureRate", failureRate: strategy };
}
