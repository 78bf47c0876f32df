// One file for every place: where it runs is said outside of the program.

import { Environment, type RunOptions } from "./environment.ts";

export class ConfiguredEnvironment extends Environment {
  constructor(name: string, options: RunOptions = {}) {
    super(name, { kind: "configured" }, options);
  }
}

/**
 * An environment whose place is chosen outside of the program: by `sage run FILE --remote` or `--local`, else by
 * `SAGE_TARGET` (`local` or `remote`), else local. The daemon's address comes from the configuration.
 */
export function environment(name: string, options: RunOptions = {}): Environment {
  return new ConfiguredEnvironment(name, options);
}
