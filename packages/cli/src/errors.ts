// Mistakes of the command line itself, and the ways a command can end that no library knows.

import { SageError } from "@sage/core";

/** The command line cannot be understood or is refused. */
export class UsageError extends SageError {
  constructor(problem: string, hint?: string) {
    super(problem, { code: "SAGE_USAGE", fault: "user", ...(hint === undefined ? {} : { hint }) });
  }
}

/** A question that only a person can answer, and nobody is there. */
export class ConfirmationNeededError extends SageError {
  constructor(question: string) {
    super(`${question} Nobody can answer: this is not a terminal`, { code: "SAGE_USAGE", fault: "user", hint: "Say it beforehand: add --yes." });
  }
}

/** The person said no. */
export class DeclinedError extends SageError {
  constructor() {
    super("nothing was changed", { code: "SAGE_DECLINED", fault: "user" });
  }
}

/** Ctrl-C, or a polite kill. */
export class InterruptedError extends SageError {
  constructor(signal: string) {
    super(`interrupted (${signal})`, { code: "SAGE_INTERRUPTED", fault: "user" });
  }
}

/** `--operator` names one that the job does not have. */
export class OperatorNotFoundError extends SageError {
  constructor(name: string, known: readonly string[]) {
    super(`the job has no operator ${JSON.stringify(name)}`, { code: "SAGE_OPERATOR_NOT_FOUND", fault: "user", hint: `Its operators are ${known.join(", ")}.` });
  }
}

/** `sage run` or `sage job submit` was given a file that is not there. */
export class ProgramNotFoundError extends SageError {
  constructor(file: string) {
    super(`there is no file ${file}`, { code: "SAGE_PROGRAM_NOT_FOUND", fault: "user", hint: "Name the TypeScript file that builds the pipeline, relative to this folder." });
  }
}
