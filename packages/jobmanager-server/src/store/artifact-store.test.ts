import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTempDir } from "../testing/test-daemon.ts";
import { openArtifactStore } from "./artifact-store.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
async function* chunks(...parts: Uint8Array[]) { yield* parts; }

test("an artifact is found under its hash with exactly its bytes; an empty one too", async () => {
  await using dir = await makeTempDir();
  const store = await openArtifactStore(dir.path);
  for (const parts of [[Buffer.from("ab"), Buffer.from("c")], []]) {
    const bytes = Buffer.concat(parts);
    expect(await store.put(sha256(bytes), bytes.length, chunks(...parts))).toEqual({ alreadyKnown: false });
    expect(await readFile((await store.find(sha256(bytes)))!)).toEqual(bytes);
  }
});

test("two uploads of one artifact at once leave one whole file", async () => {
  await using dir = await makeTempDir();
  const store = await openArtifactStore(dir.path);
  const bytes = Buffer.alloc(100_000, "x");
  await Promise.all([1, 2, 3].map(() => store.put(sha256(bytes), bytes.length, chunks(bytes.subarray(0, 50_000), bytes.subarray(50_000)))));
  expect(await readFile((await store.find(sha256(bytes)))!)).toEqual(bytes);
  expect(await readdir(join(dir.path, "incoming"))).toEqual([]);
});

test("an upload that breaks off leaves nothing, and the same upload then succeeds", async () => {
  await using dir = await makeTempDir();
  const store = await openArtifactStore(dir.path);
  const bytes = Buffer.from("abcdef");
  const broken = (async function* () { yield bytes.subarray(0, 3); throw new Error("gone"); })();
  await expect(store.put(sha256(bytes), 6, broken)).rejects.toThrow("gone");
  expect(await store.find(sha256(bytes))).toBeUndefined();
  expect(await readdir(join(dir.path, "incoming"))).toEqual([]);
  await store.put(sha256(bytes), 6, chunks(bytes));
});

test("what a killed process had half uploaded is removed at the next start", async () => {
  await using dir = await makeTempDir();
  await mkdir(join(dir.path, "incoming"), { recursive: true });
  await writeFile(join(dir.path, "incoming", "half"), "x");
  await openArtifactStore(dir.path);
  expect(await readdir(join(dir.path, "incoming"))).toEqual([]);
});

test("more bytes than announced are not written", async () => {
  await using dir = await makeTempDir();
  const store = await openArtifactStore(dir.path, 10);
  let given = 0;
  const endless = (async function* () { for (;;) { given++; yield Buffer.alloc(4); } })();
  await expect(store.put("0".repeat(64), 10, endless)).rejects.toMatchObject({ code: "SAGE_ARTIFACT_INVALID" });
  expect(given).toBe(3);
  await expect(store.put("0".repeat(64), 11, endless)).rejects.toMatchObject({ code: "SAGE_ARTIFACT_TOO_LARGE" });
});

test("pruning removes what is old and nobody names; what was just asked for stays", async () => {
  await using dir = await makeTempDir();
  const old = new Date(Date.now() - 100_000);
  const hashes: Record<string, string> = {};
  {
    const store = await openArtifactStore(dir.path);
    for (const name of ["named", "asked", "fresh", "old"]) {
      const bytes = Buffer.from(name);
      await store.put((hashes[name] = sha256(bytes)), bytes.length, chunks(bytes));
      if (name !== "fresh") await utimes((await store.find(sha256(bytes)))!, old, old);
    }
  }
  const store = await openArtifactStore(dir.path); // of the next daemon: it has been asked for nothing
  await store.find(hashes["asked"]!);
  expect(await store.prune(new Set([hashes["named"]!]), 50_000)).toEqual({ files: 1, bytes: 3 });
  const left = await Promise.all(Object.entries(hashes).map(async ([name, hash]) => ((await store.find(hash)) ? name : "")));
  expect(left).toEqual(["named", "asked", "fresh", ""]);
});
