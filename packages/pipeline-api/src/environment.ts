// A pipeline and its job: build, submit, ask, stop, close. Where it runs is the host's business.
//
// Invariants:
//   E1. Every method may be called at any time, before submit and after close too; closing twice is harmless.
//   E2. The job's id and last known state stay after close.

import { uuidV7 } from "@sage/core";
import {
  checkOptions, checkpointOptions, environmentOptions, PipelineBuilder, restartOptions, submitOptions, wasDefined,
  type CheckpointOptions, type CollectFeed, type EnvironmentOptions, type HealthReport, type JobResult, type JobStatus, type OperatorCounts, type RunningJob, type Savepoint,
  type SubmitOptions, type Target,
} from "@sage/graph";
import { NoJobError } from "./errors.ts";
import { hostInUse } from "./host-in-use.ts";

const defaultTimeoutMs = 300_000;

export interface RunOptions extends EnvironmentOptions {
  /**
   * The module that workers evaluate to build this pipeline again: a path or file URL. Default: the program that
   * runs. Tests and services must say it, since their main module is another.
   */
  readonly entry?: string | URL;
  /** How often the state is saved, and where; what `submit` says goes before it. */
  readonly checkpoints?: CheckpointOptions;
}

/** What is known of an environment's job. */
export interface EnvironmentStatus {
  /** `not-submitted` before the first submit. */
  readonly status: JobStatus | "not-submitted";
  readonly name: string;
  readonly jobId?: string;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly operators: readonly OperatorCounts[];
  /** Why the job failed. */
  readonly error?: string;
}

export abstract class Environment extends PipelineBuilder implements AsyncDisposable {
  /** Stays the same for the life of this environment; other than the job's id, it is there before submit. */
  readonly envUuid: string = uuidV7();
  readonly #target: Target;
  readonly #entry: string | undefined;
  readonly #checkpoints: CheckpointOptions | undefined;
  #job: RunningJob | undefined;
  #isClosed = false;

  /** @param more - names of options that this kind of environment has besides. */
  constructor(name: string, target: Target, options: RunOptions = {}, more: Readonly<Record<string, true>> = {}) {
    super(name, options);
    checkOptions(`environment "${name}"`, options, { ...environmentOptions, entry: true, checkpoints: true, ...more });
    checkOptions("checkpoints", options.checkpoints, checkpointOptions);
    this.#target = target;
    this.#entry = options.entry?.toString();
    this.#checkpoints = options.checkpoints;
  }

  /** The id of the job that was submitted last. */
  get jobId(): string | undefined {
    return this.#job?.jobId;
  }

  /**
   * Runs the pipeline as built so far.
   *
   * With `autostop` (the default) it returns when the job has ended and everything it held is gone; without, at once,
   * with a handle of the job.
   *
   * @throws mistakes of the pipeline, before anything runs (`SAGE_EMPTY_PIPELINE`, `SAGE_UNFILLED_FUTURE`,
   *   `SAGE_INVALID_OPERATOR`, …); JobFailedError; AutostopTimeoutError, after which the job goes on.
   */
  submit(options: SubmitOptions & { readonly autostop: false }): Promise<RunningJob>;
  submit(options?: SubmitOptions & { readonly autostop?: true }): Promise<JobResult>;
  submit(options?: SubmitOptions): Promise<JobResult | RunningJob>;
  async submit(options: SubmitOptions = {}): Promise<JobResult | RunningJob> {
    checkOptions("submit", options, submitOptions);
    checkOptions("checkpoints", options.checkpoints, checkpointOptions);
    checkOptions("restart", options.restart, restartOptions);
    const feeds = this.collects().map(awaitedFeed); // before the first await: a caller may read from now on
    try {
      const host = await hostInUse();
      const graph = this.graph();
      this.#job = await host.submit({
        target: this.#target, graph, params: this.params, collects: feeds, options: this.#checkpoints ? { checkpoints: this.#checkpoints, ...options } : options, isDefined: wasDefined(this), ...(this.#entry === undefined ? {} : { entry: this.#entry }),
      });
    } catch (error) {
      for (const feed of feeds) feed.fail(error);
      throw error;
    }
    if (options.autostop === false) return this.#job;
    return this.#job.done({ timeoutMs: options.timeoutMs ?? defaultTimeoutMs, ...(options.signal ? { signal: options.signal } : {}) });
  }

  /** The job's state now; `{ status: "not-submitted" }` before the first submit. */
  async getJobStatus(): Promise<EnvironmentStatus> {
    return this.#job ? this.#job.status() : { status: "not-submitted", name: this.name, operators: [] };
  }

  /** Saves the state of the job, which goes on. @throws `SAGE_NO_DAEMON` in this process, `SAGE_CHECKPOINT_FAILED`. */
  async savepoint(): Promise<Savepoint> {
    return this.#submitted("savepoint").savepoint();
  }

  /** The job goes on with another default parallelism, from a savepoint taken now; returns when its workers run. */
  async rescale(parallelism: number): Promise<void> {
    await this.#submitted("rescale").rescale(parallelism);
  }

  #submitted(what: string): RunningJob {
    if (!this.#job) throw new NoJobError(what);
    return this.#job;
  }

  /** Ends the job, if there is one; on a daemon its state is saved. Returns when its workers and services are gone. */
  async stop(): Promise<void> {
    await this.#job?.stop();
  }

  /** Whether what would run this pipeline is able to. */
  async healthCheck(): Promise<HealthReport> {
    const host = await hostInUse();
    return host.health(this.#target);
  }

  /** Lets go of the job and forgets the pipeline: a job on a daemon goes on, a local one ends. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.builder.clear();
    await this.#job?.detach();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A feed that can be read before the job exists. */
function awaitedFeed(feed: CollectFeed): CollectFeed & { fail(error: unknown): void } {
  let resolve!: (batches: AsyncIterable<readonly unknown[]>) => void;
  let reject!: (error: unknown) => void;
  const coming = new Promise<AsyncIterable<readonly unknown[]>>((res, rej) => { resolve = res; reject = rej; });
  coming.catch(() => {}); // nobody has to read; who does is told
  feed.attach({ async *[Symbol.asyncIterator]() { yield* await coming; } });
  return { nodeId: feed.nodeId, attach: resolve, fail: reject };
}
