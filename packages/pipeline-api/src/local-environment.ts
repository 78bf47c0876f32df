// Runs a pipeline with this program, without any set-up.

import { Environment, type RunOptions } from "./environment.ts";

export interface LocalOptions extends RunOptions {
  /** Default: in this process; in worker processes of its own when an operator has a parallelism of more than 1, or something is remote. */
  readonly workers?: "in-process" | "processes";
  /**
   * Where what is remote runs (`registerService(…, { remote: true })`, operators with `{ remote: true }`): a Ray cluster
   * (`ray://host:10001`, or its dashboard, `http://host:8265`), or `"auto"`: the Ray of this machine, which is started if none runs and then ends with the
   * job. Everything else runs in worker processes of this program. Default: without Ray, remote means a process.
   */
  readonly ray?: string;
}

export class LocalEnvironment extends Environment {
  /** @param name - of the job, 1 to 200 characters. */
  constructor(name: string, options: LocalOptions = {}) {
    const { workers, ray } = options;
    super(name, { kind: "local", ...(workers === undefined ? {} : { workers }), ...(ray === undefined ? {} : { ray }) }, options, { workers: true, ray: true });
  }
}
