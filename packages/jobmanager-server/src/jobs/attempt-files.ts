// What an attempt's workers may fetch and leave when they share no disk with the daemon.
//
// Invariants:
//   A1. Only what the attempt was told of is given out: the files of its program, and the state that it restores.
//   A2. Snapshots are taken for the checkpoint that runs, and for no other.
//   A3. A file that was received has the hash and the size that it was said to have, and is on disk under its name
//       before anybody is told; half a file never has a name.

import type { DeployInit, StateChunkInit } from "@sage/protocol";
import { uploadChunkBytes } from "@sage/protocol";
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RestorePlan } from "../checkpoint/restore.ts";
import { isStateFileName } from "../checkpoint/state-file-name.ts";
import { CheckpointDamagedError, StateRefusedError } from "../errors.ts";
import { syncDir, writeChecked, type ExpectedFile } from "../store/checked-file.ts";

/** No state file is larger, in bytes. */
const largestFileBytes = 64 * 1024 ** 3;

export interface IncomingFile extends ExpectedFile {
  readonly checkpointId: number;
  readonly name: string;
}

export interface AttemptFiles {
  /** The bytes of a file that Deploy names. @throws {@link StateRefusedError} */
  artifact(sha256: string): AsyncIterable<StateChunkInit>;
  /** The bytes of a file that Restore names. @throws {@link StateRefusedError}, CheckpointDamagedError if it is gone */
  state(sha256: string): AsyncIterable<StateChunkInit>;
  /** Keeps a file of a snapshot. @throws {@link StateRefusedError}; nothing of it is left then. */
  receive(file: IncomingFile, chunks: AsyncIterable<Uint8Array>): Promise<{ readonly name: string }>;
}

interface Told {
  readonly deploy: Pick<DeployInit, "bundlePath" | "bundleHash" | "sourceMapPath" | "sourceMapHash" | "dataPaths" | "dataHashes">;
  readonly restore?: RestorePlan;
  readonly stagingDir: string;
}

export function attemptFiles({ deploy, restore, stagingDir }: Told, isTaking: (checkpointId: number) => boolean): AttemptFiles {
  const artifacts = artifactsOf(deploy);
  return {
    async *artifact(sha256) {
      const path = artifacts.get(sha256);
      if (!path) throw new StateRefusedError("no file of the job has this hash"); // A1
      yield* bytesOf(path);
    },
    async *state(sha256) {
      const path = restore?.pathOf(sha256);
      if (!path) throw new StateRefusedError("no state that the attempt restores has this hash"); // A1
      yield* bytesOf(path);
    },
    async receive(file, chunks) {
      if (!isTaking(file.checkpointId)) throw new StateRefusedError(`checkpoint ${file.checkpointId} is not being taken`); // A2
      if (!isStateFileName(file.name)) throw new StateRefusedError("its name is none for a state file");
      if (file.bytes > largestFileBytes) throw new StateRefusedError(`it has ${file.bytes} bytes; at most ${largestFileBytes} are taken`);
      await keep(stagingDir, file, chunks);
      return { name: file.name };
    },
  };
}

function artifactsOf({ bundleHash, bundlePath, sourceMapHash, sourceMapPath, dataHashes, dataPaths }: Told["deploy"]): ReadonlyMap<string, string> {
  const data = Object.entries(dataHashes ?? {}).map(([nodeId, hash]): [string, string] => [hash, dataPaths?.[nodeId] ?? ""]);
  return new Map([[bundleHash ?? "", bundlePath ?? ""], [sourceMapHash ?? "", sourceMapPath ?? ""], ...data]);
}

async function* bytesOf(path: string): AsyncGenerator<StateChunkInit, void, undefined> {
  try {
    for await (const data of createReadStream(path, { highWaterMark: uploadChunkBytes })) yield { data: data as Buffer };
  } catch (error) {
    throw new CheckpointDamagedError(path, "it cannot be read", error);
  }
}

/** A3 */
async function keep(dir: string, { name, ...expected }: IncomingFile, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const aside = join(dir, `${randomUUID()}.part`);
  try {
    await writeChecked(aside, expected, chunks, (why) => new StateRefusedError(why));
    await rename(aside, join(dir, name));
    await syncDir(dir);
  } finally {
    await rm(aside, { force: true });
  }
}
