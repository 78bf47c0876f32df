// known_hosts, compared with what OpenSSH's own ssh-keygen makes of the same files.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { algorithmsPreferring, fingerprintOf, toHostKey, weaknessOf } from "./host-key.ts";
import { readKnownHosts, trustHostKey } from "./known-hosts-file.ts";
import { judgeHostKey, knownTypes, parseKnownHosts } from "./known-hosts.ts";

let dir: string;
let count = 0;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "sage-known-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

function newKey(...options: string[]): { type: string; base64: string; blob: Buffer; path: string } {
  const path = join(dir, `key${count++}`);
  execFileSync("ssh-keygen", ["-q", "-N", "", "-f", path, ...(options.length > 0 ? options : ["-t", "ed25519"])]);
  const [type = "", base64 = ""] = execFileSync("cat", [`${path}.pub`], { encoding: "utf8" }).split(" ");
  return { type, base64, blob: Buffer.from(base64, "base64"), path };
}
const judge = (text: string, host: string, port: number, blob: Buffer) => judgeHostKey(parseKnownHosts(text, "known_hosts"), host, port, blob);
/** Whether ssh-keygen finds a host in a file. */
const found = (path: string, name: string) => {
  try {
    return execFileSync("ssh-keygen", ["-F", name, "-f", path], { encoding: "utf8" }).includes(" ");
  } catch {
    return false;
  }
};

test("plain names, other ports, patterns and negations are matched as ssh-keygen -F does", async () => {
  const key = newKey();
  const path = join(dir, "known_hosts");
  const hosts = ["one,10.0.0.1", "[two]:2222", "*.example.org,!bad.example.org", "h?st", "UPPER"];
  for (const name of hosts) {
    await writeFile(path, `# a comment\n\n${name} ${key.type} ${key.base64} me@here\n`);
    for (const [host, port] of [["one", 22], ["10.0.0.1", 22], ["one", 2222], ["two", 2222], ["two", 22], ["a.example.org", 22], ["bad.example.org", 22], ["host", 22], ["hoost", 22], ["upper", 22]] as const) {
      const theirs = found(path, port === 22 ? host : `[${host}]:${port}`);
      expect(`${name} ${host}:${port} ${judge(await readFile(path, "utf8"), host, port, key.blob).kind === "trusted"}`).toBe(`${name} ${host}:${port} ${theirs}`);
    }
  }
});

test("hashed names are found, and no other", async () => {
  const key = newKey();
  const path = join(dir, "known_hosts");
  await writeFile(path, `one ${key.type} ${key.base64}\n[two]:2222 ${key.type} ${key.base64}\n`);
  execFileSync("ssh-keygen", ["-q", "-H", "-f", path], { stdio: "ignore" });
  const text = await readFile(path, "utf8");
  expect(text).toMatch(/^\|1\|/);
  expect(judge(text, "one", 22, key.blob).kind).toBe("trusted");
  expect(judge(text, "ONE", 22, key.blob).kind).toBe("trusted");
  expect(judge(text, "two", 2222, key.blob).kind).toBe("trusted");
  expect(judge(text, "two", 22, key.blob)).toEqual({ kind: "unknown", onlyAuthority: false });
});

test("another key for a known host is a changed key, also one of another type", () => {
  const [known, other, rsa] = [newKey(), newKey(), newKey("-t", "rsa", "-b", "2048")];
  const text = `host ${known.type} ${known.base64}\n`;
  for (const key of [other, rsa]) {
    expect(judge(text, "host", 22, key.blob)).toEqual({ kind: "changed", known: [{ type: "ssh-ed25519", fingerprint: fingerprintOf(known.blob), place: "known_hosts:1" }] });
  }
});

test("a revoked key is refused even where another line trusts it, an authority alone trusts nobody", () => {
  const key = newKey();
  const line = `host ${key.type} ${key.base64}\n`;
  expect(judge(`${line}@revoked * ${key.type} ${key.base64}\n`, "host", 22, key.blob)).toEqual({ kind: "revoked", place: "known_hosts:2" });
  expect(judge(`@cert-authority * ${key.type} ${key.base64}\n`, "host", 22, key.blob)).toEqual({ kind: "unknown", onlyAuthority: true });
});

test("lines that make no sense trust nobody and harm no other line", () => {
  const key = newKey();
  const text = `host\nhost ssh-ed25519\n@whatever host ${key.type} ${key.base64}\n|1|broken ${key.type} ${key.base64}\n\0\0\nhost ${key.type} not!base64\nother ${key.type} ${key.base64}\n`;
  expect(judge(text, "host", 22, key.blob).kind).toBe("unknown");
  expect(judge(text, "other", 22, key.blob).kind).toBe("trusted");
});

test("fingerprints are OpenSSH's", () => {
  const key = newKey();
  expect(execFileSync("ssh-keygen", ["-lf", `${key.path}.pub`], { encoding: "utf8" })).toContain(fingerprintOf(key.blob));
  expect(toHostKey(key.blob)).toMatchObject({ type: "ssh-ed25519", base64: key.base64 });
});

test("the algorithms of known keys come first, and SHA-1 is never offered", () => {
  const key = newKey("-t", "ecdsa");
  expect(algorithmsPreferring(knownTypes(parseKnownHosts(`h ${key.type} ${key.base64}`, "x"), "h", 22))[0]).toBe("ecdsa-sha2-nistp256");
  expect(algorithmsPreferring(["ssh-rsa"])).not.toContain("ssh-rsa");
});

test("short RSA keys and DSA keys are weak", () => {
  const rsa = (bits: number) => {
    const modulus = Buffer.concat([Buffer.from([0]), Buffer.alloc(bits / 8, 0xff)]);
    const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
    return Buffer.concat([field(Buffer.from("ssh-rsa")), field(Buffer.from([1, 0, 1])), field(modulus)]);
  };
  expect(weaknessOf(rsa(1024))).toMatch(/1024 bits/);
  expect(weaknessOf(rsa(2048))).toBeUndefined();
  expect(weaknessOf(Buffer.from("\0\0\0\x07ssh-dss"))).toMatch(/DSA/);
});

test("trusting appends one line that ssh-keygen finds, once, with mode 0600; never over a changed key", async () => {
  const [key, other] = [newKey(), newKey()];
  const path = join(dir, "new", "known_hosts");
  expect(await trustHostKey(path, "Host", 2222, toHostKey(key.blob))).toBe(true);
  expect(await trustHostKey(path, "host", 2222, toHostKey(key.blob))).toBe(false);
  expect(found(path, "[host]:2222")).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(dir, "new"))).mode & 0o777).toBe(0o700);
  const before = await readFile(path, "utf8");
  await expect(trustHostKey(path, "host", 2222, toHostKey(other.blob))).rejects.toMatchObject({
    code: "SAGE_HOST_KEY_CHANGED", fingerprint: fingerprintOf(other.blob), knownFingerprints: [fingerprintOf(key.blob)],
  });
  expect(await readFile(path, "utf8")).toBe(before);
});

test("many who trust at once lose no line, also after a file without a last newline", async () => {
  const path = join(dir, "known_hosts");
  const key = newKey();
  await writeFile(path, `first ${key.type} ${key.base64}`);
  await trustHostKey(path, "second", 22, toHostKey(key.blob));
  await Promise.all(Array.from({ length: 30 }, (_, i) => trustHostKey(path, `host${i}`, 22, toHostKey(key.blob))));
  expect((await readKnownHosts(path, [])).length).toBe(32);
});
