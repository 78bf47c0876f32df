// A long run of one daemon with two jobs: one is broken again and again, by a seed; the other is left alone. In the end
// both ledgers are right, the quiet job has never been restarted, and the memory of the daemon and of the quiet job's
// workers has stayed where it was: what lives behind a full collection.

import { callUnary } from "../../../packages/protocol/src/index.ts";
import { mkdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { soakWorker } from "./breakable-daemon.ts";
import { ChaosRun, illegalMoves, pidsOf } from "./chaos.ts";
import { stepsOf, type Fault } from "./faults.ts";
import { curveOf, type MemoryCurve, type Sample } from "./memory-curve.ts";
import { submitShape } from "./shape-subject.ts";

export interface SoakReport {
  readonly seed: number;
  readonly minutes: number;
  readonly ok: boolean;
  readonly mistakes: readonly string[];
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly restarts: number;
  readonly memory: readonly MemoryCurve[];
}

export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly onFault?: (fault: Fault, nth: number) => void;
  /** Hears of it before the jobs come to their ends. */
  readonly onMemory?: (memory: readonly MemoryCurve[]) => void;
}

const deadlineMs = 60_000;
const betweenFaultsMs = 15_000;
/** Longer than elsewhere: whoever runs a soak does other things on the machine. */
const heartbeatTimeoutMs = 15_000;
const sampleEveryMs = 2_000;

export async function runSoak({ seed, minutes, onFault, onMemory }: SoakOptions): Promise<SoakReport> {
  const pauseMs = Math.max(40, Math.round(40 * (minutes / 15))); // at most a million numbers
  const pace = { pauseMs, limit: Math.ceil((minutes * 60_000 * 40 * 1.3) / pauseMs) };
  await using run = await ChaosRun.open("keyed/2", pace, heartbeatTimeoutMs, soakWorker);
  const dir = join(run.daemon.dir, "quiet");
  await mkdir(dir);
  const quiet = await submitShape("process", 2, run.placeIn(dir), pace);
  const get = () => callUnary(run.daemon.client, "Get", { jobId: quiet.jobId }, { deadlineMs });
  await run.until(quiet.jobId, (job) => job.phase === "RUNNING" && pidsOf(job).length === 2);
  const workers = pidsOf(await get());
  const watched = new Map([["daemon", run.daemon.pid], ...workers.map((pid, i) => [`worker ${i}`, pid] as const)]);
  const samples = new Map([...watched.keys()].map((name) => [name, [] as Sample[]]));
  const sampler = setInterval(() => {
    for (const [name, pid] of watched) samples.get(name)!.push(...memoryOf(run.daemon.dir, pid));
  }, sampleEveryMs);
  const endMs = performance.now() + minutes * 60_000;
  const faults: Partial<Record<Fault, number>> = {};
  let nth = 0;
  try {
    for (const step of stepsOf(seed, true)) {
      if (performance.now() >= endMs) break;
      if (step.fault.includes("daemon")) continue; // its memory is what is looked at
      onFault?.(step.fault, ++nth);
      faults[step.fault] = (faults[step.fault] ?? 0) + 1;
      await run.carryOut(step);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(betweenFaultsMs, endMs - performance.now()))));
    }
  } finally {
    clearInterval(sampler);
  }
  const memory = [...samples].map(([name, all]) => curveOf(name, all));
  onMemory?.(memory);
  const broken = await run.finish();
  await quiet.end();
  const peaceful = await run.untilOver(quiet.jobId);
  const mistakes = [
    ...(await run.job.mistakes()).mistakes, ...(await quiet.mistakes()).mistakes, ...illegalMoves(broken), ...illegalMoves(peaceful), ...run.orphans(),
    ...(peaceful.restartCount > 0 ? [`the quiet job was restarted: ${peaceful.restarts.map(({ cause }) => cause).join("; ")}`] : []),
    ...[broken, peaceful].flatMap(({ phase, name }) => (phase === "COMPLETED" ? [] : [`${name} is ${phase}`])),
    ...memory.filter(({ isFlat }) => !isFlat).map(({ name, middleMiB, lastMiB }) => `the memory of ${name} has grown from ${middleMiB} to ${lastMiB} MiB`),
  ];
  return { seed, minutes, ok: mistakes.length === 0, mistakes, faults, restarts: broken.restartCount, memory };
}

/** What a process has last left of itself (memory-probe.mjs); none in its first moments. */
function memoryOf(dir: string, pid: number): readonly Sample[] {
  try {
    return [JSON.parse(readFileSync(join(dir, `memory-${pid}`), "utf8")) as Sample];
  } catch {
    return [];
  }
}
