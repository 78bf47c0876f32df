// This machine as a host: the same commands, without SSH. For a head that is where the operator sits.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { toShell, type Command } from "@sage/core";
import { stdinOf } from "./command-stdin.ts";
import { withDeadline } from "./deadline.ts";
import { CommandFailedError, ForwardRefusedError } from "./errors.ts";
import { runDeadlineMs, type CommandResult, type ForwardTarget, type Host, type RunOptions, type UploadOptions } from "./host.ts";
import { Output } from "./output.ts";
import { titleOf } from "./remote-script.ts";
import { uploadFile } from "./upload.ts";

/** @param env - default: this process's environment. */
export function localHost(name = "localhost", env: NodeJS.ProcessEnv = process.env): Host {
  return new LocalHost(name, env);
}

class LocalHost implements Host {
  readonly name: string;
  readonly where = "this machine";
  readonly #env: NodeJS.ProcessEnv;

  constructor(name: string, env: NodeJS.ProcessEnv) {
    this.name = name;
    this.#env = env;
  }

  async run(command: Command, options: RunOptions = {}): Promise<CommandResult> {
    const shown = titleOf(command);
    const result = await withDeadline(`\`${shown.slice(0, 80)}\` on ${this.name}`, options.deadlineMs ?? runDeadlineMs, options.signal, (signal) => this.#spawn(command, options, signal));
    if (result.exitCode !== 0 && options.anyExit !== true) throw new CommandFailedError(this.name, shown, result);
    return result;
  }

  async upload(path: string, content: Uint8Array | AsyncIterable<Uint8Array>, options: UploadOptions = {}): Promise<void> {
    await uploadFile(this, path, content, options);
  }

  async forward(to: ForwardTarget, signal?: AbortSignal): Promise<Duplex> {
    const socket = connect("socketPath" in to ? { path: to.socketPath } : { host: to.host, port: to.port, noDelay: true });
    try {
      await once(socket, "connect", signal ? { signal } : {});
      return socket;
    } catch (error) {
      socket.on("error", () => {});
      socket.destroy();
      if (signal?.aborted) throw signal.reason;
      throw new ForwardRefusedError(this.name, "socketPath" in to ? to.socketPath : `${to.host}:${to.port}`, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #spawn(command: Command, options: RunOptions, signal: AbortSignal): Promise<CommandResult> {
    // A group of its own, as under sshd, so that giving up reaches all of it.
    const child = spawn("/bin/sh", ["-c", toShell(command)], { cwd: homeOf(this.#env), env: this.#env, stdio: "pipe", detached: true });
    const output = new Output(options);
    child.stdout.on("data", (chunk: Buffer) => output.add("stdout", chunk));
    child.stderr.on("data", (chunk: Buffer) => output.add("stderr", chunk));
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        signal.removeEventListener("abort", onAbort);
        if (child.exitCode === null && child.signalCode === null) terminate(child.pid);
        reject(reason as Error);
      };
      const onAbort = () => giveUp(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      child.on("error", giveUp);
      child.on("close", (code, name) => {
        signal.removeEventListener("abort", onAbort);
        resolve({ exitCode: code ?? undefined, signal: name?.replace(/^SIG/, ""), stdout: output.stdout, stderr: output.stderr, truncated: output.truncated });
      });
      const stdin = stdinOf(command, options);
      // A command that ends before it has read all of its stdin breaks the pipe; that is its right.
      pipeline(stdin instanceof Uint8Array ? Readable.from([stdin]) : Readable.from(stdin), child.stdin).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") giveUp(error);
      });
    });
  }
}

function terminate(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** As sshd has it: who has no home starts in the root folder. */
function homeOf(env: NodeJS.ProcessEnv): string {
  const home = env["HOME"] ?? homedir();
  return existsSync(home) ? home : "/";
}
