// Runs a job that validates itself, breaks its daemon and its workers in an order that a seed decides, and compares
// the ledger with the fault-free one. The same seed breaks the same things in the same order.

import { callServerStream, callUnary, type JobView } from "../../../packages/protocol/src/index.ts";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nextPhase, type JobEvent, type JobPhase } from "../../../packages/jobmanager-server/src/jobs/lifecycle.ts";
import { startDaemonProcess, type DaemonProcess } from "../../../packages/jobmanager-server/src/testing/daemon-process.ts";
import { bundled, packageTempDir } from "../../../packages/jobmanager-server/src/testing/test-daemon.ts";
import { stepsOf, type Fault, type Step } from "./faults.ts";
import { mistakesIn, submitLedger, type LedgerJob } from "./ledger-subject.ts";

export interface ChaosOptions {
  readonly seed: number;
  /** The run ends after so many faults or so long, whichever is first. */
  readonly faults: number;
  readonly forMs: number;
  readonly onFault?: (fault: Fault, nth: number) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly ok: boolean;
  readonly mistakes: readonly string[];
  readonly numbers: number;
  readonly checkpoints: number;
  readonly restarts: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly ms: number;
}

const deadlineMs = 60_000;
const events: readonly JobEvent[] = ["started", "finished", "failed", "lost", "stop", "kept", "released", "continue", "delete"];

export async function runChaos({ seed, faults, forMs, onFault }: ChaosOptions): Promise<ChaosReport> {
  const startMs = performance.now();
  await using run = await ChaosRun.open();
  const counts: Partial<Record<Fault, number>> = {};
  let nth = 0;
  for (const step of stepsOf(seed)) {
    if (nth >= faults || performance.now() - startMs > forMs) break;
    onFault?.(step.fault, ++nth);
    counts[step.fault] = (counts[step.fault] ?? 0) + 1;
    await run.carryOut(step);
  }
  const end = await run.finish();
  const { numbers, mistakes } = await mistakesIn(run.job.ledger);
  const all = [...mistakes, ...illegalMoves(end), ...run.orphans(), ...(end.phase === "COMPLETED" ? [] : [`the job is ${end.phase}: ${end.failure?.message ?? ""}`])];
  return {
    seed, ok: all.length === 0, mistakes: all, numbers, faults: counts, restarts: end.restartCount, ms: Math.round(performance.now() - startMs),
    checkpoints: end.checkpoints.at(-1)?.id ?? 0,
  };
}

class ChaosRun implements AsyncDisposable {
  readonly #dir: string;
  readonly #programs: Awaited<ReturnType<typeof packageTempDir>>;
  readonly #pids = new Set<number>();
  #daemon!: DaemonProcess;
  job!: LedgerJob;

  private constructor(dir: string, programs: Awaited<ReturnType<typeof packageTempDir>>) {
    this.#dir = dir;
    this.#programs = programs;
  }

  static async open(): Promise<ChaosRun> {
    const run = new ChaosRun(await mkdtemp(join(tmpdir(), "sage-chaos-")), await packageTempDir());
    const programs = run.#programs.path;
    await bundled("../main.ts", join(programs, "dist/daemon.mjs"));
    await bundled("./ledger-worker.ts", join(programs, "worker.mjs"));
    await copyFile(fileURLToPath(new URL("../../../packages/jobmanager-server/package.json", import.meta.url)), join(programs, "package.json"));
    await run.#startDaemon();
    run.job = await submitLedger(run.#daemon.client, join(run.#dir, "ledger"), deadlineMs);
    return run;
  }

  async #startDaemon(): Promise<void> {
    const { path } = this.#programs;
    const port = (this.#daemon as DaemonProcess | undefined)?.port;
    this.#daemon = await startDaemonProcess({
      file: join(path, "dist/daemon.mjs"), home: join(this.#dir, "home"), workerEntry: join(path, "worker.mjs"), flags: ["--heartbeat-timeout-ms", "3000"],
      ...(port === undefined ? {} : { port }),
    });
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
    else if (fault === "kill-daemon") await this.#restartDaemon();
    else if (fault === "kill-daemon-and-worker") {
      kill(victim);
      await this.#restartDaemon();
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

  async #when(holds: (job: JobView) => boolean): Promise<JobView> {
    let last: JobView | undefined;
    for await (const job of callServerStream(this.#daemon.client, "Watch", { jobId: this.job.jobId, minIntervalMs: 20 }, { deadlineMs })) {
      last = job;
      for (const pid of pidsOf(job)) this.#pids.add(pid);
      if (holds(job)) return job;
    }
    throw new Error(`the job ended as ${last?.phase}: ${last?.failure?.message ?? ""}`);
  }

  async #restartDaemon(): Promise<void> {
    await this.#daemon.kill();
    await this.#startDaemon();
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
    await this.#runs(1);
    await callUnary(this.#daemon.client, "Stop", { jobId: this.job.jobId, drain: true }, { deadlineMs });
    return this.#when((job) => job.resourcesReleased);
  }

  orphans(): string[] {
    const left = [...this.#pids].filter(isAlive);
    return left.length === 0 ? [] : [`processes are left: ${left.join(", ")}`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon.kill();
    for (const pid of this.#pids) if (isAlive(pid)) kill(pid);
    await this.#programs[Symbol.asyncDispose]();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

/** A worker or the daemon may be on its way back when something is asked. */
function isExpected(error: unknown): void {
  if (!["SAGE_JOB_PHASE", "SAGE_CHECKPOINT_FAILED"].includes((error as { code?: string }).code ?? "")) throw error;
}

const newestOf = (job: JobView): number => job.checkpoints.findLast(({ state }) => state === "complete")?.id ?? 0;
const pidsOf = (job: JobView): number[] => [...new Set(job.operators.flatMap(({ instances }) => instances.map(({ pid }) => pid)).filter((pid) => pid > 0))];

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function illegalMoves({ history }: JobView): string[] {
  const phases = history.map(({ phase }) => phase.toLowerCase() as JobPhase);
  return phases.slice(1).flatMap((to, i) => {
    const from = phases[i]!;
    return events.some((event) => nextPhase(from, event) === to) ? [] : [`the history has ${from} → ${to}`];
  });
}
