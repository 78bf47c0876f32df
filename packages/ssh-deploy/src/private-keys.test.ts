import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@sage/core";
import ssh2 from "ssh2";
import { afterAll, expect, test } from "vitest";
import { PrivateKeys } from "./private-keys.ts";

const dir = mkdtempSync(join(tmpdir(), "sage-keys-"));
afterAll(() => rmSync(dir, { recursive: true }));

function keygen(name: string, ...options: string[]): string {
  const path = join(dir, name);
  execFileSync("ssh-keygen", ["-q", "-f", path, ...options]);
  return path;
}

test.each([
  ["ed25519", [], undefined], ["ecdsa", ["-b", "256"], undefined], ["ecdsa", ["-b", "384"], undefined], ["ecdsa", ["-b", "521"], undefined],
  ["rsa", ["-b", "2048"], "sha256"], ["rsa", ["-b", "2048"], "sha512"], ["rsa", ["-b", "2048", "-m", "PEM"], undefined],
] as const)("what a private key of type %s %j signs by %s is accepted by its public half, as ssh2 reads it", async (type, options, hash) => {
  const path = keygen(`${type}${options.join("")}${hash}`, "-t", type, "-N", "", ...options);
  const key = await new PrivateKeys().fromFile(path);
  const signed = key.sign(Buffer.from("hello"), hash);
  const publicHalf = ssh2.utils.parseKey(readFileSync(`${path}.pub`)) as unknown as { verify(data: Buffer, signature: Buffer, hash?: string): boolean };
  expect(publicHalf.verify(Buffer.from("hello"), signed as Buffer, hash)).toBe(true);
  expect(publicHalf.verify(Buffer.from("hullo"), signed as Buffer, hash)).toBe(false);
});

test("the passphrase of a key is asked for once, for however many hosts", async () => {
  const path = keygen("encrypted", "-t", "ed25519", "-N", "open sesame");
  const asked: string[] = [];
  const keys = new PrivateKeys(async (name) => {
    asked.push(name);
    return new Secret("open sesame");
  });
  const [one, other] = await Promise.all([keys.fromFile(path), keys.fromFile(path)]);
  expect(asked).toEqual([path]);
  expect(other).toBe(one);
  expect((await keys.fromFile(path)).type).toBe("ssh-ed25519");
  expect(asked).toEqual([path]);
});

test("a key that could not be used is tried anew once its file is mended", async () => {
  const path = keygen("open", "-t", "ed25519", "-N", "");
  chmodSync(path, 0o644);
  const keys = new PrivateKeys();
  await expect(keys.fromFile(path)).rejects.toMatchObject({ code: "SAGE_SSH_KEY" });
  chmodSync(path, 0o600);
  expect((await keys.fromFile(path)).type).toBe("ssh-ed25519");
});
