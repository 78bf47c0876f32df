// What can go wrong between us and a Ray cluster. What Python code threw over there is in client/ray-errors.ts.

import { SageError } from "@sage/core";

/** An address that is none. */
export class RayAddressError extends SageError {
  constructor(address: string) {
    super(`${JSON.stringify(address)} is not the address of a Ray cluster`, { code: "SAGE_RAY_ADDRESS_INVALID", fault: "user", hint: "Write it as ray://HOST:PORT (Ray's client server listens on 10001 by default); where it is for the daemon, http://HOST:PORT of Ray's dashboard (8265) will do as well." });
  }
}

const hints = {
  "client server": "Check that `ray start --head` runs there and that its client server's port (10001) is open to this machine; where only the dashboard's is (8265), give http://HOST:8265.",
  dashboard: "Check that `ray start --head` runs there with a dashboard, that --dashboard-host lets other hosts in, and that its port (8265) is open to this machine.",
} as const;

/** Nobody answers there, or what answers does not let us in. */
export class RayUnreachableError extends SageError {
  constructor(address: string, why: string, cause?: unknown, what: "client server" | "dashboard" = "client server") {
    super(`Ray's ${what} at ${address} cannot be reached: ${why}`, {
      code: "SAGE_RAY_UNREACHABLE", fault: "cluster", retryable: true, cause, hint: hints[what],
    });
  }
}

/** The cluster wants a token, or another one. */
export class RayAuthError extends SageError {
  constructor(address: string, cause?: unknown) {
    super(`Ray at ${address} refuses our token, or the lack of one`, { code: "SAGE_RAY_UNAUTHENTICATED", fault: "user", cause, hint: "Pass the `token` that the cluster was started with (RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH)." });
  }
}

/** The client server answered, but could not make a session. */
export class RayInitError extends SageError {
  /** The Python traceback that the server sent, if any. */
  readonly remoteTraceback: string;
  constructor(address: string, remoteTraceback: string) {
    const lastLine = remoteTraceback.trim().split("\n").at(-1) ?? "";
    super(`Ray at ${address} could not start a session: ${lastLine.slice(0, 500)}`, {
      code: "SAGE_RAY_INIT_FAILED", fault: "cluster", hint: "The error's `remoteTraceback` says where; the head's ray_client_server logs say more.",
    });
    this.remoteTraceback = remoteTraceback;
  }
}

/** The server has dropped the session: its objects and actors (but for detached ones) are gone. */
export class RaySessionLostError extends SageError {
  constructor(address: string, why: string, cause?: unknown) {
    super(`the session with Ray at ${address} is lost: ${why}`, { code: "SAGE_RAY_SESSION_LOST", fault: "cluster", retryable: true, cause, hint: "Connect anew; detached actors are found again by name." });
  }
}

/** Used after it was closed. */
export class RaySessionClosedError extends SageError {
  constructor() {
    super("the session with Ray is closed", { code: "SAGE_RAY_SESSION_CLOSED", fault: "user" });
  }
}

/** An answer that the protocol does not provide for. */
export class RayProtocolError extends SageError {
  constructor(what: string) {
    super(`Ray sent something unexpected: ${what}`, { code: "SAGE_RAY_PROTOCOL", fault: "cluster" });
  }
}

/** An object that is larger than the session wants to hold. */
export class RayObjectTooLargeError extends SageError {
  constructor(sizeBytes: number, maxBytes: number) {
    super(`the object has ${sizeBytes} bytes, more than the session's maxObjectBytes of ${maxBytes}`, { code: "SAGE_RAY_OBJECT_TOO_LARGE", fault: "user", hint: "Raise maxObjectBytes, or fetch the object in parts." });
  }
}

/** The dashboard answered with an error. */
export class RayRestError extends SageError {
  readonly status: number;
  /** The body of the answer, cut to 2,000 characters. */
  readonly body: string;
  constructor(method: string, url: string, status: number, body: string) {
    const text = body.trim().split("\n").filter((line) => line.trim() !== "").at(-1) ?? "";
    super(`Ray's dashboard answered ${status} to ${method} ${url}: ${text.slice(0, 300)}`, {
      code: status === 404 ? "SAGE_RAY_NOT_FOUND" : status === 401 || status === 403 ? "SAGE_RAY_UNAUTHENTICATED" : "SAGE_RAY_REST_FAILED",
      fault: status === 401 || status === 403 ? "user" : "cluster", retryable: status >= 502 && status <= 504,
      ...(status === 401 || status === 403 ? { hint: "Pass the `token` that the cluster was started with." } : {}),
    });
    this.status = status;
    this.body = body.slice(0, 2_000);
  }
}

/** Settings from which no `ray` command can be made. */
export class RayCommandError extends SageError {
  constructor(what: string) {
    super(what, { code: "SAGE_RAY_COMMAND_INVALID", fault: "user" });
  }
}
