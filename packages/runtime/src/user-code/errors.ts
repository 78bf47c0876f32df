// What can go wrong between a user's bundle and the pipeline in it.

import { SageError, isSageError, messageOf } from "@sage/core";

/** A file's bytes are not those that its name, a sha256, promises. */
export class ProgramDamagedError extends SageError {
  constructor(what: "bundle" | "source map", expected: string, actual: string) {
    super(`the program's ${what} has the hash ${actual.slice(0, 12)}…, not ${expected.slice(0, 12)}…`, {
      code: "SAGE_PROGRAM_DAMAGED", fault: "cluster", hint: "Submit the job again; if it stays, look at the disk of that host.",
    });
  }
}

/** The program threw before it came to the submit that this worker was started for. */
export class ProgramThrewError extends SageError {
  constructor(error: unknown, place: string | undefined) {
    super(`the program threw while a worker evaluated it${place ? ` (${place})` : ""}: ${messageOf(error)}`, {
      code: "SAGE_PROGRAM_THREW", fault: "user", cause: error,
      hint: "This code runs on every worker too: move it into an operator's open(), or do it before submitting and pass its result as params.",
    });
  }
}

/** What a program threw, explained; Sage's own errors say what to do already. */
export function explained(error: unknown, placeOf: (error: unknown) => string | undefined): SageError {
  return isSageError(error) ? error : new ProgramThrewError(error, placeOf(error));
}

/** The program has nothing more to do, or takes too long, and has not submitted the pipeline that is to run. */
export class NeverSubmittedError extends SageError {
  constructor(how: "ended" | "waits for nothing" | { readonly deadlineMs: number }, submits: number, wanted: number) {
    const seen = submits === 0 ? "without calling submit()" : `after ${submits} of the ${wanted + 1} submit() calls that this job needs`;
    const facts = typeof how === "object" ? `was not done within ${how.deadlineMs} ms and stands ${seen}`
      : how === "ended" ? `ended ${seen}` : `waits for something that never comes, ${seen}`;
    super(`the program ${facts}, when a worker evaluated it`, {
      code: "SAGE_NEVER_SUBMITTED", fault: "user",
      hint: "A worker evaluates the program up to its submit(): let nothing before it depend on the machine, on input, or on how the program was started.",
    });
  }
}

/** A worker's program read what only the submitting process has. */
export class ResultsElsewhereError extends SageError {
  constructor(pipeline: string) {
    super(`the results of "${pipeline}" are not known on a worker: only the submitting program has them`, {
      code: "SAGE_RESULTS_ELSEWHERE", fault: "user",
      hint: "Pass values that a later pipeline needs from an earlier one as params: `new RemoteEnvironment(name, { params: { … } })`.",
    });
  }
}
