// Types `sage …` as a user does, in a home of its own.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary home with at most one daemon; disposing it stops the daemon and removes the folder. */
export class SageHome implements AsyncDisposable {
  readonly folder: string;
  #port: string | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<SageHome> {
    return new SageHome(await mkdtemp(join(tmpdir(), "sage-e2e-")));
  }

  /** Starts a daemon on a free port; later commands that take `--port` get it from {@link daemon}. */
  async startDaemon(): Promise<void> {
    const started = await this.sage("jobmanager", "start", "--host", "127.0.0.1", "--port", "0");
    if (started.code !== 0) throw new Error(`the daemon did not start: ${started.stderr}`);
    this.#port = String((JSON.parse((await this.sage("jobmanager", "status", "--json")).stdout) as { port: number }).port);
  }

  /** The options that address this home's daemon. */
  get daemon(): string[] {
    if (this.#port === undefined) throw new Error("no daemon was started");
    return ["--port", this.#port];
  }

  /** Runs one command to its end. */
  sage(...args: string[]): Promise<Ran> {
    return this.sageWith({}, ...args);
  }

  sageWith(env: Record<string, string>, ...args: string[]): Promise<Ran> {
    return new Promise((resolve) => {
      const options = { cwd: root, env: { ...process.env, NO_COLOR: "1", SAGE_HOME: this.folder, ...env }, maxBuffer: 1 << 26, timeout: 110_000 };
      execFile(process.execPath, [join(root, "scripts/sage.mjs"), ...args], options, (error, stdout, stderr) => {
        resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#port !== undefined) await this.sage("jobmanager", "stop");
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The last line of a program's output that is JSON, parsed. */
export function lastJson(ran: Ran): unknown {
  const line = ran.stdout.trim().split("\n").findLast((each) => /^[[{]/.test(each));
  if (line === undefined) throw new Error(`no JSON in the output (exit code ${ran.code}):\n${ran.stdout}\n${ran.stderr}`);
  return JSON.parse(line);
}
