// What can be wrong with how a program is to run.

import { SageError } from "@sage/core";

/** `SAGE_TARGET` names no place where pipelines run. */
export class UnknownTargetError extends SageError {
  constructor(target: string) {
    super(`SAGE_TARGET is ${JSON.stringify(target)}`, { code: "SAGE_UNKNOWN_TARGET", fault: "user", hint: "It is `local` or `remote`." });
  }
}
