import { describe, expect, test } from "vitest";
import { blobName, checksumLines, foldersOf, makeManifest, missingBlobs, type FileEntry } from "./manifest.ts";

const file = (path: string, content = "a", executable = false): FileEntry => ({ path, sha256: content.repeat(64).slice(0, 64), bytes: 10, executable });

test("equal trees have equal ids, whatever the order in which they were read", () => {
  expect(makeManifest([file("b"), file("a", "c")]).id).toBe(makeManifest([file("a", "c"), file("b")]).id);
  expect(makeManifest([file("a")]).id).not.toBe(makeManifest([file("a", "a", true)]).id);
  expect(makeManifest([file("ab"), file("c")]).id).not.toBe(makeManifest([file("a"), file("bc")]).id);
});

test("what is missing is named once for each content", () => {
  const manifest = makeManifest([file("one", "a"), file("two", "a"), file("three", "b"), file("four", "b", true)]);
  expect(missingBlobs(manifest, new Set([blobName(file("", "a"))])).map(blobName).sort()).toEqual(["b".repeat(64), `${"b".repeat(64)}x`]);
});

test("folders come before what lies in them", () => {
  expect(foldersOf(makeManifest([file("a/b/c/d"), file("a/x"), file("z")]))).toEqual(["a", "a/b", "a/b/c"]);
});

test("a backslash in a name is written as sha256sum reads it", () => {
  expect(checksumLines(makeManifest([file("a\\b")]))).toBe(`\\${"a".repeat(64)}  a\\\\b\n`);
});

describe("a tree is refused before anything is sent when", () => {
  test.each([
    ["a name leaves it", "../evil"], ["a name leaves it in the middle", "a/../../evil"], ["a name is absolute", "/etc/passwd"],
    ["a name is empty", ""], ["a part is empty", "a//b"], ["a part is a dot", "./a"], ["a name holds a newline", "a\nb"], ["a name holds NUL", "a\0b"],
    ["a name is too long", "x".repeat(256)], ["a path is too long", "x/".repeat(600) + "y"], ["a name is not UTF-8", "a\ufffdb"],
  ])("%s", (_why, path) => {
    expect(() => makeManifest([file("fine"), file(path)])).toThrow(expect.objectContaining({ code: "SAGE_TREE_REFUSED" }));
  });

  test("two names are one where case does not count", () => {
    expect(() => makeManifest([file("Makefile"), file("makefile")])).toThrow(/one file where case does not count/);
  });

  test("a name is both a file and a folder", () => {
    expect(() => makeManifest([file("a"), file("a/b")])).toThrow(/both a file and a folder/);
  });

  test("it has too many files or bytes", () => {
    expect(() => makeManifest([file("a"), file("b")], { maxFiles: 1 })).toThrow(/2 files are more than 1/);
    expect(() => makeManifest([file("a")], { maxBytes: 9 })).toThrow(/10 bytes are more than 9/);
  });
});
