// An error as the daemon, and through it a person, gets to see it.

import { isSageError, messageOf } from "@sage/core";
import type { FailureViewInit } from "@sage/protocol";
import { userStack } from "../stack.ts";
import type { UserSources } from "../user-sources.ts";

/** The facts of an OperatorFailedError, in any copy of its class. */
interface OperatorFacts {
  readonly operator: string;
  readonly index: number;
  readonly recordNumber: number;
}

/** @param sources - absent before the program is there. */
export function toFailureView(error: unknown, sources: UserSources | undefined, host: string, atMs: number = Date.now()): FailureViewInit {
  const operator = operatorOf(error);
  const facts = isSageError(error) ? error : { code: "SAGE_USER_CODE_FAILED", fault: "user", hint: undefined };
  const shown = operator && (error as Error).cause !== undefined ? (error as Error).cause : error;
  return {
    code: facts.code, fault: facts.fault, hint: hintOf(shown) || (facts.hint ?? ""), // the cause knows better than the operator
    message: sources ? sources.withoutPaths(messageOf(error)) : messageOf(error),
    operator: operator?.operator ?? "", index: operator?.index ?? 0, recordNumber: operator?.recordNumber ?? 0,
    stack: sources ? userStack(shown, sources) : stackOf(shown),
    host, atMs,
  };
}

function operatorOf(error: unknown): OperatorFacts | undefined {
  const facts = error as Partial<OperatorFacts> | undefined;
  return isSageError(error) && typeof facts?.operator === "string" && typeof facts.index === "number" && typeof facts.recordNumber === "number"
    ? (facts as OperatorFacts) : undefined;
}

const hintOf = (error: unknown) => (isSageError(error) ? (error.hint ?? "") : "");
const stackOf = (error: unknown) => (error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error));
