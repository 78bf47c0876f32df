// Where jobs are kept, as a port. What a promise of it has resolved for survives the end of the process and of the host.

import type { JobId, WorkerId } from "@sage/core";
import type { CheckpointView, FailureView, JobCheckpoints, OperatorView, RestartStrategy, RestartView, ServiceView } from "@sage/protocol";
import type { JobPhase } from "../jobs/lifecycle.ts";
import type { KeptWorker } from "../scheduling/worker-driver.ts";

/** What a client has submitted, as it came. */
export interface Submission {
  readonly jobId: string;
  readonly name: string;
  readonly planJson: string;
  readonly bundleHash: string;
  /** Empty: none. */
  readonly sourceMapHash: string;
  readonly paramsJson: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly data: readonly { readonly nodeId: string; readonly hash: string }[];
  readonly pipelineIndex: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly baseDir: string;
  /** Absent: the daemon's defaults. */
  readonly checkpoints?: JobCheckpoints;
  readonly restart?: RestartStrategy;
  /** A folder, a savepoint's id, or a job's id: where the job begins. */
  readonly fromSavepoint?: string;
  readonly allowDroppedState?: boolean;
}

export interface Transition {
  readonly phase: JobPhase;
  readonly atMs: number;
  readonly reason: string;
}

export interface JobRecord {
  readonly jobId: JobId;
  /** From 1, in the order of submission; never given twice. */
  readonly number: number;
  readonly name: string;
  readonly phase: JobPhase;
  readonly parallelism: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly submittedAtMs: number;
  /** 0: not yet. */
  readonly startedAtMs: number;
  /** 0: not yet. */
  readonly endedAtMs: number;
  readonly attempt: number;
  readonly failure?: FailureView;
  /** The newest last. */
  readonly history: readonly Transition[];
  /** So many older moves are no longer kept; absent: none. */
  readonly historyDropped?: number;
  /** Whether workers and services of the job are gone. */
  readonly released: boolean;
  readonly warnings: readonly string[];
  /** Session directory that has its log. */
  readonly session: string;
  /** The last numbers of an ended job. */
  readonly outcome?: { readonly operators: readonly OperatorView[]; readonly services: readonly ServiceView[] };
  /** Tells a repeated submission from another one under the same id. */
  readonly contentHash: string;
  /** Sessions before `session` that have lines of it. */
  readonly earlierSessions?: readonly string[];
  /** What the job asked for its state, and what it may rely on. */
  readonly durability?: {
    readonly checkpoints: JobCheckpoints;
    readonly restart: RestartStrategy;
    readonly guarantee: string;
    readonly guaranteeReason: string;
  };
  /** The newest last; failed and deleted ones too, the last ones of each. */
  readonly checkpoints?: readonly CheckpointView[];
  /** Ids of checkpoints up to this one are given out, or may be: a worker may have heard of them. */
  readonly checkpointIdsUpTo?: number;
  /** The newest last. */
  readonly restarts?: readonly RestartRecord[];
  readonly restartCount?: number;
  /** Whether its workers can take snapshots; known when they have run. */
  readonly canRestore?: boolean;
  /** The job's own checkpoint that the attempt began with; 0 or absent: none, so `beganFrom` if there is that. */
  readonly restoredFrom?: number;
  /** Folder of the savepoint of another job that it began with. */
  readonly beganFrom?: string;
  /** Artifact with the plan in another parallelism than the submission's. */
  readonly planHash?: string;
  /** A stopping job continues with this plan by itself. */
  readonly nextPlanHash?: string | undefined;
  /** What runs of it, to be taken over by the next daemon. */
  readonly running?: RunningAttempt | undefined;
  /** How a stopping job ends. */
  readonly stopMode?: StopMode;
}

export interface RunningAttempt {
  readonly attempt: number;
  readonly secretHex: string;
  /** By worker index. */
  readonly workers: readonly { readonly id: WorkerId; readonly kept: KeptWorker }[];
}

export type RestartRecord = RestartView & { readonly counted: boolean };

export type StopMode = "savepoint" | "now" | "drain";

export interface JobStore extends AsyncDisposable {
  /** Every job ever accepted, by number. */
  load(): Promise<readonly JobRecord[]>;
  /** Keeps a new job and gives it its number. @throws JobExistsError if there is one with its id. */
  insert(record: Omit<JobRecord, "number">, submission: Submission): Promise<JobRecord>;
  /** Replaces what is known of a job. */
  save(record: JobRecord): Promise<void>;
  submission(jobId: JobId): Promise<Submission | undefined>;
}
