// Runs a program for `sage run` and `sage job submit`. Loaded when one of them runs.

import { isSageError, messageOf, SageError } from "@sage/core";
import type { JobProgress, JobResult } from "@sage/jobmanager-client";
import { runProgram } from "@sage/pipeline/run";
import { paramValues, programFile } from "./program-file.ts";

/** The program itself threw something. */
export class ProgramFailedError extends SageError {
  /** Mapped to the user's sources. */
  readonly userStack: string | undefined;

  constructor(cause: unknown) {
    const name = cause instanceof Error && cause.name !== "Error" ? `${cause.name}: ` : "";
    super(`the program failed: ${name}${messageOf(cause)}`, { code: "SAGE_PROGRAM_FAILED", fault: "user", cause });
    this.userStack = cause instanceof Error ? placesIn(cause) : undefined;
  }
}

export interface RunFileOptions {
  readonly target: "local" | "remote" | undefined;
  readonly param: Readonly<Record<string, string>>;
  readonly parallelism: number | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly reach: NonNullable<Parameters<typeof runProgram>[1]>["reach"];
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
  readonly onWarning?: (text: string) => void;
  readonly submission?: NonNullable<Parameters<typeof runProgram>[1]>["submission"];
}

/** The jobs that the program submitted. @throws what ended it, ProgramFailedError if that is its own error */
export async function runFile(file: string, options: RunFileOptions): Promise<readonly JobResult[]> {
  const { target, param, parallelism, host, port, reach, argv, cwd, signal, onProgress, onWarning, submission } = options;
  const { jobs, error } = await runProgram(await programFile(file, cwd), {
    params: paramValues(param), argv, signal,
    ...(target === undefined ? {} : { target }), ...(parallelism === undefined ? {} : { parallelism }),
    ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(reach ? { reach } : {}),
    ...(onProgress ? { onProgress } : {}), ...(onWarning ? { onWarning: once(onWarning) } : {}), ...(submission ? { submission } : {}),
  });
  if (error === undefined) return jobs;
  throw isSageError(error) ? error : new ProgramFailedError(error);
}

/** A program may be bundled twice: for this process and for workers. */
function once(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (!told.has(text)) tell(text);
    told.add(text);
  };
}

/** The lines of a stack that are the user's. */
function placesIn({ stack = "" }: Error): string {
  return stack.split("\n").filter((line) => /^\s+at /.test(line) && !/\(?node:|\/cli\/(?:dist|bin)\/|\/sage-run-/.test(line)).join("\n");
}
