import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TlsSettings } from "@sage/config";
import { daemonCertificate } from "./daemon-certificate.ts";

const clock = { now: () => Date.UTC(2030, 0, 1) };
let dir = "";
let made: TlsSettings;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sage-made-"));
  made = { mode: "auto", madeDir: join(dir, "tls") };
});
afterEach(() => rm(dir, { recursive: true }));

test("every certificate is new, and one authority, which stays, vouches for all of them", async () => {
  const first = await daemonCertificate(made, ["base-sage", "10.0.0.5"], clock);
  const second = await daemonCertificate(made, ["other-sage"], clock);
  expect(second.key).not.toBe(first.key);
  const authority = new X509Certificate(await readFile(join(made.madeDir, "ca.pem")));
  for (const { cert } of [first, second]) expect(new X509Certificate(cert).verify(authority.publicKey)).toBe(true);
  const read = new X509Certificate(first.cert);
  expect([read.checkHost("base-sage"), read.checkIP("10.0.0.5"), read.checkHost("localhost"), read.checkIP("127.0.0.1"), read.checkHost("other-sage")]).toEqual(["base-sage", "10.0.0.5", "localhost", "127.0.0.1", undefined]);
  expect(Date.parse(read.validTo) - clock.now()).toBeGreaterThan(390 * 86_400_000);
  expect((await stat(join(made.madeDir, "ca.key"))).mode & 0o777).toBe(0o600);
});

test("an authority whose key is gone is not replaced in silence: callers trust it", async () => {
  await daemonCertificate(made, ["a"], clock);
  const before = await readFile(join(made.madeDir, "ca.pem"), "utf8");
  await rm(join(made.madeDir, "ca.key"));
  await expect(daemonCertificate(made, ["a"], clock)).rejects.toMatchObject({ code: "SAGE_TLS_FILE", hint: expect.stringContaining("every caller needs the new ca.pem") as string });
  expect(await readFile(join(made.madeDir, "ca.pem"), "utf8")).toBe(before);
});

test("a certificate of the operator's own is taken as it is, once it is seen to be whole", async () => {
  const own = await daemonCertificate(made, ["a"], clock);
  const [certPath, keyPath] = [join(dir, "own.pem"), join(dir, "own.key")];
  await writeFile(certPath, own.cert);
  await writeFile(keyPath, own.key, { mode: 0o600 });
  expect(await daemonCertificate({ ...made, certPath, keyPath }, ["b"], clock)).toEqual(own);
  await writeFile(keyPath, (await daemonCertificate(made, ["a"], clock)).key);
  await expect(daemonCertificate({ ...made, certPath, keyPath }, ["b"], clock)).rejects.toThrow(/is not the key of/);
});
