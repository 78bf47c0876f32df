// Ctrl-C while a program waits for its job.

import { SageError } from "@sage/core";

/** The wait for a job ended with Ctrl-C. */
export class InterruptedError extends SageError {
  readonly jobId: string;
  /** @param goesOn - whether the job runs on a daemon of its own. */
  constructor(jobId: string, goesOn: boolean) {
    super(goesOn ? `interrupted: job ${jobId} goes on` : `interrupted: job ${jobId} was ended`, {
      code: "SAGE_INTERRUPTED", fault: "user",
      ...(goesOn ? { hint: `Watch it with \`sage job logs -f ${jobId}\`, or end it with \`sage job stop ${jobId}\`.` } : {}),
    });
    this.jobId = jobId;
  }
}

export interface InterruptWatch extends Disposable {
  readonly signal: AbortSignal;
}

/** Fires with the next SIGINT, which then does not end the process, until disposed. */
export function watchInterrupt(): InterruptWatch {
  const abort = new AbortController();
  const onInterrupt = () => abort.abort(new Error("SIGINT"));
  process.once("SIGINT", onInterrupt);
  return { signal: abort.signal, [Symbol.dispose]: () => { process.off("SIGINT", onInterrupt); } };
}

/** Ends this process as Ctrl-C would have, unless the program handles it itself. */
export function endAsInterrupted(): void {
  if (process.listenerCount("SIGINT") === 0) process.kill(process.pid, "SIGINT");
}
