// A daemon's server and its callers over TLS, with certificates made for each test.

import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Secret } from "@sage/core";
import { callUnary, handlersWith, healthClient, jobsClient, startGrpcServer, type ClientTls, type GrpcServer, type HealthHandlers, type JobsHandlers } from "../index.ts";
import { makeAuthority, makeCertificate, type Certificate } from "./certificate.ts";
import { openServerTls, type ServerTls, type ServerTlsFiles } from "./server-tls.ts";
import { speaksTls } from "./speaks-tls.ts";

const hourMs = 3_600_000;
const life = () => ({ fromMs: Date.now() - hourMs, untilMs: Date.now() + hourMs });
const names = ["localhost", "127.0.0.1"];
let dir = "";
let authority: Certificate;
const at = (name: string) => join(dir, name);

/** Writes NAME.pem and NAME.key. */
async function made(name: string, { cert, key }: Certificate): Promise<{ certPath: string; keyPath: string }> {
  await writeFile(at(`${name}.pem`), cert);
  await writeFile(at(`${name}.key`), key, { mode: 0o600 });
  return { certPath: at(`${name}.pem`), keyPath: at(`${name}.key`) };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sage-tls-"));
  authority = makeAuthority({ name: "ours", ...life() });
  await made("ca", authority);
  await made("other-ca", makeAuthority({ name: "another", ...life() }));
  await made("server", makeCertificate({ name: "server", names, ...life() }, authority));
});
afterAll(() => rm(dir, { recursive: true }));

async function serve(files?: ServerTlsFiles, token?: Secret): Promise<GrpcServer & { readonly tls: ServerTls | undefined }> {
  const { unary } = handlersWith(() => {});
  const jobs = { serverInfo: unary(async () => ({ version: "here" })) } as unknown as JobsHandlers;
  const health = { check: unary(async () => ({ status: "SERVING" })) } as unknown as HealthHandlers;
  const tls = files && openServerTls(files);
  return { ...(await startGrpcServer({ jobs, health }, { host: "127.0.0.1", port: 0, ...(tls ? { tls } : {}), ...(token ? { token } : {}) })), tls };
}

async function ask(server: { readonly port: number }, tls?: ClientTls, { host = "127.0.0.1", token }: { host?: string; token?: Secret } = {}): Promise<string> {
  await using client = jobsClient(`${host}:${server.port}`, { ...(tls ? { tls } : {}), ...(token ? { token } : {}) });
  return (await callUnary(client, "ServerInfo", {}, { deadlineMs: 10_000 })).version;
}

test("who trusts the daemon's authority gets through, by name and by address, with the token", async () => {
  const token = new Secret("s3cret");
  await using server = await serve({ certPath: at("server.pem"), keyPath: at("server.key") }, token);
  for (const host of ["127.0.0.1", "localhost"]) expect(await ask(server, { caPath: at("ca.pem") }, { host, token })).toBe("here");
  await expect(ask(server, { caPath: at("ca.pem") })).rejects.toMatchObject({ code: "SAGE_UNAUTHENTICATED" });
  // What the daemon tells its workers is enough for them.
  const { ca, serverName } = server.tls!.facts;
  expect(await ask(server, { ca: ca!, serverName: serverName! }, { token })).toBe("here");
});

test("another authority, other names, or a time that is over end the call with what is wrong, and never with a retry", async () => {
  const shown: [Certificate, ClientTls, RegExp][] = [
    [makeCertificate({ name: "s", names, ...life() }, authority), { caPath: at("other-ca.pem") }, /nobody who is trusted here vouches for its certificate/],
    [makeCertificate({ name: "s", names, ...life() }, authority), {}, /nobody who is trusted here vouches/],
    [makeCertificate({ name: "s", names: ["elsewhere"], ...life() }, authority), { caPath: at("ca.pem") }, /its certificate is for other names \(IP: 127.0.0.1 is not in the cert's list/],
    [makeCertificate({ name: "s", names, fromMs: 0, untilMs: Date.now() - hourMs }, authority), { caPath: at("ca.pem") }, /its certificate has expired/],
    [makeCertificate({ name: "s", names, fromMs: Date.now() + hourMs, untilMs: Date.now() + 2 * hourMs }, authority), { caPath: at("ca.pem") }, /its certificate is not yet valid/],
  ];
  for (const [certificate, tls, why] of shown) {
    await using server = await serve(await made("shown", certificate));
    await expect(ask(server, tls)).rejects.toMatchObject({ code: "SAGE_TLS_FAILED", retryable: false, message: expect.stringMatching(why) as string, hint: expect.anything() as string });
  }
});

test("clear text and TLS do not understand one another, and it is said", async () => {
  await using clear = await serve();
  await using safe = await serve({ certPath: at("server.pem"), keyPath: at("server.key") });
  await expect(ask(clear, { caPath: at("ca.pem") })).rejects.toMatchObject({ code: "SAGE_TLS_FAILED", message: expect.stringContaining("it does not speak TLS") as string });
  await expect(ask(safe)).rejects.toMatchObject({ code: "SAGE_DAEMON_UNREACHABLE" });
  expect(await speaksTls(`127.0.0.1:${safe.port}`)).toBe(true);
  expect(await speaksTls(`127.0.0.1:${clear.port}`, 200)).toBe(false);
  expect(await ask(safe, { caPath: at("ca.pem") })).toBe("here"); // and it has taken no harm
});

test("with an authority for callers, jobs want a certificate of it; health does not", async () => {
  const clientAuthority = makeAuthority({ name: "callers", ...life() });
  await made("client-ca", clientAuthority);
  await made("friend", makeCertificate({ name: "friend", names: ["friend"], ...life() }, clientAuthority));
  await made("stranger", makeCertificate({ name: "stranger", names: ["stranger"], ...life() }, authority));
  await using server = await serve({ certPath: at("server.pem"), keyPath: at("server.key"), clientCaPath: at("client-ca.pem") });
  const caPath = at("ca.pem");
  expect(await ask(server, { caPath, certPath: at("friend.pem"), keyPath: at("friend.key") })).toBe("here");
  for (const own of [{}, { certPath: at("stranger.pem"), keyPath: at("stranger.key") }]) {
    await expect(ask(server, { caPath, ...own })).rejects.toMatchObject({ code: "SAGE_CLIENT_CERTIFICATE_UNAUTHENTICATED", hint: expect.stringContaining("client_cert_file") as string });
  }
  await using health = healthClient(`127.0.0.1:${server.port}`, { tls: { caPath } });
  expect((await callUnary(health, "Check", { service: "" }, { deadlineMs: 10_000 })).status).toBe("SERVING");
});

test("a certificate that is replaced on disk is shown from then on; a broken one is refused and the former stays", async () => {
  const files = await made("renewed", makeCertificate({ name: "s", names: ["old"], ...life() }, authority));
  await using server = await serve(files);
  await expect(ask(server, { caPath: at("ca.pem") })).rejects.toMatchObject({ code: "SAGE_TLS_FAILED" });
  expect(server.tls!.reload()).toBe(false);
  await writeFile(at("renewed.pem"), "half a certi");
  expect(() => server.tls!.reload()).toThrow(/renewed.pem cannot be used for TLS: there is no certificate in it/);
  expect(await ask(server, { caPath: at("ca.pem"), serverName: "old" })).toBe("here");
  await made("renewed", makeCertificate({ name: "s", names, ...life() }, authority));
  expect(server.tls!.reload()).toBe(true);
  expect(await ask(server, { caPath: at("ca.pem") })).toBe("here");
});

test("files that are missing, open to others, swapped or not what they are called are named at start", async () => {
  const pair = await made("pair", makeCertificate({ name: "s", names, ...life() }, authority));
  expect(() => openServerTls({ ...pair, certPath: at("nowhere.pem") })).toThrow(/nowhere.pem cannot be used for TLS: there is no such file/);
  expect(() => openServerTls({ ...pair, keyPath: at("server.key") })).toThrow(/server.key cannot be used for TLS: it is not the key of .*pair.pem/);
  expect(() => openServerTls({ ...pair, keyPath: at("pair.pem") })).toThrow(/others can read it/);
  await writeFile(at("no.key"), "hello", { mode: 0o600 });
  expect(() => openServerTls({ ...pair, keyPath: at("no.key") })).toThrow(/no private key in it/);
  expect(() => jobsClient("127.0.0.1:1", { tls: { caPath: at("no.key") } })).toThrow(/no certificate in it/);
  await rename(at("pair.key"), at("moved.key"));
  expect(() => openServerTls(pair)).toThrow(/pair.key cannot be used for TLS: there is no such file/);
});

test("TLS 1.1, and bytes that are no TLS, are refused and do no harm", async () => {
  await using server = await serve({ certPath: at("server.pem"), keyPath: at("server.key") });
  const old = connectTls({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" });
  await expect(new Promise((resolve, reject) => { old.once("secureConnect", resolve).once("error", reject); })).rejects.toThrow(/version|alert|protocol/i);
  const noise = connectTcp({ host: "127.0.0.1", port: server.port });
  noise.on("error", () => {}).write("GET / HTTP/1.1\r\n\r\n");
  await new Promise((resolve) => noise.once("close", resolve).resume());
  expect(await ask(server, { caPath: at("ca.pem") })).toBe("here");
});
