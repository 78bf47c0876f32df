import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alternativesOf, findFiles, nameMatcher } from "./glob.ts";

let folder: string;
const signal = new AbortController().signal;
const files = [
  "a.csv", "b.csv", "b.txt", ".hidden.csv", "[x].csv", "part-1.csv", "part-10.csv", "part-2.csv",
  "2024/01/a.csv", "2024/02/a.csv", "2024/02/b.json", "2023/a.csv", ".git/a.csv",
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sage-glob-"));
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  await symlink(folder, join(folder, "2023", "loop"));
});
afterAll(() => rm(folder, { recursive: true }));

const found = async (...paths: string[]) => (await findFiles(paths, folder, signal)).map((file) => relative(folder, file));

test("a star matches within one name, sorted, and leaves hidden files alone", async () => {
  expect(await found("*.csv")).toEqual(["[x].csv", "a.csv", "b.csv", "part-1.csv", "part-10.csv", "part-2.csv"]);
  expect(await found(".*.csv")).toEqual([".hidden.csv"]);
});

test("two stars match any number of directories, not through links nor hidden ones", async () => {
  expect(await found("**/a.csv")).toEqual(["2023/a.csv", "2024/01/a.csv", "2024/02/a.csv", "a.csv"]);
  expect(await found("2024/**")).toEqual(["2024/01/a.csv", "2024/02/a.csv", "2024/02/b.json"]);
  expect(await found("2024/**/**/*.json")).toEqual(["2024/02/b.json"]);
});

test("question marks, sets and braces match as in a shell", async () => {
  expect(await found("part-?.csv")).toEqual(["part-1.csv", "part-2.csv"]);
  expect(await found("[!a].{csv,txt}")).toEqual(["b.csv", "b.txt"]);
  expect(await found("{2023,2024/0[1-2]}/a.csv")).toEqual(["2023/a.csv", "2024/01/a.csv", "2024/02/a.csv"]);
});

test("a file whose name looks like a pattern is itself", async () => {
  expect(await found("[x].csv")).toEqual(["[x].csv"]);
});

test("a file that several patterns match is read once, where the first has it", async () => {
  expect(await found("b.csv", "[ab].csv", join(folder, "a.csv"))).toEqual(["b.csv", "a.csv"]);
});

test("a pattern without a match names itself and the directory", async () => {
  await expect(found("*.parquet")).rejects.toMatchObject({
    code: "SAGE_NO_FILES", fault: "user", message: `no file matches "*.parquet" in ${folder}`,
  });
  await expect(found("none/*.csv")).rejects.toMatchObject({ code: "SAGE_NO_FILES" });
});

test("a plain path that is missing or a directory is named as such", async () => {
  const code = "SAGE_FILE_NOT_FOUND";
  await expect(found("c.csv")).rejects.toMatchObject({ code, message: `file not found: ${join(folder, "c.csv")}` });
  await expect(found("2024")).rejects.toMatchObject({ code, message: `${join(folder, "2024")} is a directory, not a file` });
});

test("braces nest, and a brace alone is a character", () => {
  expect(alternativesOf("{a,b{1,2}}.c")).toEqual(["a.c", "b1.c", "b2.c"]);
  expect(alternativesOf("{a}{b,}")).toEqual(["{a}b", "{a}"]);
  expect(alternativesOf("a{b,c")).toEqual(["a{b,c"]);
});

test("any name without special characters matches itself and nothing longer", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }).filter((name) => !/[*?[\]{}/\0]/.test(name)), (name) => {
      expect(nameMatcher(name).test(name)).toBe(true);
      expect(nameMatcher(name).test(`${name}x`)).toBe(false);
    }),
  );
});
