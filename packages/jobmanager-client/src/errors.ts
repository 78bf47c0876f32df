// What a caller of the client can meet besides the daemon's own errors, which arrive with their codes.

import { SageError } from "@sage/core";

/** A call on a client after `close()`. */
export class ClientClosedError extends SageError {
  constructor(address: string) {
    super(`the connection to ${address} has been closed`, { code: "SAGE_CLIENT_CLOSED", fault: "user" });
  }
}

/** A token would cross a network where everybody could read it. */
export class ClearTextRefusedError extends SageError {
  constructor(address: string) {
    super(`the token is not sent to ${address} in clear text`, {
      code: "SAGE_TLS_NEEDED", fault: "user",
      hint: "Name who vouches for the daemon (sage config set daemon.tls.ca_file FILE), come through SSH (daemon.tunnel always), or, where the network is trusted, set daemon.tls.mode to off.",
    });
  }
}

/** The daemon wants TLS, and was called in clear text. */
export class DaemonSpeaksTlsError extends SageError {
  constructor(address: string) {
    super(`the daemon at ${address} speaks TLS, and was called in clear text`, {
      code: "SAGE_TLS_NEEDED", fault: "user", hint: "Name who vouches for it (ca.pem beside its certificate): sage config set daemon.tls.ca_file FILE, and daemon.tls.mode on where it is on this machine.",
    });
  }
}

/** No job has this id, number or beginning of an id. */
export class JobNotFoundError extends SageError {
  constructor(ref: string) {
    super(`no job ${JSON.stringify(ref)}`, { code: "SAGE_JOB_NOT_FOUND", fault: "user", hint: "List the jobs with `sage job list`." });
  }
}

/** Several jobs' ids begin with this text. */
export class AmbiguousJobError extends SageError {
  readonly candidates: readonly string[];
  constructor(ref: string, candidates: readonly { readonly jobId: string; readonly name: string }[]) {
    const shown = candidates.slice(0, 5).map((job) => `${job.jobId} (${job.name})`).join(", ");
    const more = candidates.length > 5 ? ` and ${candidates.length - 5} more` : "";
    super(`${JSON.stringify(ref)} ${candidates.length === 1 ? "is too short to name a job; one id begins with it" : `is the beginning of ${candidates.length} job ids`}: ${shown}${more}`, {
      code: "SAGE_JOB_AMBIGUOUS", fault: "user", hint: "Give more of the id, or the job's number in `sage job list`.",
    });
    this.candidates = candidates.map((job) => job.jobId);
  }
}

export interface BundleProblem {
  readonly text: string;
  /** Relative to the project's root. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  readonly lineText?: string;
  readonly lengthChars?: number;
}

/** The program cannot be made into one file: a syntax error, or an import that leads nowhere. */
export class BundleError extends SageError {
  readonly problems: readonly BundleProblem[];
  constructor(entry: string, problems: readonly BundleProblem[]) {
    super(`cannot bundle ${entry}\n${problems.slice(0, 10).map(describeProblem).join("\n")}`, {
      code: "SAGE_BUNDLE_FAILED", fault: "user",
    });
    this.problems = problems;
  }
}

function describeProblem({ text, file, line, column, lineText, lengthChars = 1 }: BundleProblem): string {
  if (file === undefined) return `  ${text}`;
  const place = `  ${file}:${line}:${column}: ${text}`;
  if (lineText === undefined || column === undefined || column > 200) return place;
  const number = String(line);
  const indent = lineText.slice(0, column - 1).replace(/[^\t]/g, " ");
  const mark = "^".repeat(Math.max(1, Math.min(lengthChars, lineText.length - column + 1)));
  return `${place}\n    ${number} | ${lineText.slice(0, 200)}\n    ${" ".repeat(number.length)} | ${indent}${mark}`;
}

/** The module given as `entry` does not say which pipeline to run. */
export class NoPipelineExportedError extends SageError {
  constructor(entry: string) {
    super(`${entry} has no pipeline as its default export`, {
      code: "SAGE_NO_PIPELINE_EXPORTED", fault: "user",
      hint: 'Write `export default pipeline("name", (env, params) => { … })`.',
    });
  }
}

/** The stream of a collect()'s records broke; what was on its way is unknown, so that going on could lose records. */
export class ResultsInterruptedError extends SageError {
  constructor(jobId: string, nodeId: string, cause: unknown) {
    super(`the results of ${nodeId} of job ${jobId} broke off before their end`, {
      code: "SAGE_RESULTS_INTERRUPTED", fault: "cluster", cause,
      hint: "Submit the job again, or let it write to a sink instead of collect().",
    });
  }
}

/** A job has no such collect() operator, or several and none was named. */
export class NoResultsError extends SageError {
  constructor(jobId: string, asked: string | undefined, collects: readonly string[]) {
    const has = collects.length === 0 ? "it has no collect()" : `it collects in ${collects.join(", ")}`;
    super(asked === undefined ? `say which results of job ${jobId} are meant: ${has}` : `job ${jobId} has no results ${JSON.stringify(asked)}: ${has}`, {
      code: "SAGE_NO_RESULTS", fault: "user",
    });
  }
}
