// Runs one command on a connection: feeds its stdin, takes its output, and learns how it ended.
//
// Invariants:
//   X1. stdout and stderr are always read: a channel whose output lies unread never closes.
//   X2. A channel that closes without an exit is a lost connection, not a success.
//   X3. When the caller gives up, the command is told (SIGTERM to its process group).
import { once } from "node:events";
import { toShell, withRetries, type Command } from "@sage/core";
import type { Client, ClientChannel, SshFailure } from "ssh2";
import { stdinOf } from "./command-stdin.ts";
import { ConnectionLostError, SessionRefusedError } from "./errors.ts";
import type { CommandResult, RunOptions } from "./host.ts";
import { Output } from "./output.ts";

/** OpenSSH's answer when MaxSessions are open; it frees a session a little after its channel closed. */
const noMoreSessions = 2;

export interface Running {
  readonly result: Promise<CommandResult>;
  /** Settles when the server has forgotten the channel. */
  readonly closed: Promise<void>;
}

export async function startOnChannel(client: Client, where: string, command: Command, options: RunOptions, signal: AbortSignal): Promise<Running> {
  const line = toShell(command);
  const start = () => new Promise<Running>((resolve, reject) => {
    // A short command's exit may lie in the same packet as the answer that it was started: listen before anything else runs.
    client.exec(line, (error, channel) => (error ? reject(error) : resolve(listenTo(channel, () => terminate(client, channel), where, command, options, signal))));
  });
  try {
    return await withRetries(start, { attempts: 40, baseMs: 4, maxMs: 500, signal, retryIf: isFull });
  } catch (error) {
    throw isFull(error) ? new SessionRefusedError(where, error) : error;
  }
}

const isFull = (error: unknown) => (error as SshFailure).reason === noMoreSessions;

/** What `channel.signal` does; but ssh2's refuses after the end of stdin, where RFC 4254 §5.3 does not. */
function terminate(client: Client, channel: ClientChannel): void {
  if (channel.outgoing.state === "open" || channel.outgoing.state === "eof") client._protocol.signal(channel.outgoing.id, "TERM");
}

function listenTo(channel: ClientChannel, terminate: () => void, where: string, command: Command, options: RunOptions, signal: AbortSignal): Running {
  const closed = new Promise<void>((resolve) => channel.once("close", () => resolve()));
  const result = resultOf(channel, terminate, where, command, options, signal);
  result.catch(() => {}); // whoever awaits it hears of it
  return { result, closed };
}

function resultOf(channel: ClientChannel, terminate: () => void, where: string, command: Command, options: RunOptions, signal: AbortSignal): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const output = new Output(options);
    let exit: { exitCode: number | undefined; signal: string | undefined } | undefined;
    let feedError: unknown;
    const giveUp = (reason: unknown) => {
      signal.removeEventListener("abort", onAbort);
      reject(reason as Error);
      terminate(); // X3
      channel.close();
    };
    const onAbort = () => giveUp(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    channel.on("data", (chunk: Buffer) => output.add("stdout", chunk)); // X1
    channel.stderr.on("data", (chunk: Buffer) => output.add("stderr", chunk));
    channel.on("exit", (code: number | null, name?: string) => {
      exit = { exitCode: code ?? undefined, signal: code === null ? (name ?? "unknown").replace(/^SIG/, "") : undefined };
    });
    channel.on("error", (error: unknown) => { feedError ??= error; });
    channel.on("close", () => {
      signal.removeEventListener("abort", onAbort);
      if (exit) resolve({ ...exit, stdout: output.stdout, stderr: output.stderr, truncated: output.truncated });
      else reject(new ConnectionLostError(where, "a command ran there", feedError)); // X2
    });
    feed(channel, stdinOf(command, options)).catch(giveUp);
    if (signal.aborted) onAbort();
  });
}

/** Writes stdin at the pace of the host; ends early, without error, when the command no longer reads. */
async function feed(channel: ClientChannel, stdin: NonNullable<RunOptions["stdin"]>): Promise<void> {
  if (stdin instanceof Uint8Array) return void channel.end(stdin);
  const closed = new AbortController();
  channel.once("close", () => closed.abort());
  for await (const chunk of stdin) {
    if (closed.signal.aborted || channel.destroyed) return;
    if (!channel.write(chunk)) await once(channel, "drain", { signal: closed.signal }).catch((error: unknown) => { if (!closed.signal.aborted) throw error; });
  }
  channel.end();
}
