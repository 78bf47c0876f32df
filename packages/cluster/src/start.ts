// `cluster start`, `head start`, `worker start`: hosts are made ready at once, the head comes up, the workers join.
//
// Invariants:
//   U1. Who is up and well is left alone: a repeated start changes nothing.
//   U2. A worker's failure is its own. Without a head no worker is tried.
import { deferred, type Command } from "@sage/core";
import { applySteps, deployActions, describeStep } from "@sage/ssh-deploy";
import { HeadDownError, HostNotReadyError } from "./errors.ts";
import { viewOfHead, type HeadView } from "./head-view.ts";
import { recordNames } from "./layout.ts";
import { locked } from "./locked.ts";
import { proxyEnv } from "./proxy-env.ts";
import { bringUp, headCommand, nodeAddress, nodesNamed, workerCommand, type NodeContext, type Watch } from "./ray-node.ts";
import { hasTokenMode, makeToken, sendToken } from "./ray-token.ts";
import { failedReport, toReports, type ClusterReport, type Done } from "./report.ts";
import type { ClusterSession, Target } from "./session.ts";
import { isSurveyed, survey, type Survey, type Surveyed } from "./survey.ts";

export interface ChangeOptions {
  /** Default: all hosts. */
  readonly targets?: readonly Target[];
  /** Says what would be done. */
  readonly dryRun?: boolean;
  /** The command, as another operator would read it. */
  readonly doing: string;
}

/** For each host, with all tries of a start. */
const hostDeadlineMs = 20 * 60_000;

/** @throws DeployLockedError, and what opening the head throws; what fails on a host is in the report. */
export async function startCluster(session: ClusterSession, options: ChangeOptions): Promise<ClusterReport> {
  const { targets = session.targets, dryRun = false } = options;
  if (dryRun) return planStart(session, targets);
  return locked(session, options.doing, (signal) => startUnderLock(session, targets, signal));
}

async function planStart(session: ClusterSession, targets: readonly Target[]): Promise<ClusterReport> {
  const found = await survey(session, targets, { starts: true });
  const nodes = await viewOfHead(session).nodes().catch(() => []);
  const report = await session.each(targets, async (_host, { target }): Promise<Done> => {
    const one = ready(found, target);
    const running = nodesNamed(nodes, target.host).some(({ isAlive }) => isAlive);
    const steps = [...one.plan.steps.map(describeStep), ...(running ? [] : [target.host.role === "head" ? "start Ray's head" : "start Ray and join the head"])];
    return steps.length === 0 ? { state: "same", text: "runs" } : { state: "planned", text: steps.join(", "), steps };
  });
  return { hosts: toReports(targets, report) };
}

/** The same for a caller that holds the lock. */
export async function startUnderLock(session: ClusterSession, targets: readonly Target[], signal: AbortSignal): Promise<ClusterReport> {
  const found = await survey(session, targets, { starts: true });
  const view = viewOfHead(session, signal);
  const headUp = deferred<string>();
  headUp.promise.catch(() => {});
  const order = [...targets].sort((a, b) => Number(b === session.head) - Number(a === session.head)); // the head never waits for a place
  if (order[0] !== session.head) await lookForHead(session, view, signal).then(headUp.resolve, headUp.reject);
  const report = await session.each(order, async (host, task): Promise<Done> => {
    const { target } = task;
    const isHead = target === session.head;
    try {
      const one = ready(found, target);
      const { steps } = one.plan;
      const actions = deployActions({ sageHome: target.host.sageHome, installEnv: proxyEnv(target.host) });
      await applySteps(host, steps, actions, describeStep, { signal: task.signal, clock: session.clock, onProgress: (text) => task.progress(text) });
      const context: NodeContext = { cluster: session.cluster, host, spec: target.host, facts: one.facts, rayVersion: found.rayVersion, clock: session.clock, task };
      const address = await nodeAddress(host, target.host, task.signal);
      if (!isHead && !one.facts.processes.some(({ name, running }) => running && name === recordNames.worker)) task.progress("waits for the head");
      const started = isHead
        ? await bringUp(context, () => readyHead(session, context, address), headWatch(view))
        : await joinHead(session, context, await waitFor(headUp.promise, task.signal), address, view);
      if (isHead) headUp.resolve(`${address}:${session.cluster.head.rayPort}`);
      const done = [...steps.map(describeStep), ...(started ? ["start Ray"] : [])];
      return { state: done.length > 0 ? "changed" : "same", text: started ? "started" : "ran already", steps: done };
    } catch (error) {
      if (isHead) headUp.reject(new HeadDownError(session.head.name, error));
      throw error;
    }
  }, { deadlineMs: hostDeadlineMs, signal });
  const reports = toReports(order, report);
  return { hosts: targets.map((target) => reports.find(({ host }) => host === target.name) ?? failedReport(target, new Error("no report"))) };
}

async function readyHead(session: ClusterSession, context: NodeContext, address: string): Promise<Command> {
  if (hasTokenMode(context.cluster, context.rayVersion)) await makeToken(session, context.host, context.task.signal);
  return headCommand(context, address);
}

async function joinHead(session: ClusterSession, context: NodeContext, headAddress: string, address: string, view: HeadView): Promise<boolean> {
  const mine = async () => nodesNamed(await view.nodes(), context.spec);
  const ready = async () => {
    if (hasTokenMode(context.cluster, context.rayVersion)) await sendToken(session, context.host, context.spec, context.task.signal);
    return workerCommand(context, address, headAddress);
  };
  return bringUp(context, ready, {
    isUp: async (former) => (await mine()).some(({ isAlive, nodeId }) => isAlive && !former.has(nodeId)),
    knownIds: async () => new Set((await mine()).map(({ nodeId }) => nodeId)),
  });
}

/** It answers, and its own node is alive. */
const headWatch = (view: HeadView): Watch => ({
  isUp: async () => (await view.nodes()).some(({ isHead, isAlive }) => isHead && isAlive),
  knownIds: async () => new Set(),
});

async function lookForHead(session: ClusterSession, view: HeadView, signal: AbortSignal): Promise<string> {
  try {
    if (!(await headWatch(view).isUp(new Set()))) throw new HeadDownError(session.head.name);
    const host = await session.host(session.head, signal);
    return `${await nodeAddress(host, session.head.host, signal)}:${session.cluster.head.rayPort}`;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof HeadDownError ? error : new HeadDownError(session.head.name, error);
  }
}

/** @throws {@link HostNotReadyError} */
export function ready(found: Survey, target: Target): Surveyed {
  const one = found.hosts.get(target);
  if (!one) throw new Error(`${target.name} was not surveyed`);
  if (!isSurveyed(one)) throw one.error;
  const blocking = one.plan.problems.filter(({ blocks }) => blocks);
  if (blocking.length > 0) throw new HostNotReadyError(blocking);
  return one;
}

async function waitFor<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
