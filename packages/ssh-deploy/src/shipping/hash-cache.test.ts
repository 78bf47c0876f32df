import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readTree } from "./tree.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sage-hashes-"));
  mkdirSync(join(dir, "tree"));
  for (const name of ["a", "b"]) writeFileSync(join(dir, "tree", name), name);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000); // the files are old by now
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

const cachePath = () => join(dir, "cache", "hashes.json");
const hashes = async () => Object.fromEntries((await readTree(join(dir, "tree"), { cachePath: cachePath() })).manifest.entries.map(({ path, sha256 }) => [path, sha256.slice(0, 8)]));
const sha = { a: "ca978112", b: "3e23e816", c: "2e7d2c03" };

test("files that have not changed are not read again; one that has is", async () => {
  expect(await hashes()).toEqual({ a: sha.a, b: sha.b });
  // Only who does not read can be told another hash.
  writeFileSync(cachePath(), readFileSync(cachePath(), "utf8").replaceAll("3e23e816", "00000000").replaceAll("ca978112", "11111111"));
  writeFileSync(join(dir, "tree", "a"), "c");
  expect(await hashes()).toEqual({ a: sha.c, b: "00000000" });
});

test("what was changed just now is not remembered", async () => {
  vi.restoreAllMocks();
  await hashes();
  expect(() => readFileSync(cachePath())).toThrow("ENOENT");
});

test.for(["", "not json", '{"version":1,"rows":[["a",[1]],["b"],7]}', '{"version":99,"rows":[]}', "null"])("a cache that holds %j is an empty one", async (text) => {
  await hashes();
  writeFileSync(cachePath(), text);
  expect(await hashes()).toEqual({ a: sha.a, b: sha.b });
  expect(await hashes()).toEqual({ a: sha.a, b: sha.b });
});

test("files that are gone are forgotten", async () => {
  await hashes();
  rmSync(join(dir, "tree", "a"));
  expect(await hashes()).toEqual({ b: sha.b });
  expect(readFileSync(cachePath(), "utf8")).not.toContain(sha.a);
});
