// What starts and ends worker processes, as a port: on this host, or elsewhere.

import type { RayViewInit, Resources, WorkerBoot } from "@sage/protocol";

export interface WorkerSpec {
  /** What the driver does not decide of a worker's first line. */
  readonly boot: Omit<WorkerBoot, "version" | "host" | "dataListen" | "tempDir" | "env" | "baseDir">;
  /** What it asks of its machine; absent: the driver's default. */
  readonly resources?: Resources;
  /** Whether it runs what the program wants elsewhere, where the daemon has two drivers. */
  readonly remote?: boolean;
  /** It takes the place of one that has run: what no host has now, one that comes back may have. */
  readonly isRecovery?: boolean;
  /** All that the job needs together with this one; absent: it comes alone. */
  readonly gang?: Gang;
  /** The job's own environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Where relative paths begin, if that directory is there. */
  readonly baseDir: string;
  /** Hears every line that the process writes; what it returns is waited for before more is read. */
  onOutput(stream: "stdout" | "stderr", line: string): Promise<void> | undefined;
  /** Hears why the worker has not been started yet, in words for the job's log. */
  onWaiting?(why: string): void;
}

/** Workers that a job needs at once. */
export interface Gang {
  /** The same for all of them, and for no others. */
  readonly id: string;
  readonly of: readonly { readonly resources?: Resources; readonly remote: boolean }[];
}

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Where neither says it: "its host is gone". */
  readonly reason?: string;
}

/** What is kept on disk of a worker, to know it again. */
export interface KeptWorker {
  readonly pid: number;
  /** When the process began, in the words of the host: another process of the same pid has another. */
  readonly began: string;
  readonly host: string;
  /** On its host. */
  readonly tempDir: string;
  /** Of the actor that minds it, where there is one. */
  readonly actor?: string;
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
  /** Whether its host answers, asked by another way than the worker's own; false: it did not within `timeoutMs`; undefined: nobody could ask. */
  hostAnswers?(timeoutMs: number): Promise<boolean | undefined>;
}

/** A worker that runs and waits for its job. */
export interface PreparedWorker {
  readonly hasEnded: boolean;
  /** Whether it can be given this, instead of a worker that is started for it. */
  canTake(spec: WorkerSpec): boolean;
  /** To be called once. */
  give(spec: WorkerSpec): WorkerHandle;
  /** Ends it, where it has been given nothing. */
  discard(): Promise<void>;
}

export interface WorkerDriver {
  readonly name: string;
  /** Workers run on other hosts: they reach the daemon by its advertised address, and their number is the cluster's matter. */
  readonly isElsewhere?: boolean;
  /** Waits for room where there is none yet. @throws SageErrors that say why there never will be */
  start(spec: WorkerSpec, signal: AbortSignal): Promise<WorkerHandle>;
  /** Starts a worker ahead of its job. */
  prepare?(): Promise<PreparedWorker>;
  /** Takes a worker over that an earlier daemon has started; undefined if it is gone. */
  adopt?(kept: KeptWorker): Promise<WorkerHandle | undefined>;
  /** Ends what earlier daemons of this home have left and nobody has adopted. To be called once, behind all `adopt`. */
  sweep?(): void;
  /** The Ray that it runs workers on, as it is now; never rejects. */
  rayView?(): Promise<RayViewInit>;
  /** Where this host reaches the dashboard of the Ray that it runs workers on, `http://host:port`. @throws SageErrors that say why it does not */
  rayDashboard?(signal: AbortSignal): Promise<string>;
  /** Lets go of the cluster; workers that run go on. */
  [Symbol.asyncDispose]?(): Promise<void>;
}
