import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Host } from "./host.ts";
import { localHost } from "./local-host.ts";
import { cleanTempDir, markTempDir } from "./temp-dirs.ts";

let home: string;
let host: Host;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "sage-temp-")));
  host = localHost("here", { ...process.env, HOME: join(home, "user") });
  await mkdir(join(home, "user"));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});
const refused = (why: RegExp) => expect.objectContaining({ code: "SAGE_TEMP_DIR_REFUSED", message: expect.stringMatching(why) as string });
const filled = async (path: string) => {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "precious"), "x");
};

test("a marked folder is removed with all that is in it, twice without harm", async () => {
  const dir = join(home, "var", "ray tmp $(x)");
  expect(await markTempDir(host, dir, "default")).toBe("marked");
  expect(await markTempDir(host, dir, "default")).toBe("same");
  await mkdir(join(dir, "session", "deep"), { recursive: true });
  await writeFile(join(dir, "session", ".hidden"), "x");
  await symlink("/etc", join(dir, "session", "etc"));
  expect(await cleanTempDir(host, dir, "default")).toBe("cleaned");
  expect(await readdir(join(home, "var"))).toEqual([]);
  expect(await cleanTempDir(host, dir, "default")).toBe("absent");
  expect((await readdir("/etc")).length).toBeGreaterThan(0);
});

test("the root folder is neither marked nor emptied, however it is written", async () => {
  for (const path of ["/", "//", "///"]) {
    await expect(cleanTempDir(host, path, "default")).rejects.toEqual(refused(/root folder/));
    await expect(markTempDir(host, path, "default")).rejects.toEqual(refused(/root folder/));
  }
  await expect(cleanTempDir(host, "/./", "default")).rejects.toEqual(refused(/root|name/));
  await expect(cleanTempDir(host, "/tmp", "default")).rejects.toEqual(refused(/right below the root/));
  await expect(cleanTempDir(host, "/tmp/..", "default")).rejects.toMatchObject({ code: "SAGE_UNSAFE_NAME" });
});

test("the home folder, and what it lies in, is neither marked nor emptied", async () => {
  for (const path of ["~", "~/", join(home, "user"), home, `${home}/`]) {
    await expect(cleanTempDir(host, path, "default")).rejects.toEqual(refused(/home folder/));
    await expect(markTempDir(host, path, "default")).rejects.toEqual(refused(/home folder/));
  }
});

test("a symbolic link is not followed, marked or not", async () => {
  await markTempDir(host, join(home, "real"), "default");
  await filled(join(home, "real"));
  await symlink(join(home, "real"), join(home, "link"));
  for (const path of ["link", "link/"]) await expect(cleanTempDir(host, join(home, path), "default")).rejects.toEqual(refused(/symbolic link/));
  await symlink("/etc", join(home, "etc"));
  await expect(markTempDir(host, join(home, "etc"), "default")).rejects.toEqual(refused(/symbolic link/));
  expect(await readdir(join(home, "real"))).toContain("precious");
});

test("a folder without a mark is not emptied, and one with content is not marked", async () => {
  await filled(join(home, "data"));
  await expect(cleanTempDir(host, join(home, "data"), "default")).rejects.toEqual(refused(/does not carry/));
  await expect(markTempDir(host, join(home, "data"), "default")).rejects.toEqual(refused(/not empty/));
  expect(await readdir(join(home, "data"))).toEqual(["precious"]);
});

test("another cluster's folder is neither emptied nor taken over", async () => {
  const dir = join(home, "ray");
  await markTempDir(host, dir, "theirs");
  await filled(dir);
  await expect(cleanTempDir(host, dir, "ours")).rejects.toEqual(refused(/belongs to the cluster theirs/));
  await expect(markTempDir(host, dir, "ours")).rejects.toEqual(refused(/belongs to the cluster theirs/));
  expect(await readFile(join(dir, "precious"), "utf8")).toBe("x");
});

test("a mark that is a link does not count", async () => {
  const dir = join(home, "ray");
  await filled(dir);
  await writeFile(join(home, "forged"), "default\n");
  await symlink(join(home, "forged"), join(dir, ".sage-cluster"));
  await expect(cleanTempDir(host, dir, "default")).rejects.toEqual(refused(/mark is a symbolic link/));
});

test.skipIf(process.getuid?.() !== 0)("another user's folder is left alone, even with our mark", async () => {
  const dir = join(home, "theirs");
  await filled(dir);
  await writeFile(join(dir, ".sage-cluster"), "default\n");
  const { chown } = await import("node:fs/promises");
  await chown(dir, 65534, 65534);
  await expect(cleanTempDir(host, dir, "default")).rejects.toEqual(refused(/another user/));
  await chmod(dir, 0o755);
});
