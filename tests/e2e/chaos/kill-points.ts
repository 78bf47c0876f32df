// Kills the daemon at steps which a seed chooses (failpoint.ts of the daemon), amid what people do to jobs. What was not
// answered is asked again from the next daemon. In the end each job is there once, in the phase that it was told to be
// in, by legal moves alone, and every ledger is the fault-free one.

import { callUnary, type JobView, type JobsClient } from "../../../packages/protocol/src/index.ts";
import { newJobId } from "../../../packages/core/src/index.ts";
import { failpointNames } from "../../../packages/jobmanager-server/src/failpoint.ts";
import { planOf, submission, upload } from "../../../packages/jobmanager-server/src/testing/test-daemon.ts";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BreakableDaemon } from "./breakable-daemon.ts";
import { illegalMoves } from "./chaos.ts";
import { randomOf } from "./faults.ts";
import { submitLedger } from "./ledger-subject.ts";
import type { Subject } from "./subject.ts";

export interface KillPointsOptions {
  readonly seed: number;
  readonly points: number;
  readonly onPoint?: (point: string, nth: number) => void;
}

export interface KillPointsReport {
  readonly seed: number;
  readonly ok: boolean;
  readonly mistakes: readonly string[];
  /** Of the daemon at a point: the others were killed at a moment. */
  readonly deaths: number;
  readonly byPoint: Readonly<Record<string, number>>;
  readonly jobs: number;
  readonly ms: number;
}

/** What somebody asks; asked again, it must be the same. */
interface Act {
  readonly what: string;
  readonly ask: (client: JobsClient) => Promise<unknown>;
}

/** Whoever asks a daemon that has just come up gets an answer within it. */
const deadlineMs = 60_000;
const smallLimit = 150;

export async function runKillPoints({ seed, points, onPoint }: KillPointsOptions): Promise<KillPointsReport> {
  const startMs = performance.now();
  const random = randomOf(seed);
  await using daemon = await BreakableDaemon.start("scripted", []);
  const run = new KillPointsRun(daemon, await submitLedger({ client: () => daemon.client, port: daemon.port, home: daemon.home, dir: daemon.dir, deadlineMs }));
  const byPoint: Record<string, number> = {};
  for (let nth = 1; nth <= points; nth++) {
    const name = failpointNames[Math.floor(random() * failpointNames.length)]!;
    const point = `${name}=kill@${1 + Math.floor(random() * (name.startsWith("record.") ? 12 : name.startsWith("checkpoint.") ? 4 : 1))}`;
    onPoint?.(point, nth);
    const died = await run.untilDeath(point);
    if (died) byPoint[name] = (byPoint[name] ?? 0) + 1;
  }
  await daemon.restart();
  const mistakes = await run.finish();
  return { seed, ok: mistakes.length === 0, mistakes, byPoint, jobs: run.jobs, deaths: Object.values(byPoint).reduce((sum, count) => sum + count, 0), ms: Math.round(performance.now() - startMs) };
}

class KillPointsRun {
  readonly #daemon: BreakableDaemon;
  readonly #long: Subject;
  readonly #acts: AsyncIterator<Act>;
  readonly #mistakes: string[] = [];
  /** Asked, and not answered yet. */
  #open: Act | undefined;
  /** The small jobs, and whether they were deleted. */
  readonly #small = new Map<string, boolean>();

  constructor(daemon: BreakableDaemon, long: Subject) {
    this.#daemon = daemon;
    this.#long = long;
    this.#acts = this.#cycle();
  }

  get jobs(): number {
    return this.#small.size + 1;
  }

  /** Goes on until the daemon has died at `point`, which it may do before it is up; false: the point was not met. */
  async untilDeath(point: string): Promise<boolean> {
    try {
      await this.#daemon.restart(point);
    } catch {
      await this.#daemon.restart();
      return true;
    }
    for (let asked = 0; asked < 9; asked++) {
      this.#open ??= (await this.#acts.next()).value as Act;
      try {
        await this.#open.ask(this.#daemon.client);
      } catch (error) {
        if ((error as { code?: string }).code !== "SAGE_DAEMON_UNREACHABLE") throw new Error(`${this.#open.what}, after ${point}: ${(error as Error).message}`, { cause: error });
        await this.#daemon.exited;
        return true;
      }
      this.#open = undefined;
    }
    return false;
  }

  async *#cycle(): AsyncGenerator<Act, never, undefined> {
    const { jobId } = this.#long;
    for (let round = 1; ; round++) {
      const small = newJobId();
      const ledger = join(this.#daemon.dir, small);
      const bundle = `export default ${round};\n`;
      let bundleHash = "";
      yield { what: "upload", ask: async (client) => { bundleHash = await uploaded(client, bundle); } };
      const request = () => submission("small", planOf(), {
        jobId: small, bundleHash, checkpoints: { intervalMs: 50, keep: 2 }, restart: { exponential: { initialMs: 10, maxMs: 100, attempts: 1_000 } },
        env: { LEDGER: ledger, LIMIT: String(smallLimit), PAUSE_MS: "2" },
      });
      yield { what: "submit", ask: async (client) => { await callUnary(client, "Submit", request(), { deadlineMs }); this.#small.set(small, false); } };
      yield { what: "rescale", ask: (client) => callUnary(client, "Rescale", { jobId: small, parallelism: 3 }, { deadlineMs }).catch(isExpected) };
      const savepointId = newJobId();
      yield { what: "savepoint", ask: (client) => savepoint(client, jobId, savepointId) };
      yield { what: "stop", ask: async (client) => this.#expect("STOPPED", await callUnary(client, "Stop", { jobId }, { deadlineMs })) };
      yield { what: "continue", ask: (client) => callUnary(client, "Continue", { jobId }, { deadlineMs }) };
      yield { what: "the small job's end", ask: async (client) => this.#expect("COMPLETED", await over(client, small)) };
      if (round % 2 === 0) yield { what: "delete", ask: async (client) => { this.#expect("DELETED", await callUnary(client, "Delete", { jobId: small }, { deadlineMs })); this.#small.set(small, true); } };
      else yield { what: "cleanup", ask: async (client) => { await callUnary(client, "Cleanup", {}, { deadlineMs }); for (const each of this.#small.keys()) this.#small.set(each, true); } };
    }
  }

  #expect(phase: JobView["phase"], job: JobView): void {
    if (job.phase !== phase) this.#mistakes.push(`${job.name} is ${job.phase}, not ${phase}: ${job.failure?.message ?? ""}`);
  }

  async finish(): Promise<readonly string[]> {
    const { client } = this.#daemon;
    if (this.#open) await this.#open.ask(client);
    await callUnary(client, "Continue", { jobId: this.#long.jobId }, { deadlineMs });
    await running(client, this.#long.jobId);
    await this.#long.end();
    this.#expect("COMPLETED", await over(client, this.#long.jobId));
    for (const [jobId, isDeleted] of this.#small) if (!isDeleted) this.#expect("COMPLETED", await over(client, jobId));
    const { jobs } = await callUnary(client, "List", { withDeleted: true }, { deadlineMs });
    const ids = jobs.map(({ jobId }) => jobId);
    if (ids.length !== this.jobs || new Set(ids).size !== this.jobs) this.#mistakes.push(`there are ${ids.length} jobs, not ${this.jobs}`);
    for (const [jobId, isDeleted] of this.#small) {
      const phase = jobs.find((job) => job.jobId === jobId)?.phase;
      if ((phase === "DELETED") !== isDeleted) this.#mistakes.push(`job ${jobId}, ${isDeleted ? "" : "not "}deleted, is ${phase ?? "nowhere"}`);
      this.#mistakes.push(...(await mistakesOfSmall(join(this.#daemon.dir, jobId))));
    }
    return [...this.#mistakes, ...jobs.flatMap(illegalMoves), ...(await this.#long.mistakes()).mistakes];
  }
}

async function uploaded(client: JobsClient, text: string): Promise<string> {
  await upload(client, text);
  return createHash("sha256").update(text).digest("hex");
}

async function running(client: JobsClient, jobId: string): Promise<void> {
  await until(client, jobId, ({ phase }) => phase === "RUNNING");
}

/** Of a job that may be on its way back. */
async function savepoint(client: JobsClient, jobId: string, savepointId: string): Promise<void> {
  for (;;) {
    await running(client, jobId);
    try {
      await callUnary(client, "Savepoint", { jobId, savepointId }, { deadlineMs });
      return;
    } catch (error) {
      isExpected(error);
    }
  }
}

/** A job may be on its way back, or at its end already. */
function isExpected(error: unknown): void {
  if (!["SAGE_JOB_PHASE", "SAGE_CHECKPOINT_FAILED"].includes((error as { code?: string }).code ?? "")) throw error;
}

const over = (client: JobsClient, jobId: string): Promise<JobView> => until(client, jobId, ({ resourcesReleased }) => resourcesReleased);

async function until(client: JobsClient, jobId: string, holds: (job: JobView) => boolean): Promise<JobView> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const job = await callUnary(client, "Get", { jobId }, { deadlineMs });
    if (holds(job)) return job;
    if (performance.now() > endMs) throw new Error(`${job.name} is still ${job.phase}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function mistakesOfSmall(ledger: string): Promise<readonly string[]> {
  const rows: string[][] = [[], [], []]; // of the third, which begins where the job is rescaled, nothing is known
  for (const name of (await readdir(ledger)).sort()) if (!name.endsWith(".part")) rows[Number(name.split("-")[0])]!.push(...(await readFile(join(ledger, name), "utf8")).trim().split("\n"));
  const expected = Array.from({ length: smallLimit }, (_, n) => String(n)).join();
  return rows.slice(0, 2).flatMap((row, i) => (row.join() === expected ? [] : [`${ledger}: instance ${i} wrote ${row.join()}`]));
}
