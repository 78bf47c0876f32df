// What a host was told about every job that it runs; the jobs of both kinds read it.

import type { DurabilityOptions, JobProgress, SubmitOptions } from "@sage/graph";

export type OnLine = NonNullable<SubmitOptions["onLine"]>;

/** What whoever runs a program says of the jobs that it submits to a daemon, before the program's own. */
export interface SubmissionSettings extends DurabilityOptions {
  /** Of the first job. */
  readonly id?: string;
  /** Shown for the job; default: the pipeline's. */
  readonly name?: string;
  /** Added to the program's. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Hears of each job as soon as the daemon has it on disk. */
  readonly onAccepted?: (job: { readonly jobId: string; readonly name: string }) => void;
}

export interface JobSettings {
  /** What to dial for a daemon that is not reached directly, such as the end of a tunnel; undefined: the daemon itself. */
  readonly reach?: (daemon: { readonly host: string; readonly port: number }) => Promise<string | undefined>;
  readonly submission?: SubmissionSettings;
  /** Before a submit's own. */
  readonly onLine?: OnLine;
  readonly onProgress?: (progress: JobProgress) => void;
  /** Hears what the submitter should know, such as packages that are not part of the bundle. */
  readonly onWarning?: (text: string) => void;
  /** Ctrl-C, where the program is run by another: ends local jobs, lets go of remote ones. Default: SIGINT of this process. */
  readonly interrupt?: AbortSignal;
}

interface JobLine {
  readonly operator: string;
  readonly index: number;
  readonly text: string;
  /** "log", "stdout" or "stderr". */
  readonly stream: string;
  readonly level: string;
}

/** Whether a line is for the caller: what user code writes, and warnings. Debug lines and the job's own stay in its log. */
export function isShown({ operator, stream, level }: JobLine): boolean {
  if (stream !== "log") return true;
  return level === "warn" || level === "error" || (level === "info" && operator !== "");
}

/** Whether a line is an error with its stack: one of them may be what the job failed with. */
export const isStack = ({ stream, level, text }: JobLine): boolean => stream === "log" && level === "error" && text.includes("\n    at ");

export function toShown({ operator, index, text, stream }: JobLine): Parameters<OnLine>[0] {
  return { operator, index, text, stream: stream === "stdout" ? "stdout" : "stderr" };
}

/** Lines of workers as this process' own, with the operator and instance that wrote them in front. */
export const toConsole: OnLine = ({ operator, index, text, stream }) => {
  const out = stream === "stdout" ? process.stdout : process.stderr;
  out.write(operator === "" ? `${text}\n` : `${operator}[${index}] ${text}\n`);
};

export const warnOnConsole = (text: string): void => {
  process.stderr.write(`warning: ${text}\n`);
};
