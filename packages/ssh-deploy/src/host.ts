// A host as the rest of Sage sees it: something that runs commands, takes files and opens streams. Adapters:
// `connection.ts` (over SSH), `local-host.ts` (this machine).
import type { Duplex } from "node:stream";
import type { Command } from "@sage/core";

export type OutputStream = "stdout" | "stderr";

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** How long the command may take, in milliseconds; default 60,000; `Infinity`: as long as it likes. */
  readonly deadlineMs?: number;
  /** Hears output as it comes, in whole characters. */
  readonly onOutput?: (text: string, stream: OutputStream) => void;
  /** Bytes for the command's stdin; takes precedence over the command's own. An iterable is read as fast as the host takes it. */
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Resolve also when the command fails; default false. */
  readonly anyExit?: boolean;
  /** Leaves what it prints out of the log: it is, or holds, a secret. */
  readonly hidesOutput?: boolean;
  /** Of each of stdout and stderr, how much is kept; default 16 MiB. What is beyond is dropped and `truncated` set. */
  readonly maxOutputBytes?: number;
}

export interface CommandResult {
  /** Unset if a signal ended the command. */
  readonly exitCode: number | undefined;
  /** "KILL", "TERM", …; unset if it ended by itself. */
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

export interface UploadOptions {
  readonly signal?: AbortSignal;
  /** Default 600,000. */
  readonly deadlineMs?: number;
  /** Default 0o600. */
  readonly mode?: number;
}

export type ForwardTarget = { readonly host: string; readonly port: number } | { readonly socketPath: string };

export const runDeadlineMs = 60_000;
export const uploadDeadlineMs = 600_000;
export const maxOutputBytes = 16 * 1024 * 1024;

export interface Host extends AsyncDisposable {
  /** What reports call it. */
  readonly name: string;
  /** Where it lies: `node1:22`, or "this machine". */
  readonly where: string;

  /**
   * Runs a command in the login user's shell and home.
   *
   * @throws CommandFailedError if it fails and not `anyExit`; ConnectionLostError if it is not known how it ended;
   *   TimeoutError at the deadline, `signal.reason` when the signal fires: the command gets SIGTERM.
   */
  run(command: Command, options?: RunOptions): Promise<CommandResult>;

  /** Writes a file: beside its place first, then renamed, so that no reader ever sees half of it. Makes its folder. */
  upload(path: string, content: Uint8Array | AsyncIterable<Uint8Array>, options?: UploadOptions): Promise<void>;

  /** A stream to what listens there, as seen from the host. */
  forward(to: ForwardTarget, signal?: AbortSignal): Promise<Duplex>;
}
