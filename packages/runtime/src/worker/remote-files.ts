// The files of a worker that shares no disk with its daemon: fetched by hash, and sent when they are written.
//
// Invariants:
//   R1. What was fetched has the hash that it was asked for by: else there is no file.
//   R2. A file is fetched once; it lies in the worker's temporary folder, which goes with the worker.
//   R3. A snapshot's file counts as written when the daemon has it on its disk.
//   R4. A large file does not hold back the stream to the daemon: files have a connection of their own.

import { isSageError, withRetries } from "@sage/core";
import {
  callClientStream, callServerStream, downloadPurpose, uploadChunkBytes, uploadPurpose, clientOfBoot,
  type StateChunkInit, type WorkerBoot, type WorkersClient,
} from "@sage/protocol";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { StateDamagedError } from "../checkpoint/errors.ts";
import { FolderWriter } from "../checkpoint/state-folder.ts";
import type { SavedState, StateFacts, StateFileWriter, StateWriter } from "../checkpoint/state-part.ts";
import { FetchedFileError } from "./errors.ts";
import type { JobFiles, SnapshotFiles } from "./job-files.ts";
import type { OwnerOf } from "./own-proofs.ts";

/** The longest that one file may take, in milliseconds. */
const fileDeadlineMs = 600_000;
/** Tries for one file: the daemon may be restarted meanwhile. */
const attempts = 6;

type Door = "ArtifactDownload" | "StateDownload";

export class RemoteFiles implements JobFiles {
  readonly #boot: WorkerBoot;
  readonly #client: WorkersClient;
  readonly #ownerOf: OwnerOf;
  readonly #fetched = new Map<string, Promise<string>>();

  constructor(boot: WorkerBoot, ownerOf: OwnerOf) {
    this.#boot = boot;
    this.#ownerOf = ownerOf;
    this.#client = clientOfBoot(boot, { channel: { "grpc.use_local_subchannel_pool": 1 } }); // R4
  }

  artifact(path: string, hash: string, signal: AbortSignal): Promise<string> {
    return path === "" ? Promise.resolve("") : this.#once("ArtifactDownload", hash, signal);
  }

  state(_path: string, sha256: string): Promise<string> {
    return this.#once("StateDownload", sha256);
  }

  writer(snapshot: SnapshotFiles): StateWriter {
    const dir = join(this.#boot.tempDir, "snapshots");
    const local = new FolderWriter({ dir, prefix: snapshot.prefix, known: snapshot.known, isTemporary: true });
    return { file: (facts) => this.#sentFile(local.file(facts), dir, snapshot.checkpointId) };
  }

  /** R3 */
  async sync(): Promise<void> {}

  #sentFile(file: StateFileWriter, dir: string, checkpointId: number): StateFileWriter {
    return {
      append: (bytes) => file.append(bytes),
      finish: async () => {
        const saved = await file.finish();
        if (saved.name === "") return saved;
        try {
          await this.#send(join(dir, saved.name), saved, checkpointId);
        } finally {
          await rm(join(dir, saved.name), { force: true });
        }
        return saved;
      },
    };
  }

  async #send(path: string, { name, sha256, bytes }: SavedState & StateFacts, checkpointId: number): Promise<void> {
    const first: StateChunkInit = { owner: this.#ownerOf(uploadPurpose(checkpointId, name, sha256)), checkpointId, name, sha256, bytes };
    async function* messages(): AsyncGenerator<StateChunkInit, void, undefined> {
      yield first;
      for await (const data of createReadStream(path, { highWaterMark: uploadChunkBytes })) yield { data: data as Buffer };
    }
    await callClientStream(this.#client, "StateUpload", messages(), { deadlineMs: fileDeadlineMs });
  }

  /** R2 */
  #once(door: Door, sha256: string, signal?: AbortSignal): Promise<string> {
    let fetched = this.#fetched.get(sha256);
    if (fetched === undefined) {
      fetched = withRetries(() => this.#fetch(door, sha256, signal), {
        attempts, baseMs: 200, retryIf: (error) => isSageError(error) && error.retryable, ...(signal ? { signal } : {}),
      });
      this.#fetched.set(sha256, fetched);
      fetched.catch(() => this.#fetched.delete(sha256));
    }
    return fetched;
  }

  async #fetch(door: Door, sha256: string, signal?: AbortSignal): Promise<string> {
    const dir = join(this.#boot.tempDir, "fetched");
    const path = join(dir, sha256);
    const aside = join(dir, `${randomUUID()}.part`);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const hash = createHash("sha256");
    const file = await open(aside, "wx", 0o600);
    try {
      const chunks = callServerStream(this.#client, door, { owner: this.#ownerOf(downloadPurpose(door, sha256)), sha256 }, { deadlineMs: fileDeadlineMs, ...(signal ? { signal } : {}) });
      for await (const { data } of chunks) {
        hash.update(data);
        await file.writeFile(data);
      }
      const actual = hash.digest("hex");
      if (actual !== sha256) throw door === "StateDownload" ? new StateDamagedError(sha256, "its checksum is wrong") : new FetchedFileError(sha256, actual); // R1
      await rename(aside, path);
      return path;
    } finally {
      await file.close();
      await rm(aside, { force: true });
    }
  }
}
