import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTempDir } from "../testing/test-daemon.ts";
import { attemptFiles } from "./attempt-files.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
async function* chunks(...texts: readonly string[]) { for (const text of texts) yield Buffer.from(text); }

async function make() {
  const dir = await makeTempDir();
  const stagingDir = join(dir.path, "staging");
  await mkdir(stagingDir);
  const bundlePath = join(dir.path, "bundle");
  const statePath = join(dir.path, "state");
  await writeFile(bundlePath, "code");
  await writeFile(statePath, "state");
  const restore = { checkpointId: 1, forWorker: () => ({}), pathOf: (hash: string) => (hash === sha256("state") ? statePath : undefined) };
  const files = attemptFiles({ deploy: { bundlePath, bundleHash: sha256("code") }, restore, stagingDir }, (checkpointId) => checkpointId === 7);
  const staged = async () => Promise.all((await readdir(stagingDir)).map(async (name) => [name, await readFile(join(stagingDir, name), "utf8")]));
  return { files, staged, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() };
}

const textOf = async (from: AsyncIterable<{ readonly data?: unknown }>): Promise<string> => {
  let text = "";
  for await (const { data } of from) text += String(data);
  return text;
};

const incoming = (text: string, more: object = {}) => ({ checkpointId: 7, name: "7-map-0-0", sha256: sha256(text), bytes: Buffer.byteLength(text), ...more });

test("what an attempt was told of is given out by its hash, and nothing else", async () => {
  await using made = await make();
  expect(await textOf(made.files.artifact(sha256("code")))).toBe("code");
  expect(await textOf(made.files.state(sha256("state")))).toBe("state");
  for (const hash of [sha256("state"), sha256("another job's"), "", "../bundle"]) await expect(textOf(made.files.artifact(hash))).rejects.toMatchObject({ code: "SAGE_STATE_REFUSED" });
  await expect(textOf(made.files.state(sha256("code")))).rejects.toMatchObject({ code: "SAGE_STATE_REFUSED" });
});

test("a snapshot's file has its name when all its bytes have come", async () => {
  await using made = await make();
  expect(await made.files.receive(incoming("abcdef"), chunks("abc", "", "def"))).toEqual({ name: "7-map-0-0" });
  expect(await made.staged()).toEqual([["7-map-0-0", "abcdef"]]);
});

test.each([
  ["other bytes", incoming("abcdef", { sha256: sha256("x") }), ["abcdef"]],
  ["fewer bytes", incoming("abcdef"), ["abc"]],
  ["more bytes", incoming("abc"), ["abc", "def"]],
  ["more bytes than any file", incoming("abc", { bytes: 2 ** 40 }), ["abc"]],
  ["a checkpoint that is over", incoming("abc", { checkpointId: 6 }), ["abc"]],
  ["a name that leads elsewhere", incoming("abc", { name: "../7-map" }), ["abc"]],
  ["an absolute name", incoming("abc", { name: "/tmp/x" }), ["abc"]],
  ["no name", incoming("abc", { name: "" }), ["abc"]],
] as const)("a file with %s is refused, and nothing of it stays", async (_what, file, texts) => {
  await using made = await make();
  await expect(made.files.receive(file, chunks(...texts))).rejects.toMatchObject({ code: "SAGE_STATE_REFUSED" });
  expect(await made.staged()).toEqual([]);
});

test("an upload that breaks off leaves nothing", async () => {
  await using made = await make();
  async function* broken() {
    yield Buffer.from("abc");
    throw new Error("the caller has gone");
  }
  await expect(made.files.receive(incoming("abcdef"), broken())).rejects.toThrow("gone");
  expect(await made.staged()).toEqual([]);
});
