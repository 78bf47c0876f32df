// What the exit code of `sage` says. These numbers never change: scripts depend on them.

import { isSageError } from "@sage/core";

export const exitCodes = {
  ok: 0,
  /** The job, the program or the daemon failed. */
  failed: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  notFound: 3,
  /** The daemon or a host cannot be reached. */
  unreachable: 4,
  /** Some hosts failed, others did not. */
  partial: 5,
  timeout: 124,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byCode: readonly (readonly [RegExp, ExitCode])[] = [
  [/^SAGE_INTERRUPTED$/, exitCodes.interrupted],
  [/^SAGE_(USAGE|CONFIG(_\w+)?)$/, exitCodes.usage],
  [/_AMBIGUOUS(_\w+)?$/, exitCodes.usage],
  [/_NOT_FOUND$/, exitCodes.notFound],
  [/_UNREACHABLE$/, exitCodes.unreachable],
  [/_PARTIAL$/, exitCodes.partial],
  [/_TIMEOUT$/, exitCodes.timeout],
];

/** The exit code for something that was thrown; `failed` unless its code says more. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!isSageError(error)) return exitCodes.failed;
  return byCode.find(([pattern]) => pattern.test(error.code))?.[1] ?? exitCodes.failed;
}
