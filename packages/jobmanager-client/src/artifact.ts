// Bytes that the daemon keeps by their sha256: programs, source maps, records shipped as data.

import { createHash } from "node:crypto";
import { recordFileOf } from "@sage/protocol";

export interface Artifact {
  /** sha256 in hex. */
  readonly hash: string;
  readonly sizeBytes: number;
  /** The bytes, anew on each call. */
  readonly parts: () => Iterable<Uint8Array>;
}

export function bytesArtifact(bytes: Uint8Array, hash = createHash("sha256").update(bytes).digest("hex")): Artifact {
  return { hash, sizeBytes: bytes.byteLength, parts: () => [bytes] };
}

/** Encoded records are kept up to this size; more are encoded a second time when the daemon wants them. */
const keptBytes = 16 * 1024 * 1024;

/**
 * Records as an artifact, in the format of `recordFileOf`. They must not change until they are uploaded.
 *
 * @throws UnserializableError naming the path of what cannot be sent.
 */
export function recordsArtifact(records: readonly unknown[]): Artifact {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let kept: Uint8Array[] | undefined = [];
  for (const part of recordFileOf(records)) {
    hash.update(part);
    sizeBytes += part.byteLength;
    if (sizeBytes > keptBytes) kept = undefined;
    kept?.push(part);
  }
  return { hash: hash.digest("hex"), sizeBytes, parts: () => kept ?? recordFileOf(records) };
}
