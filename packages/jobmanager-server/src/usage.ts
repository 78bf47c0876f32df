// Mistakes on the daemon's command line.

import { SageError } from "@sage/core";

export class UsageError extends SageError {
  constructor(what: string) {
    super(what, { code: "SAGE_USAGE", fault: "user" });
  }
}

export function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most) throw new UsageError(`${flag} is ${JSON.stringify(text)}, not a whole number up to ${most}`);
  return value;
}
