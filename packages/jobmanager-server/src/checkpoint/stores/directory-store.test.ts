import type { TaskSnapshot } from "@sage/protocol";
import { createHash } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTempDir } from "../../testing/test-daemon.ts";
import { encodeManifest, manifestVersion, toManifestTask, type Manifest } from "../manifest.ts";
import { directoryStore } from "./directory-store.ts";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

function snapshotOf(text: string, name: string): TaskSnapshot {
  const file = { name, sha256: hashOf(text), bytes: Buffer.byteLength(text), kind: "keyed", spread: "STATE_SPREAD_KEY_GROUPS", keyGroupFrom: 0, keyGroupTo: 128, inline: Buffer.alloc(0), earlier: name === "" };
  return { nodeId: "n", index: 0, files: [file], finished: false, schema: "", stateBytes: 0 } as unknown as TaskSnapshot;
}

const manifestOf = (checkpointId: number, task: TaskSnapshot, version = manifestVersion): Manifest => ({
  version: version as 1, jobId: "job", checkpointId, attempt: 1, kind: "checkpoint", takenAtMs: 0, fingerprint: "f", maxParallelism: 128, operators: [], tasks: [toManifestTask(task)],
});

test("what has not changed is the same file in the next checkpoint, and stays when the first one goes", async () => {
  await using dir = await makeTempDir();
  const store = directoryStore(dir.path);
  await writeFile(join(await store.openStaging("job", 1), "a"), "state");
  const first = await store.commit(manifestOf(1, snapshotOf("state", "a")), [snapshotOf("state", "a")]);
  const second = await store.commit(manifestOf(2, snapshotOf("state", "")), [snapshotOf("state", "")]);
  expect((await stat(store.filePath(second.path, hashOf("state")))).ino).toBe((await stat(store.filePath(first.path, hashOf("state")))).ino);
  await store.delete(first.path);
  expect((await store.open(second.path)).checkpointId).toBe(2);
});

test("a job that began with another's savepoint has its files from there", async () => {
  await using dir = await makeTempDir();
  const store = directoryStore(join(dir.path, "store"));
  await mkdir(await store.openStaging("job", 1), { recursive: true });
  await writeFile(join(dir.path, "theirs"), "state");
  const snapshot = snapshotOf("state", "");
  await expect(store.commit(manifestOf(1, snapshot), [snapshot])).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_DAMAGED", message: expect.stringContaining("no earlier checkpoint has it") });
  const { path } = await store.commit(manifestOf(1, snapshot), [snapshot], (sha256) => (sha256 === hashOf("state") ? join(dir.path, "theirs") : undefined));
  expect(await readFile(store.filePath(path, hashOf("state")), "utf8")).toBe("state");
});

test("a checkpoint of a later format is refused, and says what to do", async () => {
  await using dir = await makeTempDir();
  const path = join(dir.path, "job/chk-000001");
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "manifest"), encodeManifest(manifestOf(1, snapshotOf("", "a"), 2 as 1)));
  await expect(directoryStore(dir.path).open(path)).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_VERSION", message: `${path}/manifest has format 2; this version of Sage knows 1`, hint: "Use the version of Sage that wrote it, or a newer one." });
});
