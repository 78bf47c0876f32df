// Brings artifacts to the daemon: only those it lacks, in chunks, again after a broken connection.

import { withRetries } from "@sage/core";
import { callClientStream, callUnary, uploadChunkBytes, type ArtifactChunkInit, type JobsClient } from "@sage/protocol";
import type { Artifact } from "./artifact.ts";
import { retryOptions, type CallSettings } from "./call-settings.ts";

/** The slowest line an upload is given time for. */
const slowestBytesPerMs = 50;

export async function uploadMissing(client: JobsClient, artifacts: readonly Artifact[], call: CallSettings): Promise<void> {
  const byHash = new Map(artifacts.map((artifact) => [artifact.hash, artifact]));
  if (byHash.size === 0) return;
  const missing = await withRetries(() => callUnary(client, "MissingArtifacts", { hashes: [...byHash.keys()] }, call), retryOptions(call.signal));
  for (const hash of missing.hashes) {
    const artifact = byHash.get(hash);
    if (artifact) await upload(client, artifact, call);
  }
}

function upload(client: JobsClient, artifact: Artifact, call: CallSettings): Promise<unknown> {
  const deadlineMs = call.deadlineMs + Math.ceil(artifact.sizeBytes / slowestBytesPerMs);
  return withRetries(() => callClientStream(client, "UploadArtifact", chunksOf(artifact), { ...call, deadlineMs }), retryOptions(call.signal));
}

/** The announcement, then the bytes in chunks of at most 1 MiB. */
export function* chunksOf({ hash, sizeBytes, parts }: Artifact): Generator<ArtifactChunkInit, void, undefined> {
  yield { hash, size: sizeBytes };
  for (const part of parts()) {
    for (let at = 0; at < part.byteLength; at += uploadChunkBytes) {
      const end = Math.min(at + uploadChunkBytes, part.byteLength);
      yield { data: Buffer.from(part.buffer, part.byteOffset + at, end - at) };
    }
  }
}
