// Who runs what an environment submits. A program does not know: the host is found at submit.
//
// Three hosts exist: the default one of `@sage/pipeline` (in-process engine, worker processes, or a daemon), the one
// that `sage run` installs (the same, with the command line's settings), and the worker's, which takes the graph of
// the pipeline it was started for and never returns. The hand-over goes through a global symbol, because a user's
// bundle carries its own copy of this package.

import type { CollectFeed } from "./collected.ts";
import type { DurabilityOptions, Savepoint } from "./durability.ts";
import type { Graph } from "./graph.ts";

export type Target =
  | { readonly kind: "local"; readonly workers?: "in-process" | "processes"; readonly ray?: string }
  | { readonly kind: "remote"; readonly host?: string; readonly port?: number; readonly token?: string }
  | { readonly kind: "configured" };

export interface SubmitOptions extends DurabilityOptions {
  /** Wait until the job has ended and everything it held is gone; default true. */
  readonly autostop?: boolean;
  /** Longest wait of autostop, in milliseconds; default 300,000. 0: no limit. */
  readonly timeoutMs?: number;
  /** The job's id, to make a repeated submit the same job; default: a new one. */
  readonly id?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Most bytes of each collect()'s records that wait unread in this process; default 64 MiB. */
  readonly collectBufferBytes?: number;
  /** Ends the wait, not the job. */
  readonly signal?: AbortSignal;
  /** Called with progress, at most a few times a second. */
  readonly onProgress?: (progress: JobProgress) => void;
  /** Where lines of `print()` and `console` go that workers send; default: this process' console. */
  readonly onLine?: (line: { readonly operator: string; readonly index: number; readonly text: string; readonly stream: string }) => void;
}

export interface JobProgress {
  readonly jobId: string;
  readonly status: JobStatus;
  /** Records that sources have emitted, and per second lately. */
  readonly records: number;
  readonly recordsPerSecond: number;
  /** Of bounded sources that know their size: 0 to 1. */
  readonly fraction?: number;
}

export type JobStatus = "initializing" | "running" | "stopping" | "stopped" | "recovering" | "completed" | "failed" | "deleted";

export interface OperatorCounts {
  readonly name: string;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly skipped: number;
  readonly deadLettered: number;
  readonly retried: number;
}

export interface JobResult {
  readonly jobId: string;
  readonly name: string;
  readonly status: JobStatus;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly operators: readonly OperatorCounts[];
  readonly error?: string;
}

/** A submitted job, as the environment sees it. */
export interface RunningJob {
  readonly jobId: string;
  /** Resolves when the job has ended and everything it held is gone; rejects with JobFailedError. */
  done(options: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<JobResult>;
  status(): Promise<JobResult>;
  /** Ends the job; on a daemon it can be continued where it stood. Resolves when everything it held is gone. */
  stop(): Promise<void>;
  /** Saves the job's state, and goes on. @throws if the job has no daemon, or its state cannot be saved. */
  savepoint(): Promise<Savepoint>;
  /** Goes on with another default parallelism, from a savepoint taken now. Resolves when its workers run. */
  rescale(parallelism: number): Promise<void>;
  /** Lets go of the job: one on a daemon of its own goes on, one that lives with this program ends. Twice is harmless. */
  detach(): Promise<void>;
}

export interface Submission {
  readonly target: Target;
  readonly graph: Graph;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** The module that builds the pipeline; a file path or URL. Default: the program's main module. */
  readonly entry?: string;
  /** Whether the entry's default export is the pipeline; else it is what the entry submits at this turn. */
  readonly isDefined?: boolean;
  readonly collects: readonly CollectFeed[];
  readonly options: SubmitOptions;
}

export interface HealthReport {
  readonly healthy: boolean;
  readonly target: "local" | "remote";
  readonly detail: string;
}

export interface PipelineHost {
  submit(submission: Submission): Promise<RunningJob>;
  health(target: Target): Promise<HealthReport>;
  /** Settings that come from outside the program, such as `--param` and `--parallelism`. */
  readonly overrides?: { readonly params?: Readonly<Record<string, string | number | boolean>>; readonly parallelism?: number };
}

const hostKey = Symbol.for("sage.pipeline.host");

/** The host that runs this program, if one was installed. */
export function installedHost(): PipelineHost | undefined {
  return (globalThis as Record<symbol, unknown>)[hostKey] as PipelineHost | undefined;
}

/** Installs a host for every copy of this package in the process; disposing it brings back the former one. */
export function installHost(host: PipelineHost): Disposable {
  const globals = globalThis as Record<symbol, unknown>;
  const former = globals[hostKey];
  globals[hostKey] = host;
  return { [Symbol.dispose]: () => { globals[hostKey] = former; } };
}
