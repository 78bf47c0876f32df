// Checkpoints in a directory: `<root>/<job>/chk-<id>/` with a manifest and files named by their sha256.
//
// Invariants:
//   D1. A checkpoint under its name is whole and on disk: the folder is filled, fsynced, and gets its name last.
//   D2. Every checkpoint is complete in itself: state that has not changed is a hard link to the same bytes, so removing
//       one checkpoint never harms another.
//   D3. Names are checked before they meet a path: what a worker calls a file cannot leave its staging folder.

import type { TaskSnapshot } from "@sage/protocol";
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CheckpointDamagedError } from "../../errors.ts";
import { failpoint } from "../../failpoint.ts";
import { syncDir } from "../../store/checked-file.ts";
import type { CheckpointStore, RestoredFiles } from "../checkpoint-store.ts";
import { isStateFileName } from "../state-file-name.ts";
import { encodeManifest, parseManifest, type Manifest, type ManifestFile } from "../manifest.ts";

const manifestName = "manifest";
const hashPattern = /^[0-9a-f]{64}$/;

/** @param root - made with the first checkpoint, mode 0700. */
export function directoryStore(root: string): CheckpointStore {
  const jobDir = (jobId: string) => join(root, jobId);
  /** Jobs whose folder's name is on disk. */
  const named = new Set<string>();
  const stagingDir = (jobId: string, attempt: number) => join(jobDir(jobId), `staging-${attempt}`);
  const pathOf = (jobId: string, kind: string, checkpointId: number) =>
    join(jobDir(jobId), `${kind === "savepoint" ? "sp" : "chk"}-${String(checkpointId).padStart(6, "0")}`);
  return {
    pathOf,
    stagingDir,
    filePath: (path, sha256) => join(path, checkedHash(sha256, path)),
    async openStaging(jobId, attempt) {
      const dir = stagingDir(jobId, attempt);
      await rm(dir, { recursive: true, force: true });
      await mkdir(dir, { recursive: true, mode: 0o700 });
      return dir;
    },
    dropStaging: (jobId, attempt) => rm(stagingDir(jobId, attempt), { recursive: true, force: true }),
    async commit(manifest, tasks, restored = () => undefined) {
      const { jobId, attempt, kind, checkpointId } = manifest;
      const path = pathOf(jobId, kind, checkpointId);
      const filling = `${path}.part`;
      await rm(filling, { recursive: true, force: true });
      await mkdir(filling, { recursive: true, mode: 0o700 });
      await takeFiles(tasks, { staging: stagingDir(jobId, attempt), filling, jobDir: jobDir(jobId), restored });
      await finish(filling, path, manifest);
      if (!named.has(jobId)) await syncDir(root); // the job's folder, too
      named.add(jobId);
      return { path };
    },
    async adopt(from, path, manifest) {
      await rm(path, { recursive: true, force: true }); // what was there was not whole
      await finish(from, path, manifest);
    },
    async open(path) {
      const manifest = await readManifest(path);
      for (const file of manifest.tasks.flatMap((task) => task.files)) await checkFile(path, file);
      return manifest;
    },
    delete: (path) => rm(path, { recursive: true, force: true }),
    async sweep(jobId, keep, attempt) {
      for (const name of await readdir(jobDir(jobId)).catch(() => [])) {
        const path = join(jobDir(jobId), name);
        if (!keep.includes(path) && path !== stagingDir(jobId, attempt)) await rm(path, { recursive: true, force: true });
      }
    },
    async deleteJob(jobId) {
      named.delete(jobId);
      await rm(jobDir(jobId), { recursive: true, force: true });
    },
  };
}

/** D1 */
async function finish(filling: string, path: string, manifest: Manifest): Promise<void> {
  await writeSynced(join(filling, manifestName), encodeManifest(manifest));
  await syncDir(filling);
  await failpoint("checkpoint.before-rename");
  await rename(filling, path);
  await failpoint("checkpoint.after-rename");
  await syncDir(dirname(path));
}

interface Folders {
  readonly staging: string;
  readonly filling: string;
  readonly jobDir: string;
  readonly restored: RestoredFiles;
}

async function takeFiles(tasks: readonly TaskSnapshot[], { staging, filling, jobDir, restored }: Folders): Promise<void> {
  const taken = new Set<string>();
  let checkpoints: readonly string[] | undefined;
  for (const { name, sha256, bytes, earlier } of tasks.flatMap((task) => task.files)) {
    if (name === "" && !earlier) continue; // inline
    const to = join(filling, checkedHash(sha256, filling));
    if (taken.has(sha256)) continue;
    taken.add(sha256);
    if (earlier) await linkEarlier((checkpoints ??= await checkpointsIn(jobDir)), sha256, to, restored);
    else await rename(join(staging, checkedName(name)), to).catch((error: unknown) => { throw new CheckpointDamagedError(join(staging, name), "a worker's state file is missing", error); });
    await checkSize(to, bytes);
  }
}

/** From newest to oldest. */
async function checkpointsIn(jobDir: string): Promise<readonly string[]> {
  const names = (await readdir(jobDir)).filter((name) => /^(chk|sp)-\d+$/.test(name));
  return names.sort((a, b) => Number(b.split("-")[1]) - Number(a.split("-")[1])).map((name) => join(jobDir, name));
}

/** The newest checkpoint that has the file gives it, or the one that the attempt began with. */
async function linkEarlier(checkpoints: readonly string[], sha256: string, to: string, restored: RestoredFiles): Promise<void> {
  const began = restored(sha256);
  for (const from of [...checkpoints.map((path) => join(path, sha256)), ...(began === undefined ? [] : [began])]) {
    if (!(await isFile(from))) continue;
    await link(from, to).catch(() => copySynced(from, to)); // another file system, or one without links
    return;
  }
  throw new CheckpointDamagedError(to, "no earlier checkpoint has it");
}

async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await syncDir(to); // a file's bytes in the same way
}

async function readManifest(path: string): Promise<Manifest> {
  const file = join(path, manifestName);
  const text = await readFile(file, "utf8").catch((error: unknown) => { throw new CheckpointDamagedError(file, "it cannot be read", error); });
  return parseManifest(text, file);
}

async function checkFile(path: string, file: ManifestFile): Promise<void> {
  if (file.inline === undefined && file.bytes > 0) await checkSize(join(path, checkedHash(file.sha256, path)), file.bytes);
}

async function checkSize(path: string, bytes: number): Promise<void> {
  const size = await stat(path).then((stats) => stats.size, () => undefined);
  if (size === undefined) throw new CheckpointDamagedError(path, "it is missing");
  if (size !== bytes) throw new CheckpointDamagedError(path, `it has ${size} bytes, not ${bytes}`);
}

function checkedHash(sha256: string, path: string): string {
  if (!hashPattern.test(sha256)) throw new CheckpointDamagedError(path, "a file in it is not named by a sha256");
  return sha256;
}

function checkedName(name: string): string {
  if (!isStateFileName(name)) throw new CheckpointDamagedError(JSON.stringify(name.slice(0, 80)), "a worker gave a state file this name");
  return name;
}

const isFile = (path: string): Promise<boolean> => stat(path).then((stats) => stats.isFile(), () => false);

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
