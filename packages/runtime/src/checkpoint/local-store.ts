// Checkpoints of pipelines that run in one process, in a folder: `<dir>/chk-<id>/` with a manifest and the files of state.
//
// Invariants:
//   L1. A checkpoint under its name is whole and on disk: its folder is filled, synced, and gets its name last.
//   L2. A checkpoint that is damaged is passed over for an older one, and its name is told.
//   L3. Each checkpoint is complete in itself: state that an earlier one has is a hard link to the same bytes.

import { createHash } from "node:crypto";
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "@sage/protocol/records";
import { distribute, type SavedCheckpoint } from "./distribute.ts";
import type { NodeSnapshot } from "./engine-checkpoints.ts";
import { StateDamagedError, StateVersionError } from "./errors.ts";
import { stateHandle, syncPath } from "./state-folder.ts";
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
  /** Paths of the last checkpoint's files, by their hash. */
  #kept: ReadonlyMap<string, string> = new Map();

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
    const files = snapshots.flatMap((snapshot) => snapshot.files);
    for (const sha256 of new Set(files.filter(({ earlier }) => earlier).map((file) => file.sha256))) await this.#link(sha256, join(staging, sha256)); // L3
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
    await syncPath(staging);
    await rename(staging, join(this.#dir, this.#nameOf(checkpointId)));
    await syncPath(this.#dir);
    this.#kept = pathsOf(files, join(this.#dir, this.#nameOf(checkpointId)));
    for (const id of (await this.#ids()).slice(0, -this.#keep)) await rm(join(this.#dir, this.#nameOf(id)), { recursive: true, force: true });
  }

  /** Of files that need not be written again. */
  get known(): ReadonlySet<string> {
    return new Set(this.#kept.keys());
  }

  async #link(sha256: string, to: string): Promise<void> {
    const from = this.#kept.get(sha256);
    if (from === undefined) throw new StateDamagedError(sha256, "no earlier checkpoint has it");
    await link(from, to).catch(() => copyFile(from, to).then(() => syncPath(to))); // a file system without links
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
   * @throws StateMismatchError, {@link StateVersionError}; {@link StateDamagedError} if there are some, and none is whole.
   */
  async newest(plan: Plan, onDamaged: (error: unknown) => void): Promise<LocalRestore | undefined> {
    let damaged: unknown;
    for (const id of (await this.#ids()).reverse()) {
      const dir = join(this.#dir, this.#nameOf(id));
      try {
        const manifest = await readManifest(dir);
        for (const file of manifest.snapshots.flatMap(({ files }) => files)) for await (const _ of handleIn(dir, file, 0).chunks()); // checks them
        this.#kept = pathsOf(manifest.snapshots.flatMap(({ files }) => files), dir);
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
  if (manifest.version !== version) throw new StateVersionError(path, manifest.version, version);
  return manifest;
}

const nameOf = ({ name, sha256 }: SavedState): string => name || sha256;

const pathsOf = (files: readonly SavedState[], dir: string): ReadonlyMap<string, string> =>
  new Map(files.filter(({ inline }) => inline === undefined).map((file) => [file.sha256, join(dir, nameOf(file))]));

function handleIn(dir: string, file: SavedState, fromIndex: number) {
  const { inline } = file;
  return stateHandle(file, fromIndex, inline === undefined ? { path: join(dir, nameOf(file)) } : { inline: Buffer.from(inline as unknown as string, "base64") });
}

/** Bytes as base64. */
const asJson = (snapshot: NodeSnapshot): NodeSnapshot =>
  ({ ...snapshot, files: snapshot.files.map((file) => (file.inline ? { ...file, inline: Buffer.from(file.inline).toString("base64") as unknown as Uint8Array } : file)) });

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
