// Long-lived processes on a host: each started in a session of its own, recorded, and ended by its record, never by a name.
//
// A record tells a process apart from every other: its id and start time (field 22 of /proc/PID/stat) on this boot. All
// of its descendants carry `SAGE_PROCESS=MARK` in their environment, also those that left its session.
//
// Invariants:
//   P1. A process is signalled only if it is the recorded one, belongs to its session while that is still ours, or
//       carries its mark. A process that got its number since is left alone.
//   P2. After `stopProcess`, nothing of it runs, or the call fails and says what does.
//   P3. Starting what runs already changes nothing.
import { randomBytes } from "node:crypto";
import { SageError, Secret, toDisplay, type Command } from "@sage/core";
import { CommandFailedError } from "./errors.ts";
import type { Host } from "./host.ts";
import { listScript, startScript, stopScript } from "./process-scripts.ts";
import { refusedExitCode } from "./remote-script.ts";
import { checkRemotePath } from "./safe-names.ts";

export interface ProcessSpec {
  /** Folder of the records on the host: `~/.sage/run`. */
  readonly recordsDir: string;
  /** Names the record: "ray-head". Letters, digits, dashes. */
  readonly name: string;
  /** What to run. Its stdin is empty: a secret has to come from a file, or from the environment. `~` is not expanded in it. */
  readonly command: Command;
  /** Where its stdout and stderr are appended. */
  readonly logPath: string;
  /** Default: the login user's home. */
  readonly workDir?: string;
}

export interface ProcessState {
  readonly name: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly mark: string;
  readonly running: boolean;
  /** Processes that belong to it, itself included while it runs. */
  readonly members: readonly number[];
  readonly command: string;
}

export interface StartOutcome {
  readonly kind: "started" | "was-running";
  readonly pid: number;
}

export type StopOutcome = "stopped" | "killed" | "was-stopped";

/** The process could not be started: its command is missing, its folder, or an earlier run left processes. */
export class ProcessStartError extends SageError {
  constructor(host: string, name: string, said: string) {
    super(`${name} could not be started on ${host}: ${said}`, { code: "SAGE_PROCESS_START", fault: "cluster" });
  }
}

/** A process did not end although it was killed. */
export class ProcessStuckError extends SageError {
  constructor(host: string, name: string, said: string) {
    super(`${name} could not be ended on ${host}: ${said}`, { code: "SAGE_PROCESS_STUCK", fault: "cluster", hint: "A process that waits for a disk, or runs as another user, cannot be ended; look at it with `ps` there." });
  }
}

/** Starts it, unless it runs. It is on its own then: whether it does its work is for the caller to see. @throws {@link ProcessStartError} */
export async function startProcess(host: Host, spec: ProcessSpec, signal?: AbortSignal): Promise<StartOutcome> {
  const { command } = spec;
  if (command.stdin !== undefined) throw new Error("a long-lived process has no stdin");
  const wrong = Object.keys(command.env).find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong)} is no name of a variable`);
  const settings = Object.entries(command.env).flatMap(([name, value]) => (value instanceof Secret ? [] : [`${name}=${value}`]));
  const secrets = Object.fromEntries(Object.entries(command.env).filter(([, value]) => value instanceof Secret));
  // The secrets are the starting script's own environment, which what it starts inherits: no word of either has them.
  const result = await host.run({ ...startScript({
    recordsDir: checkRemotePath(spec.recordsDir), name: checkName(spec.name), logPath: checkRemotePath(spec.logPath), workDir: checkRemotePath(spec.workDir ?? "~"),
    mark: randomBytes(16).toString("hex"), shown: toDisplay(command).replace(/[\0-\x1f\x7f]+/g, " "),
    words: settings.length > 0 ? ["env", ...settings, ...command.words] : command.words,
  }), env: secrets }, { anyExit: true, ...(signal ? { signal } : {}) });
  const [kind, pid] = result.stdout.trim().split(" ");
  if (result.exitCode !== 0 || (kind !== "started" && kind !== "was-running")) throw new ProcessStartError(host.name, spec.name, result.stderr.trim() || `code ${result.exitCode}`);
  return { kind, pid: Number(pid) };
}

/**
 * Ends it and everything that belongs to it: SIGTERM to it, then to what it leaves, SIGKILL to all that remains.
 *
 * @param graceMs - from SIGTERM to SIGKILL; default 10,000.
 * @throws {@link ProcessStuckError}
 */
export async function stopProcess(host: Host, recordsDir: string, name: string, options: { readonly graceMs?: number; readonly signal?: AbortSignal } = {}): Promise<StopOutcome> {
  const { graceMs = 10_000, signal } = options;
  const command = stopScript(checkRemotePath(recordsDir), checkName(name), graceMs);
  const result = await host.run(command, { anyExit: true, deadlineMs: graceMs + 30_000, ...(signal ? { signal } : {}) });
  if (result.exitCode === refusedExitCode) throw new ProcessStuckError(host.name, name, result.stderr.trim());
  if (result.exitCode !== 0) throw new CommandFailedError(host.name, `stop ${name}`, result);
  return result.stdout.trim() as StopOutcome;
}

/** Every recorded process, also those that ended without being stopped. */
export async function listProcesses(host: Host, recordsDir: string, signal?: AbortSignal): Promise<ProcessState[]> {
  const { stdout } = await host.run(listScript(checkRemotePath(recordsDir)), signal ? { signal } : {});
  return parseProcesses(stdout);
}

export function parseProcesses(text: string): ProcessState[] {
  return text.split("\n").flatMap((line) => {
    const [kind, name, state, pid, since, mark, members, command] = line.split("\t");
    if (kind !== "process" || name === undefined || mark === undefined || command === undefined) return [];
    return [{
      name, pid: Number(pid), startedAtMs: Number(since) * 1000, mark, running: state === "running",
      members: (members ?? "").split(",").filter(Boolean).map(Number), command,
    }];
  });
}

function checkName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a process`);
  return name;
}
