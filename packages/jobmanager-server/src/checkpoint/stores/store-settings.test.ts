import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStoreFolder, storeSettings } from "./store-settings.ts";

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), "sage-store-")); });
afterEach(() => rm(dir, { recursive: true, force: true }));

test("an address is a folder or a bucket", async () => {
  const env = { HOME: "/home/ann", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  expect(await storeSettings("/mnt/shared/sage/", env)).toEqual({ dir: "/mnt/shared/sage/" });
  expect(await storeSettings("~/state", env)).toEqual({ dir: "/home/ann/state" });
  expect(await storeSettings("s3://bucket/sage", env)).toMatchObject({ bucket: "bucket", prefix: "sage" });
  for (const address of ["state", "./state", "S3://bucket"]) await expect(storeSettings(address, env)).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_STORE_INVALID" });
});

test("the folder is made, for its user alone; where that cannot be, the daemon does not start", async () => {
  const made = await openStoreFolder({ dir: join(dir, "a/b") });
  expect((await stat(made)).mode & 0o777).toBe(0o700);
  await writeFile(join(dir, "file"), "");
  await expect(openStoreFolder({ dir: join(dir, "file/state") })).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_STORE_INVALID", message: expect.stringContaining("file/state") });
});
