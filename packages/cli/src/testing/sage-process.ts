// Types `sage …` as a user does: the built command line in a process of its own, in a home of its own, without a
// terminal. For integration tests.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const sageBin = fileURLToPath(new URL("../../bin/sage.mjs", import.meta.url));
export const program = (name: string): string => fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary home; disposing it stops its daemon and removes it. */
export class SageHome implements AsyncDisposable {
  readonly folder: string;
  /** `--port N` of the daemon that {@link startDaemon} started. */
  daemon: readonly string[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<SageHome> {
    return new SageHome(await mkdtemp(join(tmpdir(), "sage-cli-")));
  }

  get env(): NodeJS.ProcessEnv {
    const { HOME: _home, ...rest } = process.env;
    return { ...rest, HOME: join(this.folder, "no-such-home"), SAGE_HOME: this.folder };
  }

  async startDaemon(): Promise<void> {
    const { code, stdout, stderr } = await this.sage("jobmanager", "start", "--port", "0", "--json");
    if (code !== 0) throw new Error(`the daemon did not start: ${stderr}`);
    this.daemon = ["--port", String((JSON.parse(stdout) as { port: number }).port)];
  }

  /** Runs a command line to its end. */
  sage(...words: string[]): Promise<Ran> {
    return ended(this.spawn(...words));
  }

  /** Starts a command line. */
  spawn(...words: string[]): ChildProcess {
    return spawn(process.execPath, [sageBin, ...words], { env: this.env, cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sage("jobmanager", "stop");
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function ended(child: ChildProcess): Promise<Ran> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => { stdout += text; });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => { stderr += text; });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Resolves when the child has written `text` to stdout or stderr. */
export function says(child: ChildProcess, text: string): Promise<void> {
  let heard = "";
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer | string) => {
      heard += chunk.toString();
      if (heard.includes(text)) resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("close", () => reject(new Error(`it ended without saying ${JSON.stringify(text)}: ${heard}`)));
  });
}
