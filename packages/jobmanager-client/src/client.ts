// A connection to one JobManager daemon.
//
// Rules: every call has a deadline and takes a signal; calls that may be repeated are, when the daemon is out of reach
// for a moment; errors are SageErrors, told apart by `code`; closing twice is harmless.

import { isLoopback, isSageError, newJobId, Secret, withRetries } from "@sage/core";
import {
  callUnary, healthClient, jobsClient,
  speaksTls, type CheckpointView, type CleanupRequestInit, type ClientOptions, type ClientTls, type JobPhase, type JobsClient, type JobView, type LogLine, type ProfileView, type ServerInfoView,
} from "@sage/protocol";
import { isUnreachable, retryOptions, type CallOptions, type CallSettings } from "./call-settings.ts";
import type { EntryOptions } from "./entry.ts";
import { ClearTextRefusedError, ClientClosedError, DaemonSpeaksTlsError } from "./errors.ts";
import { JobHandle } from "./job-handle.ts";
import { findJob } from "./job-ref.ts";
import { resultsOf, type CollectedBatch } from "./results.ts";
import { followLogs, watchJob, type LogOptions, type StreamOptions } from "./streams.ts";
import type { GraphSubmission, JobOptions } from "./submit.ts";

export interface ConnectOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 19001. */
  readonly port?: number;
  /** Dialled instead of host and port, which then only name the daemon: `unix:/path`, the end of a tunnel. */
  readonly address?: string;
  /** Needed by a daemon that listens on more than loopback. */
  readonly token?: string | Secret;
  /** How the daemon is known, and what is shown to it; absent: clear text. */
  readonly tls?: ClientTls;
  /** Send the token in clear text, also to another machine: only where nobody can listen in. */
  readonly isInsecure?: boolean;
  /** How long the attempt to connect may take, in milliseconds; default: `deadlineMs`. */
  readonly connectTimeoutMs?: number;
  /** Ends the attempt to connect. */
  readonly signal?: AbortSignal;
  /** How long a call may take if it does not say, in milliseconds; default 30,000. */
  readonly deadlineMs?: number;
}

export interface StopOptions extends CallOptions {
  /** Default `savepoint`. */
  readonly mode?: "savepoint" | "now" | "drain";
}

export interface ContinueOptions extends CallOptions {
  readonly parallelism?: number;
  readonly checkpointId?: number;
}

export interface ProfileOptions extends CallOptions {
  readonly workerIndex?: number;
  readonly durationMs?: number;
}

/** Saving state may take long: ten minutes if the caller does not say. */
const long = (call: CallOptions): CallOptions => ({ deadlineMs: 600_000, ...call });

export interface Health {
  readonly healthy: boolean;
  /** The standard health service's word: SERVING, NOT_SERVING, … */
  readonly status: string;
}

/**
 * Connects to a daemon and asks it who it is.
 *
 * @throws `SAGE_DAEMON_UNREACHABLE` if none answers, `SAGE_UNAUTHENTICATED` if the token is wrong, `SAGE_TLS_FAILED` if it
 *   cannot show who it is, `SAGE_TLS_NEEDED` if one side speaks TLS and the other does not.
 */
export async function connectJobManager(options: ConnectOptions = {}): Promise<JobManagerClient> {
  const client = new JobManagerClient(options);
  try {
    const { signal, connectTimeoutMs: deadlineMs } = options;
    await client.serverInfo({ ...(signal ? { signal } : {}), ...(deadlineMs === undefined ? {} : { deadlineMs }), attempts: 1 });
    return client;
  } catch (error) {
    client.close();
    if (isSageError(error) && error.code === "SAGE_DAEMON_UNREACHABLE" && !options.tls && (await speaksTls(options.address ?? client.address))) throw new DaemonSpeaksTlsError(client.address);
    throw error;
  }
}

/** Made by {@link connectJobManager}. */
export class JobManagerClient implements AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  readonly #target: string;
  readonly #jobs: JobsClient;
  readonly #options: ClientOptions;
  readonly #deadlineMs: number;
  #isClosed = false;

  constructor({ host = "127.0.0.1", port = 19_001, address, token, tls, isInsecure = false, deadlineMs = 30_000 }: ConnectOptions) {
    this.address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
    if (token !== undefined && !tls && address === undefined && !isInsecure && !isLoopback(host)) throw new ClearTextRefusedError(this.address);
    this.#options = { ...(token === undefined ? {} : { token: typeof token === "string" ? new Secret(token) : token }), ...(tls ? { tls: { serverName: host, ...tls } } : {}) };
    this.#deadlineMs = deadlineMs;
    this.#target = address ?? this.address;
    this.#jobs = jobsClient(this.#target, this.#options);
  }

  /**
   * Submits the pipeline that a module exports as its default: bundles, uploads what the daemon lacks, submits.
   *
   * @throws BundleError, NoPipelineExportedError, mistakes of the pipeline (`SAGE_EMPTY_PIPELINE`, …), or the daemon's refusal.
   */
  async submit(options: EntryOptions & JobOptions): Promise<JobHandle> {
    const { buildEntry } = await import("./entry.ts");
    const { bundle, pipeline } = await buildEntry(options);
    return this.submitGraph({ ...options, graph: pipeline.graph(), bundle, params: pipeline.params });
  }

  /** Submits a graph that was built already, with the bundle of the program that built it. */
  async submitGraph(submission: GraphSubmission): Promise<JobHandle> {
    const { submitGraph } = await import("./submit.ts");
    const job = await submitGraph(this.#jobs, submission, this.#settings(submission));
    return new JobHandle(this, job.jobId, [...submission.bundle.warnings, ...job.warnings]);
  }

  /** A handle of a job by its full id. Asks nothing of the daemon. */
  job(jobId: string): JobHandle {
    return new JobHandle(this, jobId);
  }

  /** @throws `SAGE_JOB_NOT_FOUND` */
  get(jobId: string, call: CallOptions = {}): Promise<JobView> {
    return this.#repeatable(call, (settings) => callUnary(this.#jobs, "Get", { jobId }, settings));
  }

  /** The jobs in order of submission; deleted ones only when asked for. */
  async list(options: { readonly phases?: readonly JobPhase[]; readonly withDeleted?: boolean } & CallOptions = {}): Promise<JobView[]> {
    const request = { phases: [...(options.phases ?? [])], withDeleted: options.withDeleted ?? false };
    return (await this.#repeatable(options, (settings) => callUnary(this.#jobs, "List", request, settings))).jobs;
  }

  /** Every job there has been, deleted ones too, in order of submission. */
  history(call: CallOptions = {}): Promise<JobView[]> {
    return this.list({ ...call, withDeleted: true });
  }

  /**
   * The job that people mean by a list number, a full id, or the beginning of one.
   *
   * @throws JobNotFoundError; AmbiguousJobError, which names the candidates.
   */
  async resolveJob(ref: string, call: CallOptions = {}): Promise<JobView> {
    return findJob(ref, await this.history(call));
  }

  /** The job now and after each change (at most every `minIntervalMs`, default 250), until it is over. Goes on after a lost connection. */
  watch(jobId: string, options: StreamOptions & { readonly minIntervalMs?: number } = {}): AsyncGenerator<JobView, void, undefined> {
    this.#checkOpen();
    return watchJob(this.#jobs, jobId, options);
  }

  /** Log lines in order, each once. Goes on behind the last one after a lost connection. */
  logs(jobId: string, options: LogOptions = {}): AsyncGenerator<LogLine, void, undefined> {
    this.#checkOpen();
    return followLogs(this.#jobs, jobId, options);
  }

  /** The records of one collect() operator, in batches; to be read once. */
  results(jobId: string, nodeId: string, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<CollectedBatch, void, undefined> {
    this.#checkOpen();
    return resultsOf(this.#jobs, jobId, nodeId, options.signal);
  }

  /**
   * Pauses a job: takes a savepoint and frees its workers; returns when they are gone. See {@link continue}.
   *
   * @param options.mode - `now` saves nothing; `drain` lets the sources end, the records out, and the job complete.
   * @throws `SAGE_CHECKPOINT_FAILED` if its state cannot be saved: the job goes on.
   */
  stop(jobId: string, { mode = "savepoint", ...call }: StopOptions = {}): Promise<JobView> {
    return this.#repeatable(long(call), (settings) => callUnary(this.#jobs, "Stop", { jobId, now: mode === "now", drain: mode === "drain" }, settings));
  }

  /**
   * Runs a stopped or failed job again from its last checkpoint; one that runs goes on as it is.
   *
   * @param options.parallelism - its new default parallelism.
   * @param options.checkpointId - an earlier checkpoint to go on from; those behind it are forgotten.
   */
  continue(jobId: string, { parallelism = 0, checkpointId = 0, ...call }: ContinueOptions = {}): Promise<JobView> {
    return this.#repeatable(long(call), (settings) => callUnary(this.#jobs, "Continue", { jobId, parallelism, checkpointId }, settings));
  }

  /** Takes a savepoint of a job, which goes on; waits for its start first; returns when it is on disk. */
  savepoint(jobId: string, call: CallOptions = {}): Promise<CheckpointView> {
    const savepointId = newJobId();
    return this.#repeatable(long(call), (settings) => callUnary(this.#jobs, "Savepoint", { jobId, savepointId }, settings));
  }

  /**
   * A V8 CPU profile of one worker of a running job.
   *
   * @param options.workerIndex - instance i of every operator runs on worker i; default 0.
   * @param options.durationMs - how long to watch; default 5,000.
   * @throws `SAGE_JOB_NOT_ACTIVE`, `SAGE_NO_SUCH_WORKER`, `SAGE_PROFILE_FAILED`.
   */
  profile(jobId: string, { workerIndex = 0, durationMs = 5_000, ...call }: ProfileOptions = {}): Promise<ProfileView> {
    return callUnary(this.#jobs, "Profile", { jobId, workerIndex, durationMs }, this.#settings({ deadlineMs: durationMs + 30_000, ...call }));
  }

  /** Runs a job with another parallelism, from a savepoint taken now; returns when the new workers are on their way. Not repeated by itself. */
  rescale(jobId: string, parallelism: number, call: CallOptions = {}): Promise<JobView> {
    return callUnary(this.#jobs, "Rescale", { jobId, parallelism }, this.#settings(long(call)));
  }

  /** Takes an ended job from the list; with `force` it is stopped first. */
  delete(jobId: string, options: { readonly force?: boolean } & CallOptions = {}): Promise<JobView> {
    return this.#repeatable(options, (settings) => callUnary(this.#jobs, "Delete", { jobId, force: options.force ?? false }, settings));
  }

  /** Deletes ended jobs, with `force` running ones too; returns the deleted. */
  async cleanup(options: Pick<CleanupRequestInit, "force" | "olderThanMs"> & CallOptions = {}): Promise<JobView[]> {
    const request = { force: options.force ?? false, olderThanMs: options.olderThanMs ?? 0 };
    return (await this.#repeatable(options, (settings) => callUnary(this.#jobs, "Cleanup", request, settings))).jobs;
  }

  /** @param call.ray - with the state of the daemon's Ray cluster, `rayCluster`; that may take a few seconds. */
  serverInfo(call: CallOptions & { readonly attempts?: number; readonly ray?: boolean } = {}): Promise<ServerInfoView> {
    return this.#repeatable(call, (settings) => callUnary(this.#jobs, "ServerInfo", { ray: call.ray ?? false }, settings), call.attempts);
  }

  /** What the daemon's standard health service says; a daemon out of reach is not healthy, and no error. */
  async health(call: CallOptions = {}): Promise<Health> {
    await using client = healthClient(this.#target, this.#options);
    try {
      const { status } = await callUnary(client, "Check", { service: "" }, this.#settings(call));
      return { healthy: status === "SERVING", status };
    } catch (error) {
      if (isUnreachable(error)) return { healthy: false, status: "UNREACHABLE" };
      throw error;
    }
  }

  /** Ends the connection; jobs go on. */
  close(): void {
    this.#isClosed = true;
    this.#jobs.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #settings({ signal, deadlineMs = this.#deadlineMs }: CallOptions): CallSettings {
    this.#checkOpen();
    return { deadlineMs, ...(signal ? { signal } : {}) };
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ClientClosedError(this.address);
  }

  async #repeatable<T>(call: CallOptions, work: (settings: CallSettings) => Promise<T>, attempts?: number): Promise<T> {
    return withRetries(() => work(this.#settings(call)), { ...retryOptions(call.signal), ...(attempts === undefined ? {} : { attempts }) });
  }
}
