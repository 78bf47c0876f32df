// Looks at hosts at once, and decides for each what has to be done. Nothing is changed here.
import { nodeRuntime, type HostFacts, type HostPlan, type NodeRuntime } from "@sage/ssh-deploy";
import { testedRayVersion } from "./layout.ts";
import { askHost, hasNode, planFor } from "./prepare.ts";
import { wantedVersion } from "./ray-program.ts";
import type { ClusterSession, Target } from "./session.ts";

export interface Surveyed {
  readonly target: Target;
  readonly facts: HostFacts;
  readonly plan: HostPlan;
}

export interface Survey {
  readonly rayVersion: string;
  /** In the order of the targets; an error for a host that could not be looked at. */
  readonly hosts: ReadonlyMap<Target, Surveyed | { readonly error: unknown }>;
  readonly runtime: NodeRuntime | undefined;
}

export interface SurveyOptions {
  readonly starts: boolean;
  /** Whether hosts without Node get one. */
  readonly wantsNode?: boolean;
  readonly release?: (target: Target) => { readonly root: string; readonly id: string };
}

const deadlineMs = 60_000;

export async function survey(session: ClusterSession, targets: readonly Target[], options: SurveyOptions): Promise<Survey> {
  const { cluster, head } = session;
  const guess = cluster.ray.version ?? testedRayVersion;
  const asked = targets.includes(head) || cluster.ray.version !== undefined ? targets : [head, ...targets]; // the head's Ray decides
  const report = await session.each(asked, (host, { target, signal }) => askHost(host, target.host, guess, signal), { deadlineMs });
  const facts = new Map(asked.map((target, at) => [target, report.outcomes[at]!] as const));
  const ofHead = facts.get(head);
  const rayVersion = wantedVersion(cluster.ray.version, cluster.head, ofHead?.kind === "done" ? ofHead.value : undefined, testedRayVersion);
  const lackNode = options.wantsNode === true && report.done.some(({ value }) => !hasNode(value));
  const runtime = lackNode ? nodeRuntime() : undefined;
  const hosts = new Map(targets.map((target): [Target, Surveyed | { readonly error: unknown }] => {
    const outcome = facts.get(target)!;
    if (outcome.kind === "failed") return [target, { error: outcome.error }];
    const release = options.release?.(target);
    const plan = planFor(cluster, target.host, outcome.value, { rayVersion, starts: options.starts, ...(runtime ? { runtime } : {}), ...(release ? { release } : {}) });
    return [target, { target, facts: outcome.value, plan }];
  }));
  return { rayVersion, hosts, runtime };
}

export const isSurveyed = (one: Surveyed | { readonly error: unknown }): one is Surveyed => "facts" in one;
