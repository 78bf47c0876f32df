// The manifest of a checkpoint: which file holds the state of which task, and what program it belongs to.
//
// Format: two lines, the sha256 of the second and the second, which is JSON. A manifest that was cut or changed is refused.

import type { StateFile, TaskSnapshot } from "@sage/protocol";
import { createHash } from "node:crypto";
import { CheckpointDamagedError, CheckpointVersionError } from "../errors.ts";

export const manifestVersion = 1;

export type CheckpointKind = "checkpoint" | "savepoint";

export type ManifestFile = Omit<StateFile, "inline" | "name" | "earlier"> & {
  /** Base64; absent: the bytes are in the file named by `sha256`. */
  readonly inline?: string;
};

export type ManifestTask = Pick<TaskSnapshot, "nodeId" | "index" | "finished" | "schema" | "stateBytes"> & { readonly files: readonly ManifestFile[] };

export interface ManifestOperator {
  readonly nodeId: string;
  readonly name: string;
  readonly kind: string;
  readonly parallelism: number;
  readonly fingerprint: string;
}

export interface Manifest {
  readonly version: typeof manifestVersion;
  readonly jobId: string;
  readonly checkpointId: number;
  readonly attempt: number;
  readonly kind: CheckpointKind;
  readonly takenAtMs: number;
  /** Of the plan that ran. */
  readonly fingerprint: string;
  readonly maxParallelism: number;
  readonly operators: readonly ManifestOperator[];
  readonly tasks: readonly ManifestTask[];
}

export function toManifestTask({ nodeId, index, finished, schema, stateBytes, files }: TaskSnapshot): ManifestTask {
  return { nodeId, index, finished, schema, stateBytes, files: files.map(toManifestFile) };
}

function toManifestFile({ sha256, bytes, kind, spread, keyGroupFrom, keyGroupTo, inline, name }: StateFile): ManifestFile {
  const isInline = name === "" && inline.length > 0;
  return { sha256, bytes, kind, spread, keyGroupFrom, keyGroupTo, ...(isInline ? { inline: Buffer.from(inline).toString("base64") } : {}) };
}

export function encodeManifest(manifest: Manifest): string {
  const body = JSON.stringify(manifest);
  return `${hashOf(body)}\n${body}\n`;
}

/** @param path - for the error. @throws CheckpointDamagedError, CheckpointVersionError */
export function parseManifest(text: string, path: string): Manifest {
  const [hash, body = ""] = text.split("\n");
  if (hashOf(body) !== hash) throw new CheckpointDamagedError(path, "its checksum is wrong");
  const manifest = JSON.parse(body) as Manifest;
  if (manifest.version !== manifestVersion) throw new CheckpointVersionError(path, manifest.version, manifestVersion);
  return manifest;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
