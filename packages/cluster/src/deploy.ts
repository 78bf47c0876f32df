// `cluster deploy`: brings hosts to where Ray can start, and the project's files to them. What is there is not sent.
import { applySteps, deployActions, describeStep, listReleases, pruneReleases, rollbackRelease, type Tree } from "@sage/ssh-deploy";
import { locked } from "./locked.ts";
import { projectRoot } from "./layout.ts";
import { hasTokenMode, makeToken } from "./ray-token.ts";
import { projectTree } from "./project-tree.ts";
import { proxyEnv } from "./proxy-env.ts";
import { failedReport, toReports, type ClusterReport, type Done } from "./report.ts";
import type { ClusterSession, Target } from "./session.ts";
import { ready, type ChangeOptions } from "./start.ts";
import { survey, type Survey } from "./survey.ts";

export interface DeployReport extends ClusterReport {
  /** The release: named by its content. */
  readonly release: string;
  readonly files: number;
  readonly bytes: number;
  /** Files of the project that are no files: links out of it, sockets. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
}

const hostDeadlineMs = 40 * 60_000;

/** @throws TreeRefusedError for a project that cannot be shipped; DeployLockedError. */
export async function deployCluster(session: ClusterSession, options: ChangeOptions): Promise<DeployReport> {
  const { targets = session.targets, dryRun = false } = options;
  const tree = await projectTree(session);
  const hosts = dryRun ? await planDeploy(session, targets, tree) : (await locked(session, options.doing, (signal) => deployUnderLock(session, targets, tree, signal))).hosts;
  return { hosts, release: tree.manifest.id, files: tree.manifest.entries.length, bytes: tree.manifest.bytes, skipped: tree.skipped };
}

/** The same for a caller that holds the lock. */
export async function deployUnderLock(session: ClusterSession, targets: readonly Target[], tree: Tree, signal: AbortSignal): Promise<ClusterReport> {
  const found = await look(session, targets, tree);
  const report = await session.each(targets, async (host, task): Promise<Done> => {
    const { target } = task;
    const { steps } = ready(found, target).plan;
    const actions = deployActions({ sageHome: target.host.sageHome, installEnv: proxyEnv(target.host), tree, ...(found.runtime ? { runtime: found.runtime } : {}) });
    await applySteps(host, steps, actions, describeStep, { signal: task.signal, clock: session.clock, onProgress: (text) => task.progress(text) });
    const pruned = steps.length > 0 ? await pruneReleases(host, projectRoot(target.host), session.cluster.keepReleases, task.signal) : [];
    const madeToken = target === session.head && hasTokenMode(session.cluster, found.rayVersion) && (await makeToken(session, host, task.signal));
    const done = [...steps.map(describeStep), ...(madeToken ? ["make Ray's token"] : []), ...(pruned.length > 0 ? [`removed ${pruned.length} old`] : [])];
    return done.length === 0 ? { state: "same", text: "has everything" } : { state: "changed", text: done.join(", "), steps: done };
  }, { deadlineMs: hostDeadlineMs, signal });
  return { hosts: toReports(targets, report) };
}

async function planDeploy(session: ClusterSession, targets: readonly Target[], tree: Tree) {
  const found = await look(session, targets, tree);
  return targets.map((target) => {
    try {
      const steps = ready(found, target).plan.steps.map(describeStep);
      const done: Done = steps.length === 0 ? { state: "same", text: "has everything" } : { state: "planned", text: steps.join(", "), steps };
      return { host: target.name, where: target.where, role: target.host.role, state: done.state, text: done.text, steps, tookMs: 0 };
    } catch (error) {
      return failedReport(target, error);
    }
  });
}

const look = (session: ClusterSession, targets: readonly Target[], tree: Tree): Promise<Survey> =>
  survey(session, targets, { starts: false, wantsNode: true, release: ({ host }) => ({ root: projectRoot(host), id: tree.manifest.id }) });

/** Switches hosts back to the release before, or to one by name. */
export async function rollbackCluster(session: ClusterSession, options: ChangeOptions & { readonly release?: string }): Promise<ClusterReport> {
  const { targets = session.targets, dryRun = false, release } = options;
  const round = async (signal: AbortSignal) => ({
    hosts: toReports(targets, await session.each(targets, async (host, { target, signal: own }): Promise<Done> => {
      const root = projectRoot(target.host);
      const { current, releases } = await listReleases(host, root, own);
      if (dryRun) {
        const to = release ?? releases.find(({ id, usedAtMs }) => id !== current && usedAtMs !== undefined)?.id;
        return to === undefined || to === current ? { state: "same", text: "has no earlier release" } : { state: "planned", text: `switch to ${to.slice(0, 8)}` };
      }
      const now = await rollbackRelease(host, root, release, own);
      return now === current ? { state: "same", text: `has ${now.slice(0, 8)}` } : { state: "changed", text: `switched from ${current?.slice(0, 8) ?? "nothing"} to ${now.slice(0, 8)}` };
    }, { signal })),
  });
  return dryRun ? round(session.signal) : locked(session, options.doing, round);
}
