import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { doorSettings } from "./door-flags.ts";

test("a token is read from a file of its user alone; one that others can read is refused", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sage-door-"));
  try {
    const path = join(dir, "token");
    await writeFile(path, "s3cret\n", { mode: 0o600 });
    expect((await doorSettings({ "token-file": path }, {})).token?.reveal()).toBe("s3cret");
    expect((await doorSettings({}, { SAGE_TOKEN_FILE: path })).token?.reveal()).toBe("s3cret");
    await chmod(path, 0o644);
    await expect(doorSettings({ "token-file": path }, {})).rejects.toMatchObject({ code: "SAGE_TOKEN_FILE_OPEN", hint: `Run: chmod 600 ${path}` });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("a certificate goes with its key, and authorities with a certificate", async () => {
  expect(await doorSettings({ "tls-cert": "/c.pem", "tls-key": "/k.pem", "tls-client-ca": "/callers.pem" }, {})).toMatchObject({ tls: { certPath: "/c.pem", keyPath: "/k.pem", clientCaPath: "/callers.pem" }, isInsecure: false });
  await expect(doorSettings({ "tls-cert": "/c.pem" }, {})).rejects.toThrow("--tls-cert and --tls-key go together");
  await expect(doorSettings({ "tls-client-ca": "/callers.pem" }, {})).rejects.toThrow("need --tls-cert");
});
