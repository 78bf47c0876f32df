// Runs a program as far as its first submit to the daemon, and leaves it there.

import { SageError } from "@sage/core";
import type { DurabilityOptions } from "@sage/jobmanager-client";
import { runFile, type RunFileOptions } from "./run-file.ts";

/** The program came to its end and gave the daemon nothing. */
export class NothingSubmittedError extends SageError {
  constructor(file: string) {
    super(`${file} submitted no job`, {
      code: "SAGE_NOTHING_SUBMITTED", fault: "user", hint: 'Let it call `env.submit()`, or export the pipeline: `export default pipeline("name", (env, params) => { … })`.',
    });
  }
}

export interface SubmitFileOptions extends Omit<RunFileOptions, "target" | "submission"> {
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly label: Readonly<Record<string, string>>;
  readonly durability?: DurabilityOptions;
}

/** @throws NothingSubmittedError, or what the program threw before its first submit. */
export async function submitFile(file: string, { name, id, label, durability, ...options }: SubmitFileOptions): Promise<{ readonly jobId: string }> {
  const detach = new AbortController();
  let accepted: { readonly jobId: string } | undefined;
  const onAccepted = (job: { readonly jobId: string }) => {
    accepted ??= job;
    detach.abort(new Error("submitted"));
  };
  try {
    await runFile(file, {
      ...options, target: "remote",
      signal: AbortSignal.any([options.signal, detach.signal]),
      submission: { onAccepted, labels: label, ...durability, ...(name === undefined ? {} : { name }), ...(id === undefined ? {} : { id }) },
    });
  } catch (error) {
    if (!accepted) throw error; // what comes behind the submit is the letting go
  }
  if (!accepted) throw new NothingSubmittedError(file);
  return accepted;
}
