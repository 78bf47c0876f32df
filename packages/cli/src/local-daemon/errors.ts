// What can go wrong with a daemon on this machine.

import { messageOf, SageError } from "@sage/core";

export class PortBusyError extends SageError {
  constructor(host: string, port: number, owner: string | undefined) {
    super(`port ${port} of ${host} is taken${owner === undefined ? "" : ` by ${owner}`}`, {
      code: "SAGE_PORT_BUSY", fault: "user", hint: "End that process, or choose another --port (0: any free one).",
    });
  }
}

/** The daemon's folder cannot be made or written. */
export class HomeNotWritableError extends SageError {
  constructor(home: string, cause: unknown) {
    super(`cannot write to Sage's folder ${home}: ${messageOf(cause)}`, {
      code: "SAGE_HOME_NOT_WRITABLE", fault: "user", hint: "Name a folder of your own on a disk with space: --home FOLDER, or SAGE_HOME.",
    });
  }
}

/** The daemon's process ended before it answered. `output` is what it said. */
export class DaemonDiedError extends SageError {
  constructor(how: string, output: string, logPath: string) {
    super(`the JobManager daemon did not start (${how})${output === "" ? "" : `\n${output}`}`, {
      code: "SAGE_DAEMON_DIED", fault: "cluster", hint: `Its output is in ${logPath}.`,
    });
  }
}

export class DaemonStartTimeoutError extends SageError {
  constructor(timeoutMs: number, logPath: string) {
    super(`the JobManager daemon did not answer within ${timeoutMs} ms; its process was ended`, {
      code: "SAGE_DAEMON_START_TIMEOUT", fault: "cluster", retryable: true, hint: `Its output is in ${logPath}. On a slow machine wait longer: --timeout 2m.`,
    });
  }
}

/** A process that is the recorded daemon lives, but does not answer. */
export class DaemonSilentError extends SageError {
  constructor(pid: number, address: string) {
    super(`a JobManager daemon runs (pid ${pid}), but does not answer at ${address}`, {
      code: "SAGE_DAEMON_UNREACHABLE", fault: "cluster", retryable: true, hint: "sage jobmanager restart",
    });
  }
}

export class DaemonOfAnotherHomeError extends SageError {
  constructor(address: string, home: string, pid: number) {
    super(`at ${address} another JobManager daemon answers (pid ${pid}, home ${home})`, {
      code: "SAGE_PORT_BUSY", fault: "user", hint: `Use it as it is, stop it with \`sage jobmanager stop --home ${home}\`, or choose another --port.`,
    });
  }
}

export class DaemonWillNotEndError extends SageError {
  constructor(pid: number) {
    super(`the JobManager daemon (pid ${pid}) lives on after SIGKILL`, { code: "SAGE_DAEMON_WILL_NOT_END", fault: "cluster", hint: `Look at it: ps -fp ${pid}` });
  }
}

export class NotRunningError extends SageError {
  constructor(home: string) {
    super(`no JobManager daemon runs in ${home}`, {
      code: "SAGE_DAEMON_UNREACHABLE", fault: "user", hint: "Start one: sage jobmanager start. For one on another host, run this there and come through `ssh -L 19002:127.0.0.1:19002 HOST`.",
    });
  }
}

export class NoDashboardError extends SageError {
  constructor(why: string) {
    super(`the daemon gives no link to its dashboard: ${why}`, { code: "SAGE_NO_DASHBOARD", fault: "cluster", hint: "sage jobmanager restart" });
  }
}
