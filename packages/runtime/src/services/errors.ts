// What a call of a service can fail with, other than by the service's own errors.

import { SageError, messageOf } from "@sage/core";

/** A call took longer than the service's `timeoutMs`, with its wait for a place. */
export class ServiceTimeoutError extends SageError {
  /** @param chain - the call and those it waits for, as far as known: `["a.x", "b.y"]`. */
  constructor(chain: readonly string[], timeoutMs: number, wait: "queued" | "running", cycle: boolean) {
    const [call, ...behind] = chain;
    const waits = behind.length > 0 ? `; it waits for ${behind.join(" → ")}` : "";
    super(`the service call ${call} was still ${wait} after ${timeoutMs} ms${waits}${cycle ? ", a circle" : ""}`, {
      code: "SAGE_SERVICE_TIMEOUT", fault: "user", retryable: !cycle,
      hint: cycle
        ? `The calls ${[...chain].join(" → ")} wait for one another: give one of these services more \`concurrency\`, or break the circle.`
        : "Raise the service's `timeoutMs`, or its `concurrency` if calls wait for a place.",
    });
  }
}

/** As many calls wait as the service's `queueSize` allows. */
export class ServiceOverloadedError extends SageError {
  constructor(service: string, queueSize: number) {
    super(`the service "${service}" has ${queueSize} calls waiting and takes no more`, {
      code: "SAGE_SERVICE_OVERLOADED", fault: "user", retryable: true,
      hint: "Await each call, raise the service's `concurrency` or `queueSize`, or call it from fewer records at once.",
    });
  }
}

/** A service could not be started, or crashed, more often than `maxRestarts`. */
export class ServiceFailedError extends SageError {
  constructor(service: string, restarts: number, cause: unknown) {
    super(`the service "${service}" failed and was given up after ${restarts} restarts: ${messageOf(cause)}`, {
      code: "SAGE_SERVICE_FAILED", fault: "user", cause,
    });
  }
}

/** The job is ending: its services take no more calls. */
export class ServiceClosedError extends SageError {
  constructor(service: string) {
    super(`the service "${service}" is closed`, { code: "SAGE_SERVICE_CLOSED", fault: "user", hint: "Await service calls in the operator that makes them." });
  }
}

/** A service was called before its setup had begun. */
export class ServiceNotReadyError extends SageError {
  constructor(service: string, caller: string) {
    super(`the service "${service}" was called by "${caller}" before it was set up`, {
      code: "SAGE_SERVICE_NOT_READY", fault: "user", hint: `Services are set up in order of registration: register "${service}" before "${caller}".`,
    });
  }
}

export class UnknownServiceError extends SageError {
  constructor(service: string, known: readonly string[]) {
    super(`there is no service "${service}"; ${known.length > 0 ? `registered are ${known.join(", ")}` : "none is registered"}`, {
      code: "SAGE_UNKNOWN_SERVICE", fault: "user", hint: "Register it before submit(): `env.registerService(name, Class)`.",
    });
  }
}

export class UnknownServiceMethodError extends SageError {
  constructor(service: string, method: string, known: readonly string[]) {
    super(`the service "${service}" has no method "${method}"; it has ${known.join(", ") || "none"}`, { code: "SAGE_UNKNOWN_SERVICE_METHOD", fault: "user" });
  }
}

/** An argument or a result of a remote service is of a kind that cannot cross to another process. */
export class ServiceValueError extends SageError {
  constructor(what: string, cause: unknown) {
    super(`${what} cannot cross between processes: ${messageOf(cause)}`, {
      code: "SAGE_SERVICE_VALUE", fault: "user", cause, hint: "A remote service takes and gives plain data; large data goes by reference.",
    });
  }
}

/** The process of a remote service, or the way to it, was lost while a call was with it: whether the call was done is not known. */
export class ServiceLostError extends SageError {
  constructor(call: string, why: string) {
    super(`the connection with the service was lost while it had the call ${call}: ${why}`, {
      code: "SAGE_SERVICE_LOST", fault: "cluster", retryable: true,
      hint: "Calls are never made twice. If this one may be, catch the error and call again, or give the operator onError: { retries }.",
    });
  }
}
