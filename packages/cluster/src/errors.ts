// What can go wrong with a cluster as a whole; what goes wrong on one host comes from below.
import { SageError } from "@sage/core";

/** Something that was started did not come up. */
export class NotUpError extends SageError {
  constructor(host: string, what: string, why: string, hint: string) {
    super(`${what} did not come up on ${host}: ${why}`, { code: "SAGE_NOT_UP", fault: "cluster", hint });
  }
}

/** A host cannot be made ready before somebody acts. */
export class HostNotReadyError extends SageError {
  constructor(problems: readonly { readonly what: string; readonly fix: string }[]) {
    super(problems.map(({ what }) => what).join("; "), { code: "SAGE_HOST_NOT_READY", fault: "user", hint: problems.map(({ fix }) => fix).join(" ") });
  }
}

/** A worker has nobody to join. */
export class HeadDownError extends SageError {
  constructor(head: string, cause?: unknown) {
    super(`the head ${head} does not answer`, { code: "SAGE_HEAD_DOWN", fault: "cluster", hint: "Start it: sage head start. What is wrong with it: sage head status.", cause });
  }
}

/** What names a host to add or remove cannot be one. */
export class AddressError extends SageError {
  constructor(text: string) {
    super(`${JSON.stringify(text)} is no address of a host`, { code: "SAGE_USAGE", fault: "user", hint: "Allowed: HOST or HOST:PORT with a port from 1 to 65535, such as sage4 or sage4:2222." });
  }
}

/** The head is no worker. */
export class HeadStaysError extends SageError {
  constructor(head: string) {
    super(`${head} is the cluster's head; only workers are added and removed`, { code: "SAGE_USAGE", fault: "user", hint: "Another head: change head.host (sage config set head.host HOST) after sage cluster stop." });
  }
}

/** Nothing in the configuration is called so. */
export class HostNotFoundError extends SageError {
  constructor(name: string, known: readonly string[], cause?: unknown) {
    super(`the cluster has no host ${JSON.stringify(name)}`, { code: "SAGE_HOST_NOT_FOUND", fault: "user", hint: known.length === 0 ? "It has no workers." : `Known hosts: ${known.join(", ")}.`, cause });
  }
}

/** The host of the daemon is reached, and nobody listens there. */
export class DaemonNotListeningError extends SageError {
  constructor(host: string, port: number, cause?: unknown) {
    super(`no JobManager listens on ${host} at port ${port}`, { code: "SAGE_DAEMON_UNREACHABLE", fault: "cluster", retryable: true, hint: "Start it there: sage deploy start --daemon-only. What it last said: sage jobmanager logs", cause });
  }
}

/** Nothing was ever written where a log is asked for. */
export class NoLogError extends SageError {
  constructor(host: string, what: "Ray" | "the JobManager") {
    super(`${what} has written no log on ${host} yet`, { code: "SAGE_LOG_NOT_FOUND", fault: "user", hint: "Whether it was ever started there: sage cluster status" });
  }
}

/** What would be shipped was not built. */
export class DaemonFilesMissingError extends SageError {
  constructor(path: string, cause?: unknown) {
    super(`the daemon's program is not at ${path}`, { code: "SAGE_DAEMON_FILES_MISSING", fault: "sage", hint: "Build the packages.", cause });
  }
}

/** There is no daemon on the head whose pages could be opened. */
export class DaemonPagesMissingError extends SageError {
  constructor(head: string, why: string, hint: string) {
    super(`${head} has no dashboard to open: ${why}`, { code: "SAGE_NO_DASHBOARD", fault: "cluster", hint });
  }
}
