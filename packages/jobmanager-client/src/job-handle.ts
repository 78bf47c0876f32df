// One job on a daemon.

import { isSageError } from "@sage/core";
import { AutostopTimeoutError, type JobResult, type Savepoint } from "@sage/graph";
import type { JobView, LogLine } from "@sage/protocol";
import type { CallOptions } from "./call-settings.ts";
import type { ContinueOptions, JobManagerClient, StopOptions } from "./client.ts";
import { failureOf, isOver, resultOrFailure, toResult } from "./job-result.ts";
import { collectNode } from "./results.ts";
import type { LogOptions, StreamOptions } from "./streams.ts";

export interface DoneOptions {
  /** Longest wait in milliseconds; default 300,000. 0: no limit. */
  readonly timeoutMs?: number;
  /** Ends the wait, not the job. */
  readonly signal?: AbortSignal;
  /** Hears of the job now and whenever it changes. */
  readonly onChange?: (job: JobView) => void;
}

export class JobHandle {
  readonly id: string;
  /** What the submitter should know, such as packages that are not part of the bundle. */
  readonly warnings: readonly string[];
  readonly #client: JobManagerClient;

  /** Made by {@link JobManagerClient}. */
  constructor(client: JobManagerClient, id: string, warnings: readonly string[] = []) {
    this.#client = client;
    this.id = id;
    this.warnings = warnings;
  }

  /**
   * Waits until the job has ended and its workers and services are gone. A stopped job resolves too: see `status`.
   *
   * @throws JobFailedError with operator, record number and the user's source lines; AutostopTimeoutError, after which
   *   the job goes on; the signal's reason.
   */
  async done({ timeoutMs = 300_000, signal, onChange }: DoneOptions = {}): Promise<JobResult> {
    const timeout = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined;
    const signals = [signal, timeout].filter((each) => each !== undefined);
    try {
      for await (const job of this.watch(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {})) {
        onChange?.(job);
        if (isOver(job)) return resultOrFailure(job);
      }
    } catch (error) {
      if (timeout?.aborted && error === timeout.reason) throw new AutostopTimeoutError(this.id, timeoutMs);
      throw error;
    }
    throw new Error(`the watch of job ${this.id} ended before the job did`);
  }

  async status(call: CallOptions = {}): Promise<JobResult> {
    return toResult(await this.view(call));
  }

  /** Everything the daemon says of the job. */
  view(call: CallOptions = {}): Promise<JobView> {
    return this.#client.get(this.id, call);
  }

  watch(options: StreamOptions & { readonly minIntervalMs?: number } = {}): AsyncGenerator<JobView, void, undefined> {
    return this.#client.watch(this.id, options);
  }

  logs(options: LogOptions = {}): AsyncGenerator<LogLine, void, undefined> {
    return this.#client.logs(this.id, options);
  }

  /**
   * The records of a collect(), each once, in order per parallel instance; reading slowly slows the job down.
   *
   * @param operator - its name or node id; may be left out if the job has only one.
   * @throws NoResultsError; JobFailedError if the job fails before its last record.
   */
  async *results<T = unknown>(operator?: string, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<T, void, undefined> {
    const nodeId = collectNode(this.id, (await this.view(options)).operators, operator);
    try {
      for await (const { records } of this.#client.results(this.id, nodeId, options)) yield* records as readonly T[];
    } catch (error) {
      throw isSageError(error) && error.code === "SAGE_JOB_FAILED" ? failureOf(await this.view(options)) : error;
    }
  }

  /** Pauses the job, or ends it: see {@link JobManagerClient.stop}. To wait until all is gone: `done()`. */
  async stop(options: StopOptions = {}): Promise<JobResult> {
    return toResult(await this.#client.stop(this.id, options));
  }

  /** Runs the job again where it stood: see {@link JobManagerClient.continue}. */
  async continue(options: ContinueOptions = {}): Promise<JobResult> {
    return toResult(await this.#client.continue(this.id, options));
  }

  /** Saves the job's state, and goes on. */
  async savepoint(call: CallOptions = {}): Promise<Savepoint> {
    const { id, path, bytes } = await this.#client.savepoint(this.id, call);
    return { id, path, bytes };
  }

  /** Takes the ended job from the list; with `force` it is stopped first. */
  async delete(options: { readonly force?: boolean } & CallOptions = {}): Promise<JobResult> {
    return toResult(await this.#client.delete(this.id, options));
  }

  /** Goes on with another parallelism; resolves when its workers run. @throws JobFailedError if it fails instead. */
  async rescale(parallelism: number, call: CallOptions = {}): Promise<void> {
    await this.#client.rescale(this.id, parallelism, call);
    for await (const job of this.watch(call.signal ? { signal: call.signal } : {})) {
      if (job.phase === "RUNNING" || job.phase === "COMPLETED") return;
      if (isOver(job)) return void resultOrFailure(job);
    }
  }
}
