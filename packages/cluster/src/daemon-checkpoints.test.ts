// The head is this machine, with a home of its own.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localHost } from "@sage/ssh-deploy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkpointEnv } from "./daemon-checkpoints.ts";

let home: string;
const { signal } = new AbortController();
const store = { store: "s3://bucket/sage", endpoint: "https://minio:9000" };
const ask = (settings: Parameters<typeof checkpointEnv>[0], env: NodeJS.ProcessEnv) => checkpointEnv(settings, env, localHost("head", { ...process.env, HOME: home }), home, signal);

beforeEach(async () => { home = await mkdtemp(join(tmpdir(), "sage-store-")); });
afterEach(() => rm(home, { recursive: true, force: true }));

test("credentials of the environment become a file that the daemon's user alone reads, and no part of what a command shows", async () => {
  const env = await ask(store, { AWS_ACCESS_KEY_ID: "id7", AWS_SECRET_ACCESS_KEY: "s3cret", AWS_REGION: "eu-central-1" });
  const path = join(home, "s3-credentials");
  expect(env).toEqual({ SAGE_CHECKPOINTS_STORE: "s3://bucket/sage", AWS_ENDPOINT_URL_S3: "https://minio:9000", AWS_REGION: "eu-central-1", AWS_SHARED_CREDENTIALS_FILE: path, AWS_PROFILE: "default" });
  expect(await readFile(path, "utf8")).toBe("[default]\naws_access_key_id = id7\naws_secret_access_key = s3cret\n");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("the configured file is sent where the environment has none; one that cannot be read is named", async () => {
  const file = join(home, "mine");
  await writeFile(file, "[team]\naws_access_key_id = a\naws_secret_access_key = b\n", { mode: 0o600 });
  expect(await ask({ ...store, credentialsPath: file }, { AWS_PROFILE: "team" })).toMatchObject({ AWS_PROFILE: "team" });
  expect(await readFile(join(home, "s3-credentials"), "utf8")).toContain("[team]");
  await expect(ask({ ...store, credentialsPath: join(home, "none") }, {})).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_CREDENTIALS" });
});

test("a folder of the head, and how many stay, are said as they are, and nothing is sent", async () => {
  expect(await ask({ store: "/mnt/shared/sage", keep: 5 }, { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" })).toEqual({ SAGE_CHECKPOINTS_STORE: "/mnt/shared/sage", SAGE_CHECKPOINTS_KEEP: "5" });
  expect(await ask({ keep: 1 }, {})).toEqual({ SAGE_CHECKPOINTS_KEEP: "1" });
});

test("without a store nothing is said and nothing sent; without credentials the head's own count", async () => {
  expect(await ask({}, { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" })).toEqual({});
  expect(await ask(store, {})).toEqual({ SAGE_CHECKPOINTS_STORE: "s3://bucket/sage", AWS_ENDPOINT_URL_S3: "https://minio:9000" });
  await expect(stat(join(home, "s3-credentials"))).rejects.toThrow(/ENOENT/);
});
