// Empties a worker before it is stopped: Ray gives it no new work, and what it has comes to its end, or is moved.
//
// Invariants:
//   D1. A drain that is repeated is the same drain: a node that drains, or is gone, is waited for no longer than it takes.
//   D2. Ray asks the node itself, and waits for ever for one that falls silent: once the head has given it up, so do we.
//   D3. No work is ended here, only Sage's workers that wait for some. Ray itself ends the node's raylet once it is idle.
import { isSageError, messageOf, SageError, TimeoutError } from "@sage/core";
import { rayDrainNode, type DashboardActor } from "@sage/ray-control";
import { CommandFailedError, script, type Host, type HostTask } from "@sage/ssh-deploy";
import { viewOfHead, type HeadView } from "./head-view.ts";
import { absolute, rayTokenPath, testedRayVersion } from "./layout.ts";
import { moveJob } from "./move-job.ts";
import { askHost } from "./prepare.ts";
import { nodeAddress, nodesNamed } from "./ray-node.ts";
import { rayProgramOf, wantedVersion } from "./ray-program.ts";
import { hasTokenMode } from "./ray-token.ts";
import type { ClusterSession, Target } from "./session.ts";

export interface DrainOptions {
  /** Whether Sage's jobs with a worker there are saved and continued elsewhere; else their end is waited for. */
  readonly moves: boolean;
  /** Default: as long as it takes. */
  readonly timeoutMs?: number;
}

/** The worker still has work. */
export class StillBusyError extends SageError {
  constructor(host: string, what: string, timeoutMs: number) {
    super(`${host} still has work after ${Math.round(timeoutMs / 1000)} s: ${what}`, {
      code: "SAGE_DRAIN_TIMEOUT", fault: "user", hint: "It gets no new work. Repeat the command to go on waiting; --move saves Sage's jobs and continues them elsewhere; --now ends what is left.",
    });
  }
}

/** Ray did not answer when it was asked to keep new work away. */
class DrainUnansweredError extends SageError {
  constructor(host: string, cause: unknown) {
    super(`Ray did not answer when it was asked to give ${host} no new work`, { code: "SAGE_DRAIN_UNANSWERED", fault: "cluster", retryable: true, hint: `Is ${host} within reach? sage doctor. To take it out without waiting for its work: --now`, cause });
  }
}

const lookAgainMs = 500;
/** Ray wants a deadline to show; nothing happens at it. */
const deadlineSeconds = 30 * 24 * 3600;

/** Resolves when Ray has let go of the worker, or does not know it alive. @returns whether there was something to wait for. */
export async function drainWorker(session: ClusterSession, target: Target, { signal, progress }: HostTask, options: DrainOptions): Promise<boolean> {
  const view = viewOfHead(session, signal);
  const alive = async () => nodesNamed(await view.nodes(), target.host).filter(({ isAlive }) => isAlive);
  const first = await alive().catch((error: unknown) => {
    signal.throwIfAborted();
    if (!isSageError(error)) throw error;
    return []; // a cluster that is down has no work
  });
  if (first.length === 0) return false;
  progress("tells Ray to give it no new work");
  const refuses = await untilGone(session, async () => (await alive()).length === 0, signal, (limit) => askToDrain(session, target, first.map(({ nodeId }) => nodeId), limit));
  if (refuses === gone) return true;
  const startedMs = session.clock.monotonicMs();
  const asked = new Set<string>();
  let said = "";
  for (;;) {
    const left = await alive();
    if (left.length === 0) return true;
    const there = await workOn(view, new Set(left.map(({ nodeId }) => nodeId)), signal);
    const busy = there.filter(({ name }) => !waitsForWork(name));
    await endIdle(session, target, there.filter(({ name }) => waitsForWork(name)), signal);
    if (refuses !== undefined && busy.length === 0) return true; // an old Ray: idle is the best that can be had
    if (options.moves) for (const job of jobsIn(busy)) await moveOnce(session, job, asked, progress, signal);
    const text = busy.length === 0 ? "waits for its last tasks" : `waits for ${describe(busy)}`;
    if (text !== said) progress(said === "" && refuses !== undefined ? `${text}; ${refuses}` : text);
    said = text;
    if (options.timeoutMs !== undefined && session.clock.monotonicMs() - startedMs >= options.timeoutMs) throw new StillBusyError(target.name, describe(busy) || "tasks", options.timeoutMs);
    await session.clock.sleep(lookAgainMs, signal);
  }
}

const gone = Symbol("the node is gone");

/** What `work` gives, or {@link gone}, which ends it, as soon as the node is (D2). */
async function untilGone<T>(session: ClusterSession, isGone: () => Promise<boolean>, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T | typeof gone> {
  const over = new AbortController();
  const limit = AbortSignal.any([signal, over.signal]);
  const watch = async (): Promise<typeof gone> => {
    for (;;) {
      await session.clock.sleep(lookAgainMs, limit);
      if (await isGone()) return gone;
    }
  };
  const both = [work(limit), watch()] as const;
  try {
    return await Promise.race(both);
  } finally {
    over.abort();
    await Promise.allSettled(both);
  }
}

/** Runs `ray drain-node` on the head. @returns why this Ray cannot do it, if so. */
async function askToDrain(session: ClusterSession, target: Target, nodeIds: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const { cluster, head } = session;
  const host = await session.host(head, signal);
  const facts = await askHost(host, head.host, cluster.ray.version ?? testedRayVersion, signal);
  const version = wantedVersion(cluster.ray.version, head.host, facts, testedRayVersion);
  const address = `${await nodeAddress(host, head.host, signal)}:${cluster.head.rayPort}`;
  const program = rayProgramOf(facts, head.host, version);
  const token = hasTokenMode(cluster, version) ? { tokenPath: absolute(rayTokenPath(head.host), facts.home) } : {};
  for (const nodeId of nodeIds) {
    const refusal = await drainNode(host, target, rayDrainNode({ program, address, nodeId, message: "sage scale remove", deadlineSeconds, ...token }), signal);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

async function drainNode(host: Host, target: Target, command: ReturnType<typeof rayDrainNode>, signal: AbortSignal): Promise<string | undefined> {
  try {
    await host.run(command, { signal });
    return undefined;
  } catch (error) {
    if (error instanceof CommandFailedError && /No such command/.test(error.stderr)) return "this Ray cannot keep new work away";
    if (error instanceof CommandFailedError && /not alive|already (?:dead|drain)|not found/i.test(error.stderr)) return undefined;
    throw error instanceof TimeoutError ? new DrainUnansweredError(target.name, error) : error;
  }
}

const workOn = async (view: HeadView, nodeIds: ReadonlySet<string>, signal: AbortSignal): Promise<DashboardActor[]> =>
  (await view.ask((dashboard) => dashboard.actors({ state: "ALIVE" }, { signal }))).filter(({ nodeId }) => nodeIds.has(nodeId));

/** `job 01a1feba, actor Counter (keeper)` */
function describe(actors: readonly DashboardActor[]): string {
  const jobs = jobsIn(actors).map((id) => `job ${id.slice(0, 8)}`);
  const others = actors.filter(({ name }) => jobOf(name) === undefined).map(({ className, name }) => `actor ${className}${name === "" ? "" : ` (${name})`}`);
  const all = [...jobs, ...others];
  return all.length > 4 ? `${all.slice(0, 4).join(", ")} and ${all.length - 4} more` : all.join(", ");
}

const jobsIn = (actors: readonly DashboardActor[]): string[] => [...new Set(actors.flatMap(({ name }) => jobOf(name) ?? []))];

/** A worker that is kept started for the next job: `sage/DAEMON/warm/NAME`. It would get that job here, and Ray would never be idle. */
const waitsForWork = (name: string): boolean => /^sage\/[0-9a-f]+\/warm\/[0-9a-f]+$/.test(name);

/** By its process, which Ray then counts as ended; the daemon starts no other one where Ray takes none. */
async function endIdle(session: ClusterSession, target: Target, actors: readonly DashboardActor[], signal: AbortSignal): Promise<void> {
  if (actors.length === 0) return;
  const host = await session.host(target, signal);
  await host.run(script('for pid; do grep -q "^ray::" "/proc/$pid/cmdline" 2>/dev/null && kill "$pid" || :; done', actors.map(({ pid }) => pid)), { signal });
}

/** The job whose worker an actor minds: `sage/DAEMON/JOB/SLOT/ATTEMPT`. */
const jobOf = (name: string): string | undefined => /^sage\/[0-9a-f]+\/([^/]+)\/\d+\/\d+$/.exec(name)?.[1];

async function moveOnce(session: ClusterSession, jobId: string, asked: Set<string>, progress: (text: string) => void, signal: AbortSignal): Promise<void> {
  if (asked.has(jobId)) return;
  asked.add(jobId);
  progress(`moves job ${jobId.slice(0, 8)}`);
  try {
    await moveJob(session, jobId, signal);
  } catch (error) {
    signal.throwIfAborted();
    progress(`job ${jobId.slice(0, 8)} cannot be moved: ${messageOf(error)}`);
  }
}
