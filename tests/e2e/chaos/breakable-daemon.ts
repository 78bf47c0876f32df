// A daemon of the sources, in a home of its own, that may be killed and comes back on the same port; with workers whose
// connections can be broken, or scripted ones without a runtime.

import type { JobsClient } from "../../../packages/protocol/src/index.ts";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startDaemonProcess, type DaemonProcess } from "../../../packages/jobmanager-server/src/testing/daemon-process.ts";
import { bundled, packageTempDir } from "../../../packages/jobmanager-server/src/testing/test-daemon.ts";

/** A preload with which the daemon leaves what it holds in `memory-PID` of {@link BreakableDaemon.dir}, as the workers do. */
export const soakWorker = "tests/e2e/chaos/soak-worker.mjs";

export type WorkerKind = "scripted" | "real";

const fromRoot = (path: string): string => new URL(`../../../${path}`, import.meta.url).href;

export class BreakableDaemon implements AsyncDisposable {
  /** For ledgers; goes with it. */
  readonly dir: string;
  readonly #programs: Awaited<ReturnType<typeof packageTempDir>>;
  readonly #flags: readonly string[];
  readonly #within: readonly string[];
  #daemon!: DaemonProcess;

  private constructor(dir: string, programs: Awaited<ReturnType<typeof packageTempDir>>, flags: readonly string[], isProbed: boolean) {
    this.dir = dir;
    this.#programs = programs;
    this.#flags = flags;
    this.#within = isProbed ? ["env", `SAGE_MEMORY_DIR=${dir}`, `NODE_OPTIONS=--import=${fromRoot("tests/e2e/chaos/memory-probe.mjs")}`] : [];
  }

  /** @param preload - module that real workers import first; it finds the file {@link linksFile}. */
  static async start(workers: WorkerKind, flags: readonly string[], preload = "tests/e2e/chaos/breakable-sockets.mjs"): Promise<BreakableDaemon> {
    const programs = await packageTempDir();
    const made = new BreakableDaemon(await mkdtemp(join(tmpdir(), "sage-chaos-")), programs, flags, preload === soakWorker);
    await bundled("../main.ts", join(programs.path, "dist/daemon.mjs"));
    if (workers === "scripted") await bundled("./ledger-worker.ts", join(programs.path, "worker.mjs"));
    else {
      const modules = [fromRoot(preload), fromRoot("packages/runtime/dist/worker.mjs")].map((url) => `await import(${JSON.stringify(url)});\n`);
      await writeFile(join(programs.path, "worker.mjs"), `globalThis.sageLinksFile = ${JSON.stringify(made.linksFile)};\n${modules.join("")}`);
    }
    await copyFile(fileURLToPath(new URL("../../../packages/jobmanager-server/package.json", import.meta.url)), join(programs.path, "package.json"));
    await made.#start("");
    return made;
  }

  get home(): string {
    return join(this.dir, "home");
  }

  get linksFile(): string {
    return join(this.dir, "links.json");
  }

  get client(): JobsClient {
    return this.#daemon.client;
  }

  get port(): number {
    return this.#daemon.port;
  }

  get pid(): number {
    return this.#daemon.pid;
  }

  /** Resolves when it has died. */
  get exited(): Promise<unknown> {
    return this.#daemon.exited;
  }

  /** @param failpoints - see failpoint.ts of the daemon: it may die before it is up, which is an error here. */
  async restart(failpoints = ""): Promise<void> {
    await this.#daemon.kill();
    await this.#start(failpoints);
  }

  async #start(failpoints: string): Promise<void> {
    const { path } = this.#programs;
    const port = (this.#daemon as DaemonProcess | undefined)?.port;
    this.#daemon = await startDaemonProcess({
      file: join(path, "dist/daemon.mjs"), home: this.home, workerEntry: join(path, "worker.mjs"), flags: this.#flags, failpoints, within: this.#within,
      ...(port === undefined ? {} : { port }),
    });
  }

  kill(): Promise<void> {
    return this.#daemon.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon.kill();
    await this.#programs[Symbol.asyncDispose]();
    await rm(this.dir, { recursive: true, force: true });
  }
}
