// How the worker's program comes to the hosts: from their disks where it lies there, else as a package of Ray's.
//
// Rule: nobody asks the hosts beforehand. The actor looks when it starts, compares by content, and says what it lacks;
// then the same is tried with a package that has it, and from then on every start brings that package.

import { RayActorDiedError, packageOf, type AnyOf, type RaySession } from "@sage/ray-control";
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
}

const oldestNode = [20, 19, 0];

export class RayProgram {
  readonly #options: RayProgramOptions;
  readonly #packaged = new Set<"worker" | "node">();
  #entry: { readonly mtimeMs: number; readonly bytes: Buffer; readonly sha256: string } | undefined;
  #package: { readonly key: string; readonly zip: Buffer } | undefined;

  constructor(options: RayProgramOptions) {
    this.#options = options;
  }

  /** What to start, with its package uploaded if one is needed. */
  async startable(session: RaySession, signal: AbortSignal): Promise<StartableProgram> {
    const { entry, entries = [], nodes = [] } = this.#options;
    const { sha256 } = await this.#readEntry();
    const argv: readonly (string | AnyOf)[] = [
      { what: "node", anyOf: [process.execPath, "node", ...nodes, "./node"], minVersion: oldestNode },
      { what: "worker", anyOf: [entry, ...entries, "./worker.mjs"], sha256 },
    ];
    if (this.#packaged.size === 0) return { argv };
    return { argv, runtimeEnv: { working_dir: await session.kv.uploadPackage(await this.#zip(), { signal }) } };
  }

  /** Whether a start failed for want of a file that a package can bring; if so, the next start will bring it. */
  learn(error: unknown): boolean {
    const found = error instanceof RayActorDiedError ? /none of these will do here: .* \[(node|worker)\]/.exec(error.remoteTraceback || error.message) : null;
    const what = found?.[1] as "node" | "worker" | undefined;
    if (what === undefined || this.#packaged.has(what)) return false;
    this.#packaged.add("worker").add(what);
    return true;
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
      const files = { "worker.mjs": bytes, ...(this.#packaged.has("node") ? { node: { data: await readFile(process.execPath), mode: 0o755 } } : {}) };
      this.#package = { key, zip: packageOf(files).zip };
    }
    return this.#package.zip;
  }
}
