// Finds the host that runs what this process submits: the installed one, else the default one of this entry.

import { SageError } from "@sage/core";
import { installedHost, type PipelineHost } from "@sage/graph";

let loadDefault: (() => Promise<PipelineHost>) | undefined;

/** Nothing in this process can run pipelines: it is a worker, or it evaluates a module only to build its pipeline. */
export class NoHostError extends SageError {
  constructor() {
    super("this process only builds pipelines; it cannot run them", {
      code: "SAGE_NO_HOST", fault: "user",
      hint: 'A module that is submitted by a service must not submit itself: write `export default pipeline("name", (env, params) => { … })`.',
    });
  }
}

/** Says how to load the host of programs that were started by themselves. Not called in the workers' entry. */
export function useDefaultHost(load: () => Promise<PipelineHost>): void {
  loadDefault = load;
}

/** @throws NoHostError */
export async function hostInUse(): Promise<PipelineHost> {
  const installed = installedHost();
  if (installed) return installed;
  if (!loadDefault) throw new NoHostError();
  return loadDefault();
}
