// Files by their sha256: bundles, source maps, records shipped with a job.
//
// Invariants:
//   A1. A file under its hash is whole, has that hash, and is on disk: it gets its name last, after fsync.
//   A2. Names are checked to be hashes before they meet a path.
//   A3. What somebody has asked for, or uploaded, since `olderThanMs` is not pruned: a submission may be about to name it.
//   A4. What has changed on disk since it was uploaded counts as missing, until it is uploaded again.

import { createHash, randomUUID } from "node:crypto";
import { createReadStream, unlinkSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ArtifactTooLargeError, InvalidArtifactError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { syncDir, writeChecked } from "./checked-file.ts";

const defaultMaxArtifactBytes = 512 * 1024 * 1024;

export interface ArtifactStore {
  /** Where an artifact of this hash is, or would be. @throws {@link InvalidArtifactError} */
  pathOf(hash: string): string;
  /** Where the artifact is, if the store has it whole. @throws {@link InvalidArtifactError} if `hash` is no sha256 in hex. */
  find(hash: string): Promise<string | undefined>;
  /**
   * Keeps what `chunks` give; known artifacts are not read.
   *
   * @throws {@link InvalidArtifactError} if size or hash differ, {@link ArtifactTooLargeError} before more than the limit is written.
   */
  put(hash: string, sizeBytes: number, chunks: AsyncIterable<Uint8Array>): Promise<{ readonly alreadyKnown: boolean }>;
  /**
   * Removes artifacts that are not in `keep`, and that nobody has uploaded or asked for in the last `olderThanMs`.
   *
   * @returns what was removed.
   */
  prune(keep: ReadonlySet<string>, olderThanMs: number): Promise<{ readonly files: number; readonly bytes: number }>;
}

const hashPattern = /^[0-9a-f]{64}$/;

export const isArtifactHash = (text: string): boolean => hashPattern.test(text);

/** Opens the store in `dir`, which is made if it is missing; what an earlier process had half uploaded is removed. */
export async function openArtifactStore(dir: string, maxBytes = defaultMaxArtifactBytes): Promise<ArtifactStore> {
  const incoming = join(dir, "incoming");
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  for (const name of await readdir(incoming)) await rm(join(incoming, name), { force: true });

  /** When an artifact was last asked for, in milliseconds since the epoch. */
  const asked = new Map<string, number>();
  /** A4: as they were when their bytes were last looked at. */
  const whole = new Map<string, string>();
  const find = async (hash: string): Promise<string | undefined> => {
    const path = pathOf(dir, hash);
    asked.set(hash, Date.now()); // A3: before it is looked for
    const stats = await stat(path).catch(() => undefined);
    if (!stats?.isFile()) return undefined;
    const version = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
    if (whole.get(hash) !== version && (await hashOfFile(path)) !== hash) return undefined;
    whole.set(hash, version);
    return path;
  };
  return {
    find,
    pathOf: (hash) => pathOf(dir, hash),
    async put(hash, sizeBytes, chunks) {
      if (await find(hash)) return { alreadyKnown: true };
      if (sizeBytes > maxBytes) throw new ArtifactTooLargeError(sizeBytes, maxBytes);
      const temporary = join(incoming, randomUUID());
      try {
        await writeChecked(temporary, { sha256: hash, bytes: sizeBytes }, chunks, (why) => new InvalidArtifactError(why));
        await failpoint("upload.written");
        await moveInto(temporary, pathOf(dir, hash));
        await failpoint("upload.moved");
      } finally {
        await rm(temporary, { force: true });
      }
      return { alreadyKnown: false };
    },
    async prune(keep, olderThanMs) {
      const before = Date.now() - olderThanMs;
      for (const [hash, atMs] of asked) if (atMs < before) asked.delete(hash);
      let [files, bytes] = [0, 0];
      for await (const { hash, path } of artifactsIn(dir)) {
        const stats = keep.has(hash) ? undefined : await stat(path).catch(() => undefined);
        if (stats === undefined || stats.mtimeMs >= before || asked.has(hash)) continue;
        unlinkSync(path); // in one turn with the look into `asked`
        files++;
        bytes += stats.size;
      }
      return { files, bytes };
    },
  };
}

async function* artifactsIn(dir: string): AsyncGenerator<{ readonly hash: string; readonly path: string }, void, undefined> {
  for (const folder of await readdir(dir)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const hash of await readdir(join(dir, folder))) if (isArtifactHash(hash)) yield { hash, path: join(dir, folder, hash) };
  }
}

function pathOf(dir: string, hash: string): string {
  if (!isArtifactHash(hash)) throw new InvalidArtifactError("its name is not a sha256 in lower-case hex");
  return join(dir, hash.slice(0, 2), hash);
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function moveInto(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  for (const dir of [dirname(to), dirname(dirname(to))]) await syncDir(dir);
}
