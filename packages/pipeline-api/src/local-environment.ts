// Runs a pipeline with this program, without any set-up.

import { Environment, type RunOptions } from "./environment.ts";

export interface LocalOptions extends RunOptions {
  /** Default: in this process; in worker processes of its own when an operator has a parallelism of more than 1, or a service is remote. */
  readonly workers?: "in-process" | "processes";
}

export class LocalEnvironment extends Environment {
  /** @param name - of the job, 1 to 200 characters. */
  constructor(name: string, options: LocalOptions = {}) {
    super(name, { kind: "local", ...(options.workers === undefined ? {} : { workers: options.workers }) }, options);
  }
}
