// Where jobs are kept, as a port. What a promise of it has resolved for survives the end of the process and of the host.

import type { JobId } from "@sage/core";
import type { FailureView, OperatorView, ServiceView } from "@sage/protocol";
import type { JobPhase } from "../jobs/lifecycle.ts";

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
  readonly history: readonly Transition[];
  /** Whether workers and services of the job are gone. */
  readonly released: boolean;
  readonly warnings: readonly string[];
  /** Session directory that has its log. */
  readonly session: string;
  /** The last numbers of an ended job. */
  readonly outcome?: { readonly operators: readonly OperatorView[]; readonly services: readonly ServiceView[] };
  /** Tells a repeated submission from another one under the same id. */
  readonly contentHash: string;
}

export interface JobStore extends AsyncDisposable {
  /** Every job ever accepted, by number. */
  load(): Promise<readonly JobRecord[]>;
  /** Keeps a new job and gives it its number. @throws JobExistsError if there is one with its id. */
  insert(record: Omit<JobRecord, "number">, submission: Submission): Promise<JobRecord>;
  /** Replaces what is known of a job. */
  save(record: JobRecord): Promise<void>;
  submission(jobId: JobId): Promise<Submission | undefined>;
}
