import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@sage/core";
import { expect, test } from "vitest";
import { daemonAddress } from "./daemon-address.ts";

async function home(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), "sage-address-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text, { mode: 0o600 });
  return { env: { SAGE_HOME: dir }, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

test("without any setting it is 127.0.0.1:19001 without a token", async () => {
  await using empty = await home({});
  expect((await daemonAddress({ kind: "remote" }, empty.env))()).toEqual({ host: "127.0.0.1", port: 19_001, connectTimeoutMs: 10_000 });
});

test("options go before the environment, the environment before the file", async () => {
  await using configured = await home({ "config.yaml": "daemon:\n  host: from-file\n  port: 1111\n" });
  expect((await daemonAddress({ kind: "remote" }, configured.env))()).toMatchObject({ host: "from-file", port: 1111 });
  expect((await daemonAddress({ kind: "remote" }, { ...configured.env, SAGE_DAEMON_PORT: "2222" }))()).toMatchObject({ host: "from-file", port: 2222 });
  expect((await daemonAddress({ kind: "remote", host: "given", port: 3333, token: "t" }, { ...configured.env, SAGE_DAEMON_PORT: "2222" }))()).toEqual({ host: "given", port: 3333, token: "t", connectTimeoutMs: 10_000 });
});

test("a token that the daemon has written into its home is used", async () => {
  await using guarded = await home({ token: "s3cret\n" });
  const { token } = (await daemonAddress({ kind: "remote" }, guarded.env))();
  expect((token as Secret).reveal()).toBe("s3cret");
});
