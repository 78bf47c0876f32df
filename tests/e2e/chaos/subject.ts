// A job under test: one that validates itself.

import type { JobsClient } from "../../../packages/protocol/src/index.ts";

export interface Subject {
  readonly jobId: string;
  /** Lets it come to its end. */
  end(): Promise<void>;
  /** What is wrong with its ledger when it has ended; none: it is the fault-free one. */
  mistakes(): Promise<{ readonly numbers: number; readonly mistakes: readonly string[] }>;
}

export interface SubjectPlace {
  /** Of the daemon that runs. */
  client(): JobsClient;
  readonly port: number;
  readonly home: string;
  /** A folder for its ledger. */
  readonly dir: string;
  readonly deadlineMs: number;
}

/** `ledger`, or a shape of programs/ledger.ts with its parallelism, as `keyed/5`. */
export type SubjectName = string;
