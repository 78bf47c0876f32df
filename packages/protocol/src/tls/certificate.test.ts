import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeAuthority, makeCertificate } from "./certificate.ts";

const dayMs = 86_400_000;
const life = { fromMs: Date.UTC(2026, 0, 2, 3, 4, 5), untilMs: Date.UTC(2051, 5, 6, 7, 8, 9) };

test("a made certificate says for which names, until when, and by whom", () => {
  const authority = makeAuthority({ name: "Sage of ops", ...life });
  const { cert, key } = makeCertificate({ name: "base-sage", names: ["base-sage", "10.0.0.5", "::1", "fd00::a:1"], ...life }, authority);
  const read = new X509Certificate(cert);
  expect(read.subject).toBe("CN=base-sage");
  expect(read.issuer).toBe("CN=Sage of ops");
  expect(new Date(read.validFrom).getTime()).toBe(life.fromMs);
  expect(new Date(read.validTo).getTime()).toBe(life.untilMs);
  expect(read.subjectAltName).toBe("DNS:base-sage, IP Address:10.0.0.5, IP Address:0:0:0:0:0:0:0:1, IP Address:FD00:0:0:0:0:0:A:1");
  for (const ip of ["10.0.0.5", "::1", "fd00::a:1"]) expect(read.checkIP(ip)).toBe(ip);
  expect(read.ca).toBe(false);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  const by = new X509Certificate(authority.cert);
  expect(by.ca).toBe(true);
  expect(read.checkIssued(by) && read.verify(by.publicKey)).toBe(true);
  expect(read.verify(new X509Certificate(makeAuthority({ name: "Sage of ops", ...life }).cert).publicKey)).toBe(false);
});

test("openssl takes them as they are", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sage-cert-"));
  try {
    const now = { fromMs: Date.now() - dayMs, untilMs: Date.now() + dayMs };
    const authority = makeAuthority({ name: "Sage", ...now });
    await writeFile(join(dir, "ca.pem"), authority.cert);
    await writeFile(join(dir, "cert.pem"), makeCertificate({ name: "h", names: ["h"], ...now }, authority).cert);
    const said = execFileSync("openssl", ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", "ca.pem", "cert.pem"], { cwd: dir, encoding: "utf8" });
    expect(said).toBe("cert.pem: OK\n");
  } finally {
    await rm(dir, { recursive: true });
  }
});
