// Calls, results and errors as frames between two workers.

import { isSageError, messageOf, SageError, type Fault } from "@sage/core";
import { decodeBatch, encodeBatch } from "@sage/protocol/records";
import { FrameType, headerBytes, withHeader } from "../exchange/frame.ts";

export interface CallFacts {
  readonly method: string;
  /** Name of the service that calls; empty for operators. */
  readonly caller: string;
  readonly args: readonly unknown[];
}

const frameOf = (type: number, call: number, values: readonly unknown[]): Buffer => withHeader(encodeBatch(values, headerBytes), type, call);

/** @throws UnserializableError when an argument cannot cross. */
export const callFrame = (call: number, { method, caller, args }: CallFacts): Buffer => frameOf(FrameType.call, call, [method, caller, ...args]);

export function callOf(payload: Buffer): CallFacts {
  const [method, caller, ...args] = decodeBatch(payload);
  return { method: String(method), caller: String(caller), args };
}

/** @throws UnserializableError when the result cannot cross. */
export const answerFrame = (call: number, result: unknown): Buffer => frameOf(FrameType.answer, call, [result]);

export const resultOf = (payload: Buffer): unknown => decodeBatch(payload)[0];

/** What crosses of an error; both workers run the same bundle, each from a folder of its own. */
interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  /** There in errors of Sage's. */
  readonly fault?: string;
  readonly retryable?: boolean;
  readonly hint?: string;
  readonly cause?: ErrorFacts;
}

const programInStack = "sage-program:";
const deepestCause = 4;

export const failureFrame = (call: number, error: unknown, programDir: string): Buffer =>
  frameOf(FrameType.failure, call, [factsOf(error, programDir, deepestCause)]);

export const errorOf = (payload: Buffer, programDir: string): unknown => errorFrom(decodeBatch(payload)[0] as ErrorFacts, programDir);

function factsOf(error: unknown, programDir: string, depth: number): ErrorFacts {
  if (!(error instanceof Error)) return { name: "Error", message: `thrown: ${messageOf(error)}`, stack: "" };
  const { code } = error as { code?: unknown };
  return {
    name: error.name, message: error.message, stack: (error.stack ?? "").replaceAll(programDir, programInStack),
    ...(typeof code === "string" ? { code } : {}),
    ...(isSageError(error) ? { fault: error.fault, retryable: error.retryable, ...(error.hint === undefined ? {} : { hint: error.hint }) } : {}),
    ...(error.cause === undefined || depth === 0 ? {} : { cause: factsOf(error.cause, programDir, depth - 1) }),
  };
}

function errorFrom({ name, message, stack, code, fault, retryable = false, hint, cause }: ErrorFacts, programDir: string): Error {
  const inner = cause === undefined ? {} : { cause: errorFrom(cause, programDir) };
  const error = fault === undefined || code === undefined
    ? Object.assign(new Error(message, inner), code === undefined ? {} : { code })
    : new SageError(message, { code, fault: fault as Fault, retryable, ...(hint === undefined ? {} : { hint }), ...inner });
  error.name = name;
  if (stack !== "") error.stack = stack.replaceAll(programInStack, programDir);
  return error;
}
