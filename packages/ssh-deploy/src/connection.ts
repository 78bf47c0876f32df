// One SSH connection to one host, and everything that runs over it.
//
// Invariants:
//   S1. No command and no secret is sent before the host's key was judged.
//   S2. At most `channelsAtOnce` commands run at a time, below sshd's MaxSessions; the others wait in line.
//   S3. When the connection ends, everything that waits on it ends with an error: silence is noticed by keepalive.
import type { Duplex } from "node:stream";
import { hideUrlPasswords, Secret, silentLogger, withRetries, isSageError, type Command, type Logger } from "@sage/core";
import type { Client } from "ssh2";
import { withDeadline } from "./deadline.ts";
import { CommandFailedError, ConnectionLostError, ForwardRefusedError, LoginRefusedError } from "./errors.ts";
import type { HostKeyPolicy } from "./handshake.ts";
import { runDeadlineMs, type CommandResult, type ForwardTarget, type Host, type RunOptions, type UploadOptions } from "./host.ts";
import { attemptsOf, type LoginAttempt, type LoginOptions, type SshLogin } from "./login.ts";
import { titleOf } from "./remote-script.ts";
import { startOnChannel, type Running } from "./run-on-channel.ts";
import { checkHostName } from "./safe-names.ts";
import { Slots } from "./slots.ts";
import { streamAhead, type StreamAhead } from "./stream-ahead.ts";
import { uploadFile } from "./upload.ts";

/** Commands that run at once on a connection. sshd's default is 10, and it frees sessions late: at 8, one in ten was refused. */
export const channelsAtOnce = 5;

export interface ConnectOptions extends LoginOptions {
  /** What reports call the host; default: `host`. */
  readonly name?: string;
  readonly host: string;
  /** Default 22. */
  readonly port?: number;
  /** The name under which the host's key is known, whatever the port; default: `host`. */
  readonly hostKeyAlias?: string;
  /** Tried in this order; consecutive ones of one user share a connection. */
  readonly logins: readonly SshLogin[];
  readonly hostKeys: HostKeyPolicy;
  /** The host to go through; stays open after this connection has ended. */
  readonly through?: Host;
  /** For the TCP connection, and again for the handshake with login; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Silence of 3 intervals ends the connection; default 5,000. */
  readonly keepaliveIntervalMs?: number;
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
  /** Hears what should be changed, such as a login by password. */
  readonly onWarning?: (text: string) => void;
}

/**
 * Connects and logs in. A server that hangs up before the handshake (MaxStartups) is tried again, up to 4 times.
 *
 * @throws UnreachableError, LoginRefusedError, HostKeyUnknownError, HostKeyChangedError, HostKeyRefusedError, KeyFileError,
 *   UnsafeNameError, DroppedError.
 */
export async function connectSsh(options: ConnectOptions): Promise<SshConnection> {
  checkHostName(options.host);
  const where = `${options.host.includes(":") ? `[${options.host}]` : options.host}:${options.port ?? 22}`;
  const tried: string[] = [];
  // The first stream is opened before keys are read and ssh2 is loaded (60 ms): meanwhile a hundred servers have started.
  const ahead = streamAhead(where, options);
  try {
    for (const [user, logins] of byUser(options.logins)) {
      const attempts: LoginAttempt[] = [];
      for (const login of logins) attempts.push(...(await attemptsOf(login, options, tried)));
      if (attempts.length === 0) tried.push(`${user}: no agent and no key to offer`);
      else {
        try {
          const client = await withRetries(() => connectAs(user, attempts, where, options, tried, ahead), {
            attempts: 5, baseMs: 200, maxMs: 2_000, retryIf: (error) => isSageError(error) && error.code === "SAGE_SSH_DROPPED",
            ...(options.signal ? { signal: options.signal } : {}),
          });
          return new SshConnection(client.client, client.stream, where, options);
        } catch (error) {
          if (!isSageError(error) || error.code !== "SAGE_SSH_LOGIN_REFUSED") throw error; // only a refused login is worth another user
        }
      }
    }
  } finally {
    ahead.dispose();
  }
  throw new LoginRefusedError(where, tried);
}

async function connectAs(user: string, attempts: readonly LoginAttempt[], where: string, options: ConnectOptions, tried: string[], ahead: StreamAhead) {
  const { host, port = 22, connectTimeoutMs = 10_000, keepaliveIntervalMs = 5_000, signal } = options;
  const stream = await ahead.take();
  const { logIn } = await import("./handshake.ts");
  const client = await logIn(stream, {
    where, name: options.name ?? host, keyHost: options.hostKeyAlias ?? host, keyPort: options.hostKeyAlias === undefined ? port : 22, port, hostKeys: options.hostKeys, timeoutMs: connectTimeoutMs, keepaliveIntervalMs, keepaliveCount: 3, user, attempts, tried, signal,
  });
  if (attempts.some(({ attempt }) => attempt.type === "password") && !attempts.some(({ attempt }) => attempt.type === "publickey" || attempt.type === "agent")) {
    options.onWarning?.(`${where} lets ${user} in by password; \`ssh-copy-id ${user}@${host}\` and a key are safer`);
  }
  return { client, stream };
}

function byUser(logins: readonly SshLogin[]): [string, SshLogin[]][] {
  const groups: [string, SshLogin[]][] = [];
  for (const login of logins) {
    const last = groups.at(-1);
    if (last?.[0] === login.user) last[1].push(login);
    else groups.push([login.user, [login]]);
  }
  return groups;
}

export class SshConnection implements Host {
  readonly name: string;
  readonly where: string;
  readonly #client: Client;
  readonly #stream: Duplex;
  readonly #logger: Logger;
  readonly #channels = new Slots(channelsAtOnce);
  readonly #ended = new AbortController();

  constructor(client: Client, stream: Duplex, where: string, options: ConnectOptions) {
    this.name = options.name ?? options.host;
    this.where = where;
    this.#client = client;
    this.#stream = stream;
    this.#logger = options.logger ?? silentLogger;
    client.on("error", (error: Error) => this.#end(error));
    client.on("close", () => this.#end(undefined));
  }

  /** Fires when the connection ends, for whatever reason. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  async run(command: Command, options: RunOptions = {}): Promise<CommandResult> {
    const startedMs = performance.now();
    const shown = titleOf(command);
    try {
      const result = await withDeadline(`\`${shown.slice(0, 80)}\` on ${this.name}`, options.deadlineMs ?? runDeadlineMs, options.signal, (signal) => this.#runInSlot(command, options, signal));
      this.#log(command, shown, startedMs, { exitCode: result.exitCode, signal: result.signal, stdout: options.hidesOutput === true ? "[hidden]" : result.stdout, stderr: result.stderr });
      if (result.exitCode !== 0 && options.anyExit !== true) throw new CommandFailedError(this.name, shown, result);
      return result;
    } catch (error) {
      if (!(error instanceof CommandFailedError)) this.#log(command, shown, startedMs, { error: String(error) });
      throw error;
    }
  }

  async upload(path: string, content: Uint8Array | AsyncIterable<Uint8Array>, options: UploadOptions = {}): Promise<void> {
    await uploadFile(this, path, content, options);
  }

  async forward(to: ForwardTarget, signal?: AbortSignal): Promise<Duplex> {
    this.#throwIfEnded("opening a stream");
    const shown = "socketPath" in to ? to.socketPath : `${to.host}:${to.port}`;
    return withDeadline(`a stream to ${shown} through ${this.name}`, runDeadlineMs, signal, (limit) => new Promise((resolve, reject) => {
      const done = (error: Error | undefined, channel: Duplex) => {
        if (error) return reject(this.#ended.signal.aborted ? this.#lost("opening a stream") : new ForwardRefusedError(this.name, shown, error));
        if (limit.aborted) return channel.destroy();
        resolve(channel);
      };
      if ("socketPath" in to) this.#client.openssh_forwardOutStreamLocal(to.socketPath, done);
      else this.#client.forwardOut("127.0.0.1", 0, to.host, to.port, done);
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const closed = new Promise<void>((resolve) => this.ended.addEventListener("abort", () => resolve(), { once: true }));
    // Once the goodbye is on its way nothing is waited for: the server takes its time to close, a silent host never does.
    this.#stream.once("finish", () => this.#stream.destroy());
    this.#client.end();
    const timer = setTimeout(() => this.#stream.destroy(), 1_000);
    await closed;
    clearTimeout(timer);
  }

  async #runInSlot(command: Command, options: RunOptions, signal: AbortSignal): Promise<CommandResult> {
    const giveBack = await this.#channels.take(signal);
    let running: Running;
    try {
      this.#throwIfEnded("starting a command");
      running = await startOnChannel(this.#client, this.where, command, options, signal);
    } catch (error) {
      giveBack();
      if (error instanceof Error && error.message === "Not connected") this.#end(error); // ssh2 knows before it says "close"
      throw this.#ended.signal.aborted ? this.#lost("starting a command") : error;
    }
    void running.closed.then(giveBack); // not earlier: S2 counts what the server counts
    return running.result;
  }

  #throwIfEnded(doing: string): void {
    if (this.#ended.signal.aborted) throw this.#lost(doing);
  }

  #lost(doing: string): ConnectionLostError {
    return new ConnectionLostError(this.where, doing, this.#ended.signal.reason);
  }

  #end(error: Error | undefined): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(error ?? new Error("the connection was closed"));
    this.#stream.destroy();
  }

  #log(command: Command, shown: string, startedMs: number, outcome: Record<string, unknown>): void {
    const secret = command.stdin instanceof Secret ? command.stdin.reveal() : undefined;
    const hide = (value: unknown) => (typeof value === "string" ? hideUrlPasswords(secret !== undefined && secret !== "" ? value.replaceAll(secret, "[hidden]") : value) : value);
    const cut = (value: unknown) => (typeof value === "string" && value.length > 4_000 ? `${value.slice(0, 4_000)}…` : value);
    this.#logger.debug("remote command", {
      host: this.name, command: shown, tookMs: Math.round(performance.now() - startedMs),
      ...Object.fromEntries(Object.entries(outcome).map(([key, value]) => [key, cut(hide(value))])),
    });
  }
}
