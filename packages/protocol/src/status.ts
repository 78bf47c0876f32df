// SageError ↔ gRPC status and trailers: the only file that knows both.
//
// A SageError crosses the wire whole but for its stack and cause; any other error crosses as INTERNAL without a word
// of its text, which is for the server's log alone.

import { Metadata, status as Status, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { SageError, isSageError, type Fault } from "@sage/core";
import { tlsErrorIn } from "./tls/errors.ts";

const trailer = "sage-error-bin";
const maxMessageChars = 4_000;
const maxHintChars = 1_000;

/** What a call is about, for the words of its errors. */
export interface CallFacts {
  /** `host:port` of the daemon. */
  readonly target: string;
  /** `/package.Service/Method`. */
  readonly path: string;
}

/** No daemon answers at `target`, or the connection to it broke. */
export class DaemonUnreachableError extends SageError {
  readonly target: string;
  constructor(target: string, details: string) {
    super(`no JobManager daemon answers at ${target} (${reasonIn(details)})`, {
      code: "SAGE_DAEMON_UNREACHABLE", fault: "cluster", retryable: true,
      hint: "Start it with `sage jobmanager start`, or name the right address by --host and --port.",
    });
    this.target = target;
  }
}

/** grpc-js wraps the socket's error into words of its own. */
const reasonIn = (details: string): string =>
  /Last error: (?:Error: )?(.+?)(?: \(\d{4}-\d\d-\d\dT[^)]*\))?\.? Resolution note:/.exec(details)?.[1] ?? details;

/** The daemon's disk takes nothing more: what it was asked to keep is not kept. */
export class DiskFullError extends SageError {
  constructor() {
    super("the daemon's disk is full", {
      code: "SAGE_DISK_FULL", fault: "cluster", hint: "Free space where the daemon's home is (`sage jobmanager status`), then repeat the command.",
    });
  }
}

const isDiskFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT", "SQLITE_FULL"].includes(String((error as { code?: unknown } | null)?.code));

/** The error that a server hands to gRPC. */
export function toStatus(error: unknown): StatusObject {
  if (!isSageError(error) && isDiskFull(error)) return toStatus(new DiskFullError());
  if (!isSageError(error)) return statusOf(Status.INTERNAL, "internal error; the daemon's log has the details", new Metadata());
  const metadata = new Metadata();
  const message = wellFormed(error.message).slice(0, maxMessageChars);
  const hint = error.hint === undefined ? undefined : wellFormed(error.hint).slice(0, maxHintChars);
  const { code, fault, retryable } = error;
  metadata.set(trailer, Buffer.from(JSON.stringify({ code, fault, retryable, message, hint })));
  return statusOf(statusCodeOf(error), message.slice(0, 500), metadata);
}

function statusOf(code: Status, details: string, metadata: Metadata): StatusObject {
  return { code, details: wellFormed(details), metadata };
}

/** Without lone surrogates, on which grpc-js would throw. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const statusByEnding: readonly (readonly [RegExp, Status])[] = [
  [/_NOT_FOUND$/, Status.NOT_FOUND],
  [/_EXISTS$/, Status.ALREADY_EXISTS],
  [/_TIMEOUT$/, Status.DEADLINE_EXCEEDED],
  [/_CANCELLED$/, Status.CANCELLED],
  [/_UNAUTHENTICATED$/, Status.UNAUTHENTICATED],
  [/_TOO_LARGE$|_NO_CAPACITY$/, Status.RESOURCE_EXHAUSTED],
  [/_INVALID(_[A-Z]+)?$|_MALFORMED$|_MISMATCH$/, Status.INVALID_ARGUMENT],
];

/** For callers without Sage's client, such as grpcurl; ours read the trailer. */
function statusCodeOf(error: SageError): Status {
  const byEnding = statusByEnding.find(([ending]) => ending.test(error.code))?.[1];
  if (byEnding !== undefined) return byEnding;
  if (error.fault === "sage") return Status.INTERNAL;
  return error.retryable ? Status.UNAVAILABLE : Status.FAILED_PRECONDITION;
}

/** The error that a caller sees for a failed call. */
export function fromStatus(error: ServiceError, call: CallFacts): SageError {
  return sentError(error) ?? transportError(error, call);
}

function sentError(error: ServiceError): SageError | undefined {
  const sent = error.metadata?.get(trailer)[0];
  if (!Buffer.isBuffer(sent)) return undefined;
  try {
    const facts = JSON.parse(sent.toString()) as Record<string, unknown>;
    return new SageError(String(facts["message"]), {
      code: String(facts["code"]),
      fault: asFault(facts["fault"]),
      retryable: facts["retryable"] === true,
      ...(typeof facts["hint"] === "string" ? { hint: facts["hint"] } : {}),
    });
  } catch {
    return undefined;
  }
}

const asFault = (value: unknown): Fault => (value === "user" || value === "cluster" ? value : "sage");

function transportError(error: ServiceError, { target, path }: CallFacts): SageError {
  const details = error.details || error.message;
  switch (error.code) {
    case Status.UNAVAILABLE:
      return tlsErrorIn(target, details) ?? new DaemonUnreachableError(target, details);
    case Status.DEADLINE_EXCEEDED:
      if (/waiting for (name resolution|LB pick)/i.test(details)) return new DaemonUnreachableError(target, details);
      return new SageError(`${path} at ${target} did not finish before its deadline`, { code: "SAGE_TIMEOUT", fault: "cluster", retryable: true });
    case Status.CANCELLED:
      return new SageError(`${path} at ${target} was cancelled (${details})`, { code: "SAGE_CANCELLED", fault: "cluster", retryable: true });
    case Status.RESOURCE_EXHAUSTED:
      return new SageError(`${path} at ${target}: ${details}`, { code: "SAGE_MESSAGE_TOO_LARGE", fault: "user" });
    case Status.UNAUTHENTICATED:
    case Status.PERMISSION_DENIED:
      return new SageError(`the daemon at ${target} refused ${path}: ${details}`, {
        code: "SAGE_UNAUTHENTICATED", fault: "user", hint: "Check the daemon's token.",
      });
    case Status.UNIMPLEMENTED:
      return new SageError(`the daemon at ${target} does not know ${path}`, {
        code: "SAGE_VERSION_MISMATCH", fault: "user", hint: "Use the same version of Sage for the client and the daemon.",
      });
    default:
      return new SageError(`${path} at ${target} failed: ${details}`, {
        code: "SAGE_CALL_FAILED", fault: "sage", retryable: error.code === Status.ABORTED,
      });
  }
}
