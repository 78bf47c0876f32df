import type { TaskSnapshot } from "@sage/protocol";
import { createHash, randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startS3Server, type S3Server } from "../../testing/s3-server.ts";
import { makeTempDir } from "../../testing/test-daemon.ts";
import type { CheckpointStore } from "../checkpoint-store.ts";
import { manifestVersion, toManifestTask, type Manifest } from "../manifest.ts";
import { directoryStore } from "./directory-store.ts";
import { S3Objects } from "./s3-objects.ts";
import { s3Settings, type S3Settings } from "./s3-settings.ts";
import { s3Store } from "./s3-store.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function storeAt(settings: S3Settings, dir: string): { store: CheckpointStore; objects: S3Objects } {
  const objects = new S3Objects(settings);
  return { objects, store: s3Store({ objects, bucket: settings.bucket, prefix: settings.prefix, local: directoryStore(dir), onTidyFailed: (_jobId, error) => { throw error; } }) };
}

/** A checkpoint of one task whose files have these texts; those in `earlier` are said to be in the store. */
async function commit(store: CheckpointStore, checkpointId: number, texts: readonly string[], earlier: readonly string[] = []): Promise<string> {
  const staging = store.stagingDir("job", 1);
  if (checkpointId === 1) await store.openStaging("job", 1);
  const file = (text: string, isEarlier: boolean) => ({
    name: isEarlier ? "" : `${checkpointId}-${text}`, sha256: sha256(text), bytes: Buffer.byteLength(text), kind: "keyed", spread: "STATE_SPREAD_INSTANCE" as const,
    keyGroupFrom: 0, keyGroupTo: 0, inline: Buffer.alloc(0), earlier: isEarlier,
  });
  for (const text of texts) await writeFile(join(staging, `${checkpointId}-${text}`), text);
  const task = {
    nodeId: "n", index: 0, files: [...texts.map((text) => file(text, false)), ...earlier.map((text) => file(text, true))], stateBytes: 0, durationMs: 0, alignmentMs: 0, barrierMs: 0, inFlightBytes: 0, finished: false, schema: "",
  } as unknown as TaskSnapshot;
  const manifest: Manifest = {
    version: manifestVersion, jobId: "job", checkpointId, attempt: 1, kind: "checkpoint", takenAtMs: 0, fingerprint: "f", maxParallelism: 128, operators: [], tasks: [toManifestTask(task)],
  };
  return (await store.commit(manifest, [task])).path;
}

async function made(): Promise<{ server: S3Server; store: CheckpointStore; objects: S3Objects; newDisk(): Promise<CheckpointStore> } & AsyncDisposable> {
  const server = await startS3Server();
  const dir = await makeTempDir();
  const { store, objects } = storeAt(server.settings, join(dir.path, "a"));
  let disks = 0;
  return {
    server, store, objects, newDisk: () => Promise.resolve(storeAt(server.settings, join(dir.path, `b${disks++}`)).store),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

const keys = async (objects: S3Objects) => (await objects.list("team/sage/")).map((key) => key.replace("team/sage/", "")).sort();

test("a checkpoint is at the server, and another host restores it from there, checked", async () => {
  await using at = await made();
  const path = await commit(at.store, 1, ["one", "two"]);
  expect(path).toBe("s3://checkpoints/team/sage/job/chk-000001");
  const store = await at.newDisk();
  expect((await store.open(path)).checkpointId).toBe(1);
  expect(await readFile(store.filePath(path, sha256("two")), "utf8")).toBe("two");
  expect((await store.open(path)).checkpointId).toBe(1); // from the copy
});

test("what has not changed is not sent again, and goes with the last checkpoint that names it", async () => {
  await using at = await made();
  const first = await commit(at.store, 1, ["same", "old"]);
  const second = await commit(at.store, 2, ["new"], ["same"]);
  expect(await keys(at.objects)).toEqual(["job/chk-000001/manifest", "job/chk-000002/manifest", ...["same", "old", "new"].map((text) => `job/files/${sha256(text)}`).sort()]);
  await at.store.delete(first);
  await expect.poll(() => keys(at.objects), { timeout: 10_000 }).toEqual(["job/chk-000002/manifest", ...["same", "new"].map((text) => `job/files/${sha256(text)}`).sort()]);
  const store = await at.newDisk();
  await store.open(second);
  expect(await readFile(store.filePath(second, sha256("same")), "utf8")).toBe("same");
});

test("a sweep leaves what is kept, and nothing of uploads that broke off; a deleted job leaves nothing", async () => {
  await using at = await made();
  await commit(at.store, 1, ["one"]);
  const kept = await commit(at.store, 2, ["two"]);
  await at.objects.putText(`team/sage/job/files/${sha256("stray")}`, "stray");
  const store = await at.newDisk();
  await store.sweep("job", [kept], 2);
  await expect.poll(() => keys(at.objects), { timeout: 10_000 }).toEqual(["job/chk-000002/manifest", `job/files/${sha256("two")}`]);
  await store.deleteJob("job");
  await expect.poll(() => keys(at.objects), { timeout: 10_000 }).toEqual([]);
});

test.each([
  ["a file is missing", async ({ objects }: { objects: S3Objects }) => objects.delete(`team/sage/job/files/${sha256("one")}`), /missing/],
  ["a file has other bytes", async ({ objects }: { objects: S3Objects }) => objects.putText(`team/sage/job/files/${sha256("one")}`, "eno"), /checksum/],
  ["the manifest is cut", async ({ objects }: { objects: S3Objects }) => objects.putText("team/sage/job/chk-000001/manifest", "abc"), /checksum/],
  ["the manifest is not there", async ({ objects }: { objects: S3Objects }) => objects.delete("team/sage/job/chk-000001/manifest"), /not there/],
] as const)("a checkpoint of which %s is called damaged", async (_what, damage, said) => {
  await using at = await made();
  const path = await commit(at.store, 1, ["one"]);
  await damage(at);
  const store = await at.newDisk();
  await expect(store.open(path)).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_DAMAGED", message: expect.stringMatching(said) });
});

test("a checkpoint that cannot be sent is none: nothing is kept here either, and the error says why", async () => {
  await using at = await made();
  const dir = await makeTempDir();
  await using _ = dir;
  const wrong = storeAt({ ...at.server.settings, accessKeyId: "ANOTHER" }, dir.path).store;
  await expect(commit(wrong, 1, ["one"])).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_STORE_FAILED", status: 403 });
  await expect(directoryStore(dir.path).open(join(dir.path, "job/chk-000001"))).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_DAMAGED" });
  expect(await keys(at.objects)).toEqual([]);
});

test("address, endpoint and credentials come from where AWS' tools look", async () => {
  await using dir = await makeTempDir();
  const file = join(dir.path, "credentials");
  await writeFile(file, "[other]\naws_access_key_id = no\naws_secret_access_key = no\n[default]\naws_access_key_id = ID\naws_secret_access_key = KEY\n");
  const read = await s3Settings("s3://bucket/a/b/", { AWS_SHARED_CREDENTIALS_FILE: file, AWS_ENDPOINT_URL: "https://minio:9000/", AWS_REGION: "eu-1" });
  expect(read).toMatchObject({ bucket: "bucket", prefix: "a/b", endpoint: "https://minio:9000", region: "eu-1", accessKeyId: "ID" });
  expect([read.secretAccessKey.reveal(), JSON.stringify(read).includes("KEY")]).toEqual(["KEY", false]);
  expect((await s3Settings("s3://bucket", { AWS_ACCESS_KEY_ID: "i", AWS_SECRET_ACCESS_KEY: "s" })).endpoint).toBe("https://s3.us-east-1.amazonaws.com");
  await rm(file);
  for (const address of ["s3://", "s3://UPPER", "s3://b"]) await expect(s3Settings(address, {})).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_STORE_INVALID" });
  await expect(s3Settings("s3://bucket", { AWS_SHARED_CREDENTIALS_FILE: file })).rejects.toThrow(/cannot be read/);
});

test("a file in parts is one object, which comes back as it was; one that was changed meanwhile leaves none", async () => {
  await using server = await startS3Server();
  await using dir = await makeTempDir();
  const objects = new S3Objects(server.settings, { partBytes: 5 * 1024 ** 2 });
  const [path, back] = [join(dir.path, "file"), join(dir.path, "back")];
  const bytes = randomBytes(11 * 1024 ** 2 + 7);
  const hash = createHash("sha256").update(bytes).digest("hex");
  await writeFile(path, bytes);
  await objects.putFile("large", path, hash, bytes.length);
  await objects.getFile("large", back, hash);
  expect((await readFile(back)).equals(bytes)).toBe(true);
  await expect(objects.putFile("spoiled", path, sha256("another"), bytes.length)).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_DAMAGED" });
  expect(await objects.list("")).toEqual(["large"]);
});
