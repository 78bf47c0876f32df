// A submitted job on a daemon, as its environment sees it: its end, its lines and its results.
//
// Invariants:
//   J1. `done` returns when the job is over and all its lines have been handed on; then nothing of it is left here.
//   J2. Results that nobody reads never make `done` wait for ever: it rejects with CollectBufferFullError.

import { setMaxListeners } from "node:events";
import { isSageError, systemClock } from "@sage/core";
import type { JobResult, RunningJob, Savepoint, Submission } from "@sage/graph";
import type { Plan } from "@sage/protocol/records";
import { failureOf, isOver, progressOf, toResult, type JobHandle, type JobManagerClient, type JobView, type LogLine, type ProgressSample } from "@sage/jobmanager-client";
import { isShown, isStack, toConsole, toShown, type JobSettings } from "./job-settings.ts";
import { waitForJob } from "./job-wait.ts";
import { attachBuffers, type ResultBuffer } from "./result-buffer.ts";

/** Longest wait for the last lines of a job that is over. */
const lastLinesMs = 5_000;

export interface DaemonJobOptions {
  readonly client: JobManagerClient;
  readonly handle: JobHandle;
  readonly submission: Submission;
  readonly settings: JobSettings;
  /** Whether the job lives with this program: then Ctrl-C and `detach` end it. */
  readonly isLocal: boolean;
  readonly plan: Plan;
  /** Lets go of the daemon; called once. */
  readonly release: () => Promise<void>;
}

export class DaemonJob implements RunningJob {
  readonly jobId: string;
  readonly #options: DaemonJobOptions;
  readonly #over = new AbortController();
  readonly #buffers: ReadonlyMap<string, ResultBuffer>;
  readonly #pumps: readonly Promise<void>[];
  readonly #lines: Promise<void>;
  #last: JobView | undefined;
  #stopAsked = false;
  #released: Promise<void> | undefined;

  constructor(options: DaemonJobOptions) {
    const { handle, submission, isLocal } = options;
    this.jobId = handle.id;
    this.#options = options;
    setMaxListeners(0, this.#over.signal); // each collect() has a stream
    this.#buffers = attachBuffers(submission, options.plan);
    this.#pumps = [...this.#buffers].map(([nodeId, buffer]) => this.#pump(nodeId, buffer));
    // Following the lines keeps the process alive; a job that goes on without it must not.
    const follows = isLocal || submission.options.autostop !== false || submission.options.onLine !== undefined;
    this.#lines = follows ? this.#followLines() : Promise.resolve();
    if (isLocal && submission.options.autostop === false) void this.#releaseAtEnd();
  }

  async done({ timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<JobResult> {
    const { settings, isLocal } = this.#options;
    return waitForJob({
      jobId: this.jobId, untilOver: (until) => this.#untilOver(timeoutMs, until), buffers: [...this.#buffers.values()],
      signal, interrupt: settings.interrupt, isLocal, stop: () => this.stop(), detach: () => this.detach(),
    });
  }

  async status(): Promise<JobResult> {
    if (this.#last && isOver(this.#last)) return toResult(this.#last);
    return toResult((this.#last = await this.#options.handle.view()));
  }

  savepoint(): Promise<Savepoint> {
    return this.#options.handle.savepoint();
  }

  rescale(parallelism: number): Promise<void> {
    return this.#options.handle.rescale(parallelism);
  }

  async stop(): Promise<void> {
    this.#stopAsked = true;
    if (!(this.#last && isOver(this.#last))) {
      const { client, isLocal, handle } = this.#options;
      this.#last = await client.stop(this.jobId, { mode: isLocal ? "now" : "savepoint" });
      if (!isOver(this.#last)) for await (const job of handle.watch()) this.#last = job; // a waiting `done` may let go of the daemon meanwhile
    }
    await this.#finish();
  }

  async detach(): Promise<void> {
    if (this.#options.isLocal && !this.#released) await this.stop();
    this.#over.abort(new Error("detached"));
    await Promise.all([...this.#pumps, this.#lines]);
    if (this.#options.isLocal) await this.#release(); // a remote job may still be asked about
  }

  async #untilOver(timeoutMs: number, signal: AbortSignal): Promise<JobResult> {
    const { handle, submission, settings } = this.#options;
    const onProgress = submission.options.onProgress ?? settings.onProgress;
    let sample: ProgressSample | undefined;
    const onChange = (job: JobView) => {
      this.#last = job;
      if (!onProgress) return;
      const nowMs = systemClock.monotonicMs();
      const progress = progressOf(job, nowMs, sample);
      sample = { atMs: nowMs, records: progress.records };
      onProgress(progress);
    };
    try {
      return await handle.done({ timeoutMs, signal, onChange });
    } finally {
      if (this.#last && isOver(this.#last)) await this.#finish();
    }
  }

  /** The job is over: its last lines, the results that still come, then the daemon is let go of. */
  async #finish(): Promise<void> {
    const late = new AbortController();
    await Promise.race([this.#lines, systemClock.sleep(lastLinesMs, late.signal).catch(() => {})]);
    late.abort();
    const pumped = Promise.all(this.#pumps);
    const buffers = [...this.#buffers.values()];
    await Promise.race([pumped, ...buffers.map((buffer) => buffer.whenFull())]);
    if (buffers.every((buffer) => !buffer.isFull)) await this.#release();
    else void pumped.then(() => this.#release()); // a slow reader still wants what the daemon keeps
  }

  async #releaseAtEnd(): Promise<void> {
    try {
      for await (const job of this.#options.handle.watch({ signal: this.#over.signal })) this.#last = job;
      await this.#finish();
    } catch {
      // detached, or the daemon is gone: `done` and `status` say so to whoever asks
    }
  }

  #release(): Promise<void> {
    return (this.#released ??= this.#options.release().finally(() => this.#over.abort(new Error("released"))));
  }

  async #followLines(): Promise<void> {
    const { handle, submission, settings } = this.#options;
    const onLine = submission.options.onLine ?? settings.onLine ?? toConsole;
    try {
      const stacks: LogLine[] = [];
      for await (const line of handle.logs({ follow: true, signal: this.#over.signal })) {
        if (isStack(line)) stacks.push(line);
        else if (isShown(line)) onLine(toShown(line));
      }
      const failure = stacks.length > 0 ? (await handle.view()).failure : null;
      for (const line of stacks) if (line.text !== failure?.stack) onLine(toShown(line)); // that one is thrown
    } catch (error) {
      if (!this.#over.signal.aborted) settings.onWarning?.(`the lines of job ${this.jobId} are lost from here on: ${String(error)}`);
    }
  }

  async #pump(nodeId: string, buffer: ResultBuffer): Promise<void> {
    const { signal } = this.#over;
    try {
      for await (const { records, sizeBytes } of this.#options.client.results(this.jobId, nodeId, { signal })) {
        const full = buffer.push(records, sizeBytes);
        if (full) await Promise.race([full, new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }))]);
      }
      buffer.end();
    } catch (error) {
      buffer.end(await this.#asJobError(error));
    }
  }

  /** A failed job's own error; nothing where this program asked for the end. */
  async #asJobError(error: unknown): Promise<unknown> {
    if (!isSageError(error)) return this.#stopAsked ? undefined : error;
    if (error.code === "SAGE_JOB_STOPPED" && this.#stopAsked) return undefined;
    if (error.code !== "SAGE_JOB_FAILED") return error;
    return this.#options.handle.view().then(failureOf, () => error);
  }
}
