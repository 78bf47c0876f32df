import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { packageOf, packLarge } from "./packages.ts";
import { ZipPathError } from "./zip.ts";

const files = { "b/run.sh": { data: "#!/bin/sh\n", mode: 0o755 }, "a.txt": "a".repeat(10_000), "ä/€.bin": Buffer.from([0, 1, 255]), empty: "" };

test("the same files are the same bytes and the same name, in whatever order and way", async () => {
  const first = packageOf(files);
  const second = packageOf(Object.fromEntries(Object.entries(files).reverse()));
  expect(second.zip.equals(first.zip)).toBe(true);
  expect(second.uri).toBe(first.uri);
  expect((await packLarge(files)).zip.equals(first.zip)).toBe(true);
  expect(first.uri).toMatch(/^gcs:\/\/_ray_pkg_[0-9a-f]{16}\.zip$/);
  expect(packageOf({ ...files, "a.txt": "b" }).uri).not.toBe(first.uri);
});

test("another program reads names, contents, modes and checksums", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sage-zip-"));
  try {
    const path = join(dir, "p.zip");
    await writeFile(path, packageOf(files).zip);
    const script = "import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({i.filename: [z.read(i).hex(), oct(i.external_attr >> 16)] for i in z.infolist()}))";
    const { stdout } = await promisify(execFile)("python3", ["-c", script, path]);
    expect(JSON.parse(stdout)).toEqual({
      "a.txt": [Buffer.from("a".repeat(10_000)).toString("hex"), "0o100644"], "b/run.sh": [Buffer.from("#!/bin/sh\n").toString("hex"), "0o100755"],
      empty: ["", "0o100644"], "ä/€.bin": ["0001ff", "0o100644"],
    });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test.each([["/etc/passwd"], ["../up"], ["a/../b"], ["a//b"], ["./a"], ["a\\b"], [""], ["a\0b"]])("the path %j is refused", (path) => {
  expect(() => packageOf({ [path]: "x" })).toThrow(ZipPathError);
});
