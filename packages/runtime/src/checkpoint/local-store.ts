// Checkpoints of pipelines that run in one process, in a folder: `<dir>/chk-<id>/` with a manifest and the files of state.
//
// Invariants:
//   L1. A checkpoint under its name is whole and on disk: its folder is filled, synced, and gets its name last.
//   L2. A checkpoint that is damaged is passed over for an older one, and its name is told.

import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "@sage/protocol/records";
import { distribute, type SavedCheckpoint } from "./distribute.ts";
import type { NodeSnapshot } from "./engine-checkpoints.ts";
import { StateDamagedError } from "./errors.ts";
import { stateHandle, syncFolder } from "./state-folder.ts";
import type { NodeRestore, SavedState } from "./state-part.ts";

const version = 1;

interface Manifest extends SavedCheckpoint {
  readonly version: number;
  readonly checkpointId: number;
  /** Of the pipeline. */
  readonly name: string;
}

export interface LocalRestore {
  readonly checkpointId: number;
  readonly restores: ReadonlyMap<string, NodeRestore>;
}

export class LocalStore {
  readonly #dir: string;
  readonly #keep: number;

  /** @param keep - so many checkpoints stay. */
  constructor(dir: string, keep: number) {
    this.#dir = dir;
    this.#keep = keep;
  }

  #nameOf(checkpointId: number): string {
    return `chk-${String(checkpointId).padStart(8, "0")}`;
  }

  /** Where the files of a checkpoint are written before it is complete. */
  stagingOf(checkpointId: number): string {
    return join(this.#dir, `${this.#nameOf(checkpointId)}.part`);
  }

  async begin(checkpointId: number): Promise<void> {
    await rm(this.stagingOf(checkpointId), { recursive: true, force: true });
    await mkdir(this.stagingOf(checkpointId), { recursive: true, mode: 0o700 });
  }

  /** L1 */
  async commit(checkpointId: number, plan: Plan, snapshots: readonly NodeSnapshot[]): Promise<void> {
    const staging = this.stagingOf(checkpointId);
    const manifest: Manifest = {
      version, checkpointId, name: plan.name, maxParallelism: plan.maxParallelism, snapshots: snapshots.map(asJson),
      operators: plan.nodes.map(({ id, name, kind, parallelism }) => ({ id, name, kind, parallelism })),
    };
    const body = JSON.stringify(manifest);
    const file = await open(join(staging, "manifest"), "wx", 0o600);
    try {
      await file.writeFile(`${hashOf(body)}\n${body}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(staging);
    await rename(staging, join(this.#dir, this.#nameOf(checkpointId)));
    await syncFolder(this.#dir);
    for (const id of (await this.#ids()).slice(0, -this.#keep)) await rm(join(this.#dir, this.#nameOf(id)), { recursive: true, force: true });
  }

  async discard(checkpointId: number): Promise<void> {
    await rm(this.stagingOf(checkpointId), { recursive: true, force: true });
  }

  /** From oldest to newest. */
  async #ids(): Promise<number[]> {
    const names = await readdir(this.#dir).catch(() => []);
    return names.flatMap((name) => /^chk-(\d+)$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);
  }

  /**
   * What the newest whole checkpoint gives the plan; undefined: there is none.
   *
   * @throws StateMismatchError; {@link StateDamagedError} if there are some, and none is whole.
   */
  async newest(plan: Plan, onDamaged: (error: unknown) => void): Promise<LocalRestore | undefined> {
    let damaged: unknown;
    for (const id of (await this.#ids()).reverse()) {
      const dir = join(this.#dir, this.#nameOf(id));
      try {
        const manifest = await readManifest(dir);
        for (const file of manifest.snapshots.flatMap(({ files }) => files)) await handleIn(dir, file, 0).read();
        return { checkpointId: id, restores: distribute(manifest, plan, (file, from) => handleIn(dir, file, from)) };
      } catch (error) {
        if (!(error instanceof StateDamagedError)) throw error;
        onDamaged((damaged = error)); // L2
      }
    }
    if (damaged !== undefined) throw damaged;
    return undefined;
  }

  /** The pipeline has come to its end: the next run begins at the start. */
  async clear(): Promise<void> {
    for (const id of await this.#ids()) await rm(join(this.#dir, this.#nameOf(id)), { recursive: true, force: true });
  }
}

async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, "manifest");
  const text = await readFile(path, "utf8").catch((error: unknown) => { throw new StateDamagedError(path, "it cannot be read", error); });
  const [hash, body = ""] = text.split("\n");
  if (hashOf(body) !== hash) throw new StateDamagedError(path, "its checksum is wrong");
  const manifest = JSON.parse(body) as Manifest;
  if (manifest.version !== version) throw new StateDamagedError(path, `its format is version ${manifest.version}, and this Sage reads version ${version}`);
  return manifest;
}

function handleIn(dir: string, { kind, sha256, name, inline }: SavedState, fromIndex: number) {
  return stateHandle({ kind, fromIndex, sha256 }, inline === undefined ? { path: join(dir, name) } : { inline: Buffer.from(inline as unknown as string, "base64") });
}

/** Bytes as base64. */
const asJson = (snapshot: NodeSnapshot): NodeSnapshot =>
  ({ ...snapshot, files: snapshot.files.map((file) => (file.inline ? { ...file, inline: Buffer.from(file.inline).toString("base64") as unknown as Uint8Array } : file)) });

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
