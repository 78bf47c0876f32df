// How the worker's program comes to the hosts: from their disks where it lies there, else as a package of Ray's.
//
// Rule: nobody asks the hosts beforehand. The actor looks when it starts, compares by content, and says what it lacks;
// then the same is tried with a package that has it, and from then on every start brings that package.

import { SageError } from "@sage/core";
import { RayActorDiedError, packLarge, type AnyOf, type RayControl } from "@sage/ray-control";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";

export interface RayProgramOptions {
  /** The worker's program on the daemon's host; it is looked for under the same path on the others. */
  readonly entry: string;
  /** Where else it may lie on hosts; `~` is there. */
  readonly entries?: readonly string[];
  /** Where Node may lie on hosts, besides the PATH and the daemon's own. */
  readonly nodes?: readonly string[];
}

export interface StartableProgram {
  readonly argv: readonly (string | AnyOf)[];
  readonly runtimeEnv?: { readonly working_dir: string };
  /** What the package brings. */
  readonly brings: ReadonlySet<Part>;
}

type Part = "worker" | "node";

/** No host can run the worker's program as it is; with a package neither. */
export class NoWorkerProgramError extends SageError {
  constructor(part: Part, tried: string, cause: unknown) {
    super(`a host of the Ray cluster cannot run the worker: of ${tried} ${part === "node" ? "none is a Node of version 20.19 or later that runs there" : "none is this daemon's worker"}`, {
      code: "SAGE_WORKER_START_FAILED", fault: "cluster", cause, hint: part === "node" ? "Install Node 20.19 or later on the hosts, on the PATH that Ray was started with, or name it by --node-path." : "Start the daemon again: its own files have changed since.",
    });
  }
}

const complaint = /none of these will do here: ([^\n]*) \[(node|worker)\]/;

const oldestNode = [20, 19, 0];

export class RayProgram {
  readonly #options: RayProgramOptions;
  readonly #packaged = new Set<Part>();
  #entry: { readonly mtimeMs: number; readonly bytes: Buffer; readonly sha256: string } | undefined;
  #package: { readonly key: string; readonly zip: Promise<Buffer> } | undefined;

  constructor(options: RayProgramOptions) {
    this.#options = options;
  }

  /** What to start, with its package uploaded if one is needed. */
  async startable(session: RayControl, signal: AbortSignal): Promise<StartableProgram> {
    const { entry, entries = [], nodes = [] } = this.#options;
    const { sha256 } = await this.#readEntry();
    const argv: readonly (string | AnyOf)[] = [
      { what: "node", anyOf: [process.execPath, "node", ...nodes, "./node"], minVersion: oldestNode },
      { what: "worker", anyOf: [entry, ...entries, "./worker.mjs"], sha256 },
    ];
    const brings = new Set(this.#packaged);
    if (brings.size === 0) return { argv, brings };
    return { argv, brings, runtimeEnv: { working_dir: await session.kv.uploadPackage(await this.#zip(), { signal }) } };
  }

  /**
   * Learns from a start that failed for want of a file: the next one will bring it.
   *
   * @param tried - what was started.
   * @throws NoWorkerProgramError when it was brought already; `error` itself when it is about something else
   */
  learn(error: unknown, tried: StartableProgram): void {
    const found = error instanceof RayActorDiedError ? complaint.exec(`${error.message}\n${error.remoteTraceback}`) : null;
    if (!found) throw error;
    const part = found[2] as Part;
    if (tried.brings.has(part)) throw new NoWorkerProgramError(part, found[1]!, error);
    this.#packaged.add("worker").add(part);
  }

  async #readEntry() {
    const { entry } = this.#options;
    const { mtimeMs } = await stat(entry);
    if (this.#entry?.mtimeMs !== mtimeMs) {
      const bytes = await readFile(entry);
      this.#entry = { mtimeMs, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
    }
    return this.#entry;
  }

  async #zip(): Promise<Buffer> {
    const { bytes, sha256 } = await this.#readEntry();
    const key = [sha256, ...this.#packaged].join();
    if (this.#package?.key !== key) {
      const withNode = this.#packaged.has("node");
      const zip = (async () => (await packLarge({ "worker.mjs": bytes, ...(withNode ? { node: { data: await readFile(process.execPath), mode: 0o755 } } : {}) })).zip)();
      this.#package = { key, zip };
    }
    return this.#package.zip;
  }
}
