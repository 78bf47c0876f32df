// Where checkpoints are kept, as a port. What `commit` has resolved for survives the end of the process and of the host.

import type { TaskSnapshot } from "@sage/protocol";
import type { Manifest } from "./manifest.ts";

export interface StoredCheckpoint {
  /** Where it is, as people and `submit --from` name it. */
  readonly path: string;
}

/** The path of a file by its sha256; undefined if there is none. */
export type RestoredFiles = (sha256: string) => string | undefined;

export interface CheckpointStore {
  /** An empty folder into which the workers of this attempt write. */
  openStaging(jobId: string, attempt: number): Promise<string>;
  /** The folder that `openStaging` has made. */
  stagingDir(jobId: string, attempt: number): string;
  /** Drops what an attempt has staged and nobody has committed. */
  dropStaging(jobId: string, attempt: number): Promise<void>;
  /**
   * Keeps a checkpoint: all of it, or nothing.
   *
   * @param tasks - as acknowledged; their files are in the attempt's staging folder, `earlier` ones in an older checkpoint.
   * @param restored - where a file lies that the attempt began with: of another job's savepoint, or of an older store.
   * @throws CheckpointDamagedError if a file is missing or has another size.
   */
  commit(manifest: Manifest, tasks: readonly TaskSnapshot[], restored?: RestoredFiles): Promise<StoredCheckpoint>;
  /** Makes a checkpoint of a folder whose files came from elsewhere: writes its manifest, and gives it its name. */
  adopt(from: string, path: string, manifest: Manifest): Promise<void>;
  /** The manifest, all of whose files are there with their size. @throws CheckpointDamagedError, CheckpointVersionError */
  open(path: string): Promise<Manifest>;
  /** Where a state file of a checkpoint lies on this host. */
  filePath(path: string, sha256: string): string;
  pathOf(jobId: string, kind: string, checkpointId: number): string;
  delete(path: string): Promise<void>;
  /** Removes every checkpoint of the job that is not in `keep`, and what attempts but this one have staged. */
  sweep(jobId: string, keep: readonly string[], attempt: number): Promise<void>;
  /** Removes all that is kept of a job. */
  deleteJob(jobId: string): Promise<void>;
}
