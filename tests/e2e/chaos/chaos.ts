// Runs a job that validates itself, breaks its daemon and its workers in an order that a seed decides, and compares
// the ledger with the fault-free one. The same seed breaks the same things in the same order.

import { callServerStream, callUnary, type JobView } from "../../../packages/protocol/src/index.ts";
import { nextPhase, type JobEvent, type JobPhase } from "../../../packages/jobmanager-server/src/jobs/lifecycle.ts";
import { shapeNames } from "../ledger-shapes.ts";
import { BreakableDaemon } from "./breakable-daemon.ts";
import { randomOf, stepsOf, type Fault, type Step } from "./faults.ts";
import { submitLedger } from "./ledger-subject.ts";
import { isAlive, kill, SeenProcesses } from "./processes.ts";
import { submitShape, type ShapePace } from "./shape-subject.ts";
import type { Subject, SubjectName, SubjectPlace } from "./subject.ts";

export interface ChaosOptions {
  readonly seed: number;
  /** Default: the seed's choice. */
  readonly subject?: SubjectName;
  /** The run ends after so many faults or so long, whichever is first. */
  readonly faults: number;
  readonly forMs: number;
  readonly onFault?: (fault: Fault, nth: number) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly subject: SubjectName;
  readonly ok: boolean;
  readonly mistakes: readonly string[];
  readonly numbers: number;
  readonly checkpoints: number;
  readonly restarts: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly ms: number;
}

const deadlineMs = 60_000;
const heartbeatTimeoutMs = 3_000;
const events: readonly JobEvent[] = ["started", "finished", "failed", "lost", "stop", "kept", "released", "continue", "delete"];

const parallelisms = [1, 2, 5];

/** The scripted ledger, and every shape in every parallelism. */
export const subjects: readonly SubjectName[] = ["ledger", ...shapeNames.flatMap((shape) => parallelisms.map((parallelism) => `${shape}/${parallelism}`))];

export const subjectOf = (seed: number): SubjectName => subjects[Math.floor(randomOf(~seed)() * subjects.length)]!;

export async function runChaos({ seed, subject = subjectOf(seed), faults, forMs, onFault }: ChaosOptions): Promise<ChaosReport> {
  const startMs = performance.now();
  await using run = await ChaosRun.open(subject);
  const counts: Partial<Record<Fault, number>> = {};
  let nth = 0;
  for (const step of stepsOf(seed, !subject.endsWith("/1") && subject !== "ledger")) {
    if (nth >= faults || performance.now() - startMs > forMs) break;
    onFault?.(step.fault, ++nth);
    counts[step.fault] = (counts[step.fault] ?? 0) + 1;
    const isBroken = await run.carryOut(step).then(() => true, isOverInTime);
    if (!isBroken) break;
  }
  const end = await run.finish();
  const { numbers, mistakes } = await run.job.mistakes();
  const all = [...mistakes, ...illegalMoves(end), ...run.orphans(), ...(end.phase === "COMPLETED" ? [] : [`the job is ${end.phase}: ${end.failure?.message ?? ""}`])];
  return {
    seed, subject, ok: all.length === 0, mistakes: all, numbers, faults: counts, restarts: end.restartCount, ms: Math.round(performance.now() - startMs),
    checkpoints: end.checkpoints.at(-1)?.id ?? 0,
  };
}

/** A job that is broken. */
export class ChaosRun implements AsyncDisposable {
  readonly #daemon: BreakableDaemon;
  readonly #seen = new SeenProcesses();
  readonly job: Subject;

  private constructor(daemon: BreakableDaemon, job: Subject) {
    this.#daemon = daemon;
    this.job = job;
  }

  /** @param pace - of a shape. */
  static async open(subject: SubjectName, pace?: ShapePace, timeoutMs = heartbeatTimeoutMs, preload?: string): Promise<ChaosRun> {
    const daemon = await BreakableDaemon.start(subject === "ledger" ? "scripted" : "real", ["--heartbeat-timeout-ms", String(timeoutMs)], preload);
    try {
      const [shape = "", parallelism] = subject.split("/");
      const place: SubjectPlace = { client: () => daemon.client, port: daemon.port, home: daemon.home, dir: daemon.dir, deadlineMs };
      return new ChaosRun(daemon, shape === "ledger" ? await submitLedger(place) : await submitShape(shape, Number(parallelism), place, pace));
    } catch (error) {
      await daemon[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where another job can be submitted. */
  placeIn(dir: string): SubjectPlace {
    const { client, port, home } = this.#daemon;
    return { client: () => client, port, home, dir, deadlineMs };
  }

  get daemon(): BreakableDaemon {
    return this.#daemon;
  }

  async carryOut({ fault, afterCheckpoints, choice }: Step): Promise<void> {
    const job = await this.#runs(afterCheckpoints);
    const pids = pidsOf(job);
    const victim = pids[Math.floor(choice * pids.length)]!;
    const { jobId } = this.job;
    const { client } = this.#daemon;
    if (fault === "kill-worker") kill(victim);
    else if (fault === "kill-all-workers") pids.forEach((pid) => kill(pid));
    else if (fault === "freeze-worker") kill(victim, "SIGSTOP");
    else if (fault === "pause-worker") await this.#pause(victim);
    else if (fault === "cut-data") kill(victim, "SIGUSR2");
    else if (fault === "stall-data") kill(victim, "SIGHUP");
    else if (fault === "kill-in-recovery") await this.#killInRecovery(pids, victim);
    else if (fault === "kill-daemon") await this.#daemon.restart();
    else if (fault === "kill-daemon-and-worker") {
      kill(victim);
      await this.#daemon.restart();
    } else if (fault === "burst-of-kills") await this.#burst();
    else if (fault === "savepoint") await callUnary(client, "Savepoint", { jobId }, { deadlineMs }).catch(isExpected);
    else {
      await callUnary(client, "Stop", { jobId, now: fault === "stop-now-and-continue" }, { deadlineMs }).catch(isExpected);
      await callUnary(client, "Continue", { jobId }, { deadlineMs }).catch(isExpected);
    }
  }

  /** The job when all its workers run and so many more checkpoints are complete. */
  async #runs(checkpoints: number): Promise<JobView> {
    let first: number | undefined;
    return this.#when((job) => {
      const newest = newestOf(job);
      first ??= newest;
      const instances = job.operators[0]?.instances ?? [];
      return job.phase === "RUNNING" && newest > 0 && newest - first >= checkpoints && instances.length > 0 && instances.every(({ pid, state }) => pid > 0 && state === "running");
    });
  }

  #when(holds: (job: JobView) => boolean): Promise<JobView> {
    return this.until(this.job.jobId, holds);
  }

  /** A job of its daemon as it is when that holds. @throws Error if it ends before. */
  async until(jobId: string, holds: (job: JobView) => boolean): Promise<JobView> {
    let last: JobView | undefined;
    for await (const job of callServerStream(this.#daemon.client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) {
      last = job;
      for (const pid of pidsOf(job)) this.#seen.see(pid);
      if (holds(job)) return job;
    }
    throw new JobIsOverError(last);
  }

  /** Frozen for less than the heartbeat limit: nobody is lost. */
  async #pause(pid: number): Promise<void> {
    kill(pid, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, heartbeatTimeoutMs / 3));
    kill(pid, "SIGCONT");
  }

  /** The first worker of the attempt that follows dies too, as soon as it is there. */
  async #killInRecovery(before: readonly number[], victim: number): Promise<void> {
    kill(victim);
    const job = await this.#when((each) => pidsOf(each).some((pid) => !before.includes(pid) && isAlive(pid)));
    const next = pidsOf(job).find((pid) => !before.includes(pid) && isAlive(pid));
    if (next !== undefined) kill(next);
  }

  /** Whoever is there is killed, twenty times. */
  async #burst(): Promise<void> {
    for (let kills = 0; kills < 20;) {
      const job = await this.#when((each) => pidsOf(each).some((pid) => isAlive(pid)));
      for (const pid of pidsOf(job).filter(isAlive)) {
        kill(pid);
        kills++;
      }
    }
  }

  async finish(): Promise<JobView> {
    await this.#runs(1).catch(isOverInTime);
    await this.job.end();
    return this.untilOver(this.job.jobId);
  }

  /** A job that goes on is not late, however busy the machine is. @throws Error if it stands still. */
  async untilOver(jobId: string): Promise<JobView> {
    for (let before = -1; ;) {
      try {
        return await this.until(jobId, (job) => job.resourcesReleased);
      } catch (error) {
        if ((error as { code?: string }).code !== "SAGE_TIMEOUT") throw error;
        const now = recordsIn(await callUnary(this.#daemon.client, "Get", { jobId }, { deadlineMs }));
        if (now === before) throw error;
        before = now;
      }
    }
  }

  orphans(): readonly string[] {
    const { left } = this.#seen;
    return left.length === 0 ? [] : [`processes are left: ${left.join(", ")}`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon.kill();
    for (const pid of this.#seen.left) kill(pid);
    await this.#daemon[Symbol.asyncDispose]();
  }
}

class JobIsOverError extends Error {
  readonly phase: string | undefined;
  constructor(job: JobView | undefined) {
    super(`the job ended as ${job?.phase}: ${job?.failure?.message ?? ""}`);
    this.phase = job?.phase;
  }
}

/** On a busy machine a job may come to its last number before the last fault: its ledger counts all the same. */
function isOverInTime(error: unknown): false {
  if (error instanceof JobIsOverError && error.phase === "COMPLETED") return false;
  throw error;
}

/** A worker or the daemon may be on its way back when something is asked. */
function isExpected(error: unknown): void {
  if (!["SAGE_JOB_PHASE", "SAGE_CHECKPOINT_FAILED"].includes((error as { code?: string }).code ?? "")) throw error;
}

const recordsIn = ({ operators }: JobView): number => operators.flatMap(({ instances }) => instances).reduce((sum, instance) => sum + instance.recordsIn, 0);
const newestOf = (job: JobView): number => job.checkpoints.findLast(({ state }) => state === "complete")?.id ?? 0;
export const pidsOf = (job: JobView): number[] => [...new Set(job.operators.flatMap(({ instances }) => instances.map(({ pid }) => pid)).filter((pid) => pid > 0))];

export function illegalMoves({ history }: JobView): string[] {
  const phases = history.map(({ phase }) => phase.toLowerCase() as JobPhase);
  return phases.slice(1).flatMap((to, i) => {
    const from = phases[i]!;
    return events.some((event) => nextPhase(from, event) === to) ? [] : [`the history has ${from} → ${to}`];
  });
}
