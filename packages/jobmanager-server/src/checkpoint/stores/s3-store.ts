// Checkpoints at an S3-compatible server, `s3://bucket/prefix/<job>/…`, with a copy on the daemon's own disk.
//
// Invariants:
//   S1. A checkpoint is at the server when its manifest is, which is written last: all its files are there before.
//   S2. Files are kept by hash, once per job: what has not changed is not sent again. A file goes with the last manifest
//       that names it.
//   S3. Restoring needs nothing of this disk: what is missing or damaged here is fetched, and checked by its hash.
//   S4. What changes the objects of one job follows one another.
//   S5. Tidying up holds nobody back: it goes on behind, one job after another, and what fails is tidied at the next start.

import { isSageError } from "@sage/core";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointDamagedError } from "../../errors.ts";
import type { CheckpointStore } from "../checkpoint-store.ts";
import { encodeManifest, parseManifest, type Manifest } from "../manifest.ts";
import { ObjectStoreError, type S3Objects } from "./s3-objects.ts";

export interface S3StoreOptions {
  readonly objects: S3Objects;
  readonly bucket: string;
  readonly prefix: string;
  /** Keeps staging folders, and the copies. */
  readonly local: CheckpointStore;
  readonly onTidyFailed: (jobId: string, error: unknown) => void;
}

export function s3Store({ objects, bucket, prefix, local, onTidyFailed }: S3StoreOptions): CheckpointStore {
  const keyOf = (...parts: string[]): string => [prefix, ...parts].filter((part) => part !== "").join("/");
  const root = `s3://${bucket}/`;
  const isMine = (path: string): boolean => path.startsWith(root);
  const fileKey = (jobId: string, sha256: string): string => keyOf(jobId, "files", sha256);
  const jobOf = (path: string): string => path.split("/").at(-2) ?? "";
  /** The copy of a checkpoint on this disk. */
  const copyOf = (path: string): string => {
    const [kind = "", id = ""] = (path.split("/").at(-1) ?? "").split("-");
    return local.pathOf(jobOf(path), kind === "sp" ? "savepoint" : "checkpoint", Number(id));
  };
  /** Files that manifests name, by the manifests' keys; of jobs that were looked at. */
  const named = new Map<string, Map<string, ReadonlySet<string>>>();
  const turns = new Map<string, Promise<unknown>>();

  function inTurn<T>(jobId: string, work: () => Promise<T>): Promise<T> { // S4
    const done = (turns.get(jobId) ?? Promise.resolve()).then(work);
    const over = done.catch(() => {}).then(() => { if (turns.get(jobId) === over) turns.delete(jobId); });
    turns.set(jobId, over);
    return done;
  }

  let tidying: Promise<unknown> = Promise.resolve();
  function tidy(jobId: string, work: () => Promise<void>): void { // S5
    tidying = tidying.then(() => inTurn(jobId, work)).catch((error: unknown) => onTidyFailed(jobId, error));
  }

  async function manifestsOf(jobId: string): Promise<Map<string, ReadonlySet<string>>> {
    const known = named.get(jobId);
    if (known) return known;
    const found = new Map<string, ReadonlySet<string>>();
    for (const key of await objects.list(`${keyOf(jobId)}/`)) {
      if (key.endsWith("/manifest")) found.set(key, filesOf(parseManifest(await objects.getText(key), key)));
    }
    named.set(jobId, found);
    return found;
  }

  async function upload(manifest: Manifest, copy: string, key: string): Promise<void> {
    const manifests = await manifestsOf(manifest.jobId);
    const there = new Set([...manifests.values()].flatMap((files) => [...files]));
    const sizes = new Map(manifest.tasks.flatMap(({ files }) => files).map(({ sha256, bytes }) => [sha256, bytes]));
    for (const sha256 of filesOf(manifest)) {
      if (!there.has(sha256)) await objects.putFile(fileKey(manifest.jobId, sha256), local.filePath(copy, sha256), sha256, sizes.get(sha256) ?? 0); // S2
    }
    await objects.putText(key, encodeManifest(manifest)); // S1
    manifests.set(key, filesOf(manifest));
  }

  async function remove(jobId: string, gone: (key: string) => boolean): Promise<void> {
    const manifests = await manifestsOf(jobId);
    const before = new Set([...manifests.values()].flatMap((files) => [...files]));
    for (const key of [...manifests.keys()].filter(gone)) {
      await objects.delete(key);
      manifests.delete(key);
    }
    const left = new Set([...manifests.values()].flatMap((files) => [...files]));
    for (const sha256 of before) if (!left.has(sha256)) await objects.delete(fileKey(jobId, sha256));
  }

  async function fetchAll(path: string): Promise<Manifest> {
    const key = path.slice(root.length);
    const text = await objects.getText(`${key}/manifest`).catch((error: unknown) => {
      throw error instanceof ObjectStoreError && error.status === 404 ? new CheckpointDamagedError(path, "it is not there", error) : error;
    });
    const manifest = parseManifest(text, path);
    const copy = copyOf(path);
    const filling = `${copy}.part`;
    await rm(filling, { recursive: true, force: true });
    await mkdir(filling, { recursive: true, mode: 0o700 });
    const files = key.split("/").slice(0, -1).join("/");
    for (const sha256 of filesOf(manifest)) {
      await objects.getFile(`${files}/files/${sha256}`, join(filling, sha256), sha256).catch((error: unknown) => {
        throw error instanceof ObjectStoreError && error.status === 404 ? new CheckpointDamagedError(path, `${sha256} is missing`, error) : error;
      });
    }
    await local.adopt(filling, copy, manifest);
    return manifest;
  }

  const manifestKey = (path: string): string => `${path.slice(root.length)}/manifest`;
  return {
    openStaging: (jobId, attempt) => local.openStaging(jobId, attempt),
    stagingDir: (jobId, attempt) => local.stagingDir(jobId, attempt),
    dropStaging: (jobId, attempt) => local.dropStaging(jobId, attempt),
    adopt: (from, path, manifest) => local.adopt(from, path, manifest),
    pathOf: (jobId, kind, checkpointId) => root + keyOf(jobId, local.pathOf(jobId, kind, checkpointId).split("/").at(-1)!),
    filePath: (path, sha256) => local.filePath(isMine(path) ? copyOf(path) : path, sha256),
    async commit(manifest, tasks, restored) {
      const { path: copy } = await local.commit(manifest, tasks, restored);
      const path = this.pathOf(manifest.jobId, manifest.kind, manifest.checkpointId);
      try {
        await inTurn(manifest.jobId, () => upload(manifest, copy, manifestKey(path)));
        return { path };
      } catch (error) {
        await local.delete(copy);
        throw error;
      }
    },
    async open(path) {
      if (!isMine(path)) return local.open(path); // of a time without this store
      try {
        return await local.open(copyOf(path));
      } catch (error) {
        if (!isSageError(error) || error.code !== "SAGE_CHECKPOINT_DAMAGED") throw error;
        return fetchAll(path); // S3
      }
    },
    async delete(path) {
      if (!isMine(path)) return local.delete(path);
      const key = manifestKey(path);
      tidy(jobOf(path), () => remove(jobOf(path), (each) => each === key));
      await local.delete(copyOf(path));
    },
    async sweep(jobId, keep, attempt) {
      const kept = new Set(keep.filter(isMine).map(manifestKey));
      await local.sweep(jobId, keep.map((path) => (isMine(path) ? copyOf(path) : path)), attempt);
      tidy(jobId, async () => {
        await remove(jobId, (key) => !kept.has(key));
        const left = new Set([...(await manifestsOf(jobId)).values()].flatMap((files) => [...files].map((sha256) => fileKey(jobId, sha256))));
        for (const key of await objects.list(`${keyOf(jobId, "files")}/`)) if (!left.has(key)) await objects.delete(key); // of an upload that broke off
      });
    },
    async deleteJob(jobId) {
      tidy(jobId, async () => {
        const keys = await objects.list(`${keyOf(jobId)}/`);
        for (const key of keys.toSorted((a, b) => Number(b.endsWith("/manifest")) - Number(a.endsWith("/manifest")))) await objects.delete(key);
        named.delete(jobId);
      });
      await local.deleteJob(jobId);
    },
  };
}

const filesOf = ({ tasks }: Manifest): ReadonlySet<string> =>
  new Set(tasks.flatMap(({ files }) => files.filter(({ inline, bytes }) => inline === undefined && bytes > 0).map(({ sha256 }) => sha256)));
