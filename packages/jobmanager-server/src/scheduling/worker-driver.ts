// What starts and ends worker processes, as a port: on this host, or elsewhere.

import type { Resources, WorkerBoot } from "@sage/protocol";

export interface WorkerSpec {
  /** What the driver does not decide of a worker's first line. */
  readonly boot: Omit<WorkerBoot, "version" | "host" | "dataListen" | "tempDir">;
  /** What it asks of its machine; absent: the driver's default. */
  readonly resources?: Resources;
  /** Whether it runs what the program wants elsewhere, where the daemon has two drivers. */
  readonly remote?: boolean;
  /** The job's own environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Where relative paths begin, if that directory is there. */
  readonly baseDir: string;
  /** Hears every line that the process writes; what it returns is waited for before more is read. */
  onOutput(stream: "stdout" | "stderr", line: string): Promise<void> | undefined;
}

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What is kept on disk of a worker, to know it again. */
export interface KeptWorker {
  readonly pid: number;
  /** When the process began, in the words of the host: another process of the same pid has another. */
  readonly began: string;
  readonly host: string;
  readonly tempDir: string;
}

export interface WorkerHandle {
  /** Absent: it cannot be taken over. */
  readonly kept?: KeptWorker;
  readonly host: string;
  readonly pid: number;
  /** Resolves when the process, its children and its temporary files are gone; never rejects. */
  readonly gone: Promise<WorkerExit>;
  /** Resolves as soon as the process has ended. */
  readonly exited: Promise<WorkerExit>;
  /** Ends the process and its children at once. */
  kill(): void;
  /** The last lines it has written, stderr if there is any. */
  lastOutput(): string;
}

export interface WorkerDriver {
  readonly name: string;
  start(spec: WorkerSpec, signal: AbortSignal): Promise<WorkerHandle>;
  /** Takes a worker over that an earlier daemon has started; undefined if it is gone. */
  adopt?(kept: KeptWorker): Promise<WorkerHandle | undefined>;
}
