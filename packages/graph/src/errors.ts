// Mistakes in a pipeline, found before anything runs.

import { SageError } from "@sage/core";

const code = (name: string) => ({ code: name, fault: "user" as const });

/** The pipeline has no operator at all, or no sink. */
export class EmptyPipelineError extends SageError {
  constructor(pipeline: string) {
    super(`pipeline "${pipeline}" has no source`, {
      ...code("SAGE_EMPTY_PIPELINE"),
      hint: "Add a source (`env.fromBatch(…)`) and a sink (`.print()`, `.collect()`, `.sink(…)`) before submit().",
    });
  }
}

/** `fromFuture` without `fillFuture`. */
export class UnfilledFutureError extends SageError {
  constructor(name: string, origin?: string) {
    super(`the future "${name}" is never filled${at(origin)}`, {
      ...code("SAGE_UNFILLED_FUTURE"),
      hint: `Close the loop with \`stream.fillFuture(${name})\`, or read from a source instead of the future.`,
    });
  }
}

export class FutureFilledTwiceError extends SageError {
  constructor(name: string) {
    super(`the future "${name}" is filled twice`, {
      ...code("SAGE_FUTURE_FILLED_TWICE"),
      hint: "Unite the streams first: `a.union(b).fillFuture(future)`.",
    });
  }
}

/** A number, name or argument that an operator cannot have. */
export class InvalidOperatorError extends SageError {
  constructor(operator: string, problem: string, origin?: string) {
    super(`operator "${operator}": ${problem}${at(origin)}`, code("SAGE_INVALID_OPERATOR"));
  }
}

/** Streams of two environments in one operator. */
export class ForeignStreamError extends SageError {
  constructor(operator: string) {
    super(`${operator}: the streams belong to different environments`, {
      ...code("SAGE_FOREIGN_STREAM"),
      hint: "Build a pipeline from the streams of one environment.",
    });
  }
}

/** The worker's evaluation of the program gave another pipeline than the submitter's. */
export class PlanMismatchError extends SageError {
  constructor(difference: string) {
    super(`the program built another pipeline on the worker than where it was submitted: ${difference}`, {
      ...code("SAGE_PLAN_MISMATCH"),
      hint: "Values that differ between machines or runs (time, random numbers, environment variables, files) must be passed as `params`.",
    });
  }
}

const at = (origin: string | undefined) => (origin ? ` (${origin})` : "");
