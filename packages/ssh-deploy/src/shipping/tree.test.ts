import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isIgnored, parseIgnoreFile } from "./ignore-rules.ts";
import { readTree } from "./tree.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "sage-tree-"));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path);
  }
}
const shipped = async (options = {}) => (await readTree(root, options)).manifest.entries.map(({ path }) => path);

test("repositories, packages, caches and secrets stay at home unless asked for by nobody", async () => {
  await write("a.py", ".git/config", "web/node_modules/x/index.js", ".env", "deep/.env.local", "__pycache__/a.pyc", ".ssh/id_rsa", "b.pyc");
  expect(await shipped()).toEqual(["a.py"]);
});

test(".gitignore and .sageignore of every folder are kept to, the latter decides", async () => {
  await write("a.log", "kept.log", "data/big.bin", "data/small.bin", "lib/out/x.js", "lib/src/y.js", "model.pt");
  await writeFile(join(root, ".gitignore"), "*.log\nmodel.pt\n/data/*.bin\n");
  await writeFile(join(root, ".sageignore"), "!model.pt\n!kept.log\n.*ignore\n");
  await writeFile(join(root, "lib", ".gitignore"), "out/\n");
  expect(await shipped()).toEqual(["kept.log", "lib/src/y.js", "model.pt"]);
});

test("include and exclude are globs, and exclude wins", async () => {
  await write("src/a.ts", "src/a.test.ts", "src/deep/b.ts", "docs/c.md", "d.json");
  expect(await shipped({ include: ["src/**/*.ts", "*.{json,yaml}"], exclude: ["**/*.test.ts"] })).toEqual(["d.json", "src/a.ts", "src/deep/b.ts"]);
});

test("a link to a file of the tree is shipped as that file; any other link stays behind and is named", async () => {
  await write("real.txt", "folder/x");
  await symlink("real.txt", join(root, "link.txt"));
  await symlink("/etc/passwd", join(root, "passwd"));
  await symlink("folder", join(root, "folder-link"));
  await symlink("nowhere", join(root, "dangling"));
  const tree = await readTree(root);
  expect(tree.manifest.entries.map(({ path }) => path)).toEqual(["folder/x", "link.txt", "real.txt"]);
  expect(tree.skipped.map(({ path, why }) => `${path} ${why}`).sort()).toEqual(["dangling is a link to nothing", "folder-link is a link to something else than a file", "passwd is a link out of the tree"]);
});

test("a named pipe neither blocks nor ships", async () => {
  execFileSync("mkfifo", [join(root, "pipe")]);
  expect((await readTree(root)).skipped).toEqual([{ path: "pipe", why: "is neither a file nor a folder" }]);
});

test("ignore rules decide as git does", async () => {
  const paths = ["a", "a.o", "b/a.o", "b/c/d.txt", "build/x", "src/build/x", "doc/frotz/f", "a/doc/frotz/f", "foo/bar/x", "foo/x", "x.tmp", "keep.tmp", "we ird ", "#hash", "!bang", "a[b]", "ab", "deep/er/a.o", "s/t/u/v", "s/u/v", "q/one/two/z"];
  const rules = ["*.o", "!b/a.o", "build/", "/doc/frotz", "foo/*", "!foo/bar", "*.tmp", "!keep.tmp", "\\#hash", "\\!bang", "a[b]", "s/**/v", "**/er", "we*", "q/**", "  ", "# comment", "*.[!a-y]x", "\\a"];
  for (const path of paths.filter((each) => !paths.some((other) => other.startsWith(`${each}/`)))) await write(path);
  await writeFile(join(root, ".gitignore"), rules.join("\n"));
  execFileSync("git", ["init", "-q", root]);
  const files = execFileSync("git", ["-C", root, "ls-files", "-z", "--others", "--exclude-standard"], { encoding: "utf8" }).split("\0").filter(Boolean).sort();
  expect(await shipped({ ignoreFiles: [".gitignore"] })).toEqual(files);
});

test("a slash in the middle anchors a rule, and folders-only rules let files pass", () => {
  const rules = parseIgnoreFile("sub/x\nonly/\n", "base");
  expect(isIgnored(rules, "base/sub/x", false)).toBe(true);
  expect(isIgnored(rules, "base/deep/sub/x", false)).toBe(false);
  expect(isIgnored(rules, "base/deep/only", false)).toBe(false);
  expect(isIgnored(rules, "base/deep/only", true)).toBe(true);
});
