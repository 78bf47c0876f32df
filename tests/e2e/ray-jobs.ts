// Jobs on a Ray bed that write a ledger, slowly until they are told to hurry. For ray-faults.test.ts and ray-two-hosts.test.ts.

import { deepStrictEqual } from "node:assert";
import { Cleanup } from "../../packages/core/src/index.ts";
import { callUnary, type JobView, type RestartView } from "../../packages/protocol/src/index.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { LedgerServer } from "./ledger-server.ts";
import { mistakesIn } from "./ledger-shapes.ts";
import { openRayBed, type OutsideDaemon, type RayBed, type RayBedOptions } from "./ray-bed.ts";
import { lastJson, SageHome, type Ran } from "./sage.ts";

/** Of a machine that is busy with other things. */
export const patienceMs = 150_000;
const deadlineMs = 60_000;
const limit = 20_000;
const program = "tests/e2e/programs/ledger.ts";

export interface Running {
  readonly jobId: string;
  readonly ledger: string;
  /** Of the operator with most instances. */
  readonly instances: readonly { readonly host: string; readonly pid: number }[];
}

export interface Start {
  /** Default: the one that these jobs were opened with. */
  readonly daemon?: OutsideDaemon;
  /** Which both write the same ledger; the second one counts in workers apart. Default: keyed. */
  readonly shape?: "keyed" | "remote";
  /** Default 3. */
  readonly parallelism?: number;
}

export class RayJobs implements AsyncDisposable {
  readonly bed: RayBed;
  /** Starts no workers ahead. */
  readonly daemon: OutsideDaemon;
  readonly #home: SageHome;
  readonly #ledgers: LedgerServer;
  readonly #opened: Cleanup;

  private constructor(bed: RayBed, daemon: OutsideDaemon, home: SageHome, ledgers: LedgerServer, opened: Cleanup) {
    this.bed = bed;
    this.daemon = daemon;
    this.#home = home;
    this.#ledgers = ledgers;
    this.#opened = opened;
  }

  static async open(options: RayBedOptions): Promise<RayJobs> {
    await using opening = new Cleanup();
    const bed = opening.use(await openRayBed(options));
    const daemon = opening.use(await bed.startDaemon(["--warm-workers", "0"]));
    const home = opening.use(await SageHome.make());
    const ledgers = opening.use(await LedgerServer.open(bed.hosts.facts.machine));
    return new RayJobs(bed, daemon, home, ledgers, opening.move());
  }

  get(jobId: string, daemon = this.daemon): Promise<JobView> {
    return callUnary(daemon.client, "Get", { jobId }, { deadlineMs });
  }

  rowsOf({ ledger }: Pick<Running, "ledger">): number {
    return this.#ledgers.written(ledger, "all").rows.length;
  }

  /** As `sage job show` prints it. */
  async shown({ jobId }: Running): Promise<string> {
    return (await this.sage("job", "show", jobId, "-v", "--port", String(this.daemon.port))).stdout;
  }

  sage(...args: string[]): Promise<Ran> {
    return this.#home.sage(...args);
  }

  /** The words behind `sage run` or `sage job submit` for a job that does not end by itself, and the name of its ledger. */
  words({ daemon = this.daemon, shape = "keyed", parallelism = 3 }: Start = {}): { readonly words: readonly string[]; readonly ledger: string } {
    const ledger = `ledger-${Math.random().toString(36).slice(2)}`;
    const params = { out: this.#ledgers.urlOf(ledger), shape, limit, slow: 300 };
    return { ledger, words: [program, "--port", String(daemon.port), "--parallelism", String(parallelism), ...Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`])] };
  }

  /** A job that has committed something, and does not end by itself. */
  async start(options: Start = {}): Promise<Running> {
    const { words, ledger } = this.words(options);
    const { jobId } = lastJson(await this.sage("job", "submit", ...words, "--json")) as { jobId: string };
    return this.committed(jobId, ledger, options.daemon);
  }

  async committed(jobId: string, ledger: string, daemon = this.daemon): Promise<Running> {
    const job = await until("the job has committed something", async () => (this.rowsOf({ ledger }) > 0 ? this.get(jobId, daemon) : undefined), patienceMs);
    return { jobId, ledger, instances: instancesOf(job) };
  }

  /** Why the job was restarted, when it has committed again. */
  async restarted(running: Running, restarts = 1): Promise<RestartView> {
    const job = await until("the job runs again", async () => {
      const job = await this.get(running.jobId);
      if (job.phase === "FAILED") throw new Error(job.failure?.message);
      return job.phase === "RUNNING" && job.restartCount >= restarts ? job : undefined;
    }, patienceMs);
    await this.goesOn(running);
    deepStrictEqual(job.restartCount, restarts);
    return job.restarts.at(-1)!;
  }

  async goesOn(running: Running): Promise<void> {
    const rows = this.rowsOf(running);
    await until("the job has committed more", () => this.rowsOf(running) > rows, patienceMs);
  }

  /** The job's end: all records are there once, and nothing of it is. */
  async completes(running: Running): Promise<void> {
    this.#ledgers.hurry(running.ledger);
    const job = await this.ended(running.jobId);
    deepStrictEqual([job.phase, job.failure?.message ?? ""], ["COMPLETED", ""]);
    deepStrictEqual(await mistakesIn("keyed", limit, (folder) => this.#ledgers.written(running.ledger, folder)), []);
  }

  ended(jobId: string): Promise<JobView> {
    return until("the job has ended and let go", async () => {
      const job = await this.get(jobId);
      return job.resourcesReleased ? job : undefined;
    }, patienceMs);
  }

  /** Takes all jobs away, whatever they do: one that a failed test has left would need the room of the next one. */
  async deleteAll(): Promise<void> {
    await callUnary(this.daemon.client, "Cleanup", { force: true }, { deadlineMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened[Symbol.asyncDispose]();
  }
}

const instancesOf = ({ operators }: JobView) => operators.toSorted((a, b) => b.instances.length - a.instances.length)[0]!.instances;
