// Where a worker finds the files of its job and leaves those of its snapshots.
//
// Two answers: the disk that it shares with its daemon, here; or its own, with the daemon's doors (remote-files.ts).

import type { WorkerBoot } from "@sage/protocol";
import { FolderWriter, syncPath } from "../checkpoint/state-folder.ts";
import type { StateWriter } from "../checkpoint/state-part.ts";
import { ownProofs } from "./own-proofs.ts";
import { RemoteFiles } from "./remote-files.ts";

/** Of one snapshot of one task. */
export interface SnapshotFiles {
  /** Of the attempt, on the daemon's host. */
  readonly stagingDir: string;
  readonly checkpointId: number;
  /** In front of every file's name; unique per checkpoint, operator and instance. */
  readonly prefix: string;
  /** Hashes that the store has. */
  readonly known: ReadonlySet<string>;
}

export interface JobFiles {
  /** The path on this host of what the daemon calls `path`. `hash` is checked by whoever reads it, if it was not fetched. */
  artifact(path: string, hash: string, signal: AbortSignal): Promise<string>;
  /** The same of a file of state. */
  state(path: string, sha256: string): Promise<string>;
  writer(snapshot: SnapshotFiles): StateWriter;
  /** Makes durable what the writers of a snapshot have left. */
  sync(stagingDir: string): Promise<void>;
}

export const sharedFiles: JobFiles = {
  artifact: (path) => Promise.resolve(path),
  state: (path) => Promise.resolve(path),
  writer: ({ stagingDir, prefix, known }) => new FolderWriter({ dir: stagingDir, prefix, known }),
  sync: syncPath,
};

/** What `boot` says of the disk. The result's connection ends with the process. @param daemonNonce - of the link to the daemon. */
export const jobFiles = (boot: WorkerBoot, daemonNonce: Uint8Array): JobFiles => (boot.sharesDisk === false ? new RemoteFiles(boot, ownProofs(boot, daemonNonce)) : sharedFiles);
