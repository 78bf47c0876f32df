// A cluster that lets in only who shows a token and a certificate.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServer } from "node:tls";
import { Secret } from "@sage/core";
import { connectRay, connectRayJob, RayAuthError, RayDashboard, RayUnreachableError, startWorkerHost, type RayTls } from "../index.ts";
import { startDriverServer } from "./driver-server.ts";
import { startRayHead, type RayHead } from "./ray-head.ts";
import type { RayVersion } from "./ray-venv.ts";

const run = promisify(execFile);
const token = new Secret("5a".repeat(32));

/** A certificate authority and one certificate for all, as PEM files. */
async function makeCertificates(dir: string): Promise<{ ca: string; cert: string; key: string }> {
  const path = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => run("openssl", args);
  await openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test-ca", "-keyout", path("ca.key"), "-out", path("ca.pem"));
  await openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sage-test", "-keyout", path("key.pem"), "-out", path("cert.csr"));
  const { stdout } = await run("hostname", ["-I"]);
  const addresses = stdout.trim().split(/\s+/).map((ip) => `IP:${ip}`);
  await writeFile(path("names"), `subjectAltName=${["DNS:localhost", "IP:127.0.0.1", ...addresses].join(",")}`);
  await openssl("x509", "-req", "-in", path("cert.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", path("names"), "-out", path("cert.pem"));
  return { ca: path("ca.pem"), cert: path("cert.pem"), key: path("key.pem") };
}

export function authSuite(version: RayVersion, startMs: number): void {
  let dir: string;
  let head: RayHead;
  let tls: RayTls;
  let files: Awaited<ReturnType<typeof makeCertificates>>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "sage-ray-auth-"));
    files = await makeCertificates(dir);
    tls = files;
    const tokenPath = join(dir, "token");
    await writeFile(tokenPath, token.reveal(), { mode: 0o600 });
    head = await startRayHead(version, {
      tokenPath, env: { RAY_USE_TLS: "1", RAY_TLS_SERVER_CERT: files.cert, RAY_TLS_SERVER_KEY: files.key, RAY_TLS_CA_CERT: files.ca },
    });
  }, startMs);
  afterAll(async () => {
    await head?.[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  test("who shows both gets in", async () => {
    await using ray = await connectRay(head.address, { token, tls });
    expect(await ray.nodes()).toMatchObject([{ isAlive: true }]);
    expect(await ray.call({ source: "def f(x): return x", functionName: "f" }, 5)).toBe(5);
  });

  test("who shows no token, or another, is told so", async () => {
    await expect(connectRay(head.address, { tls })).rejects.toBeInstanceOf(RayAuthError);
    const error = (await connectRay(head.address, { tls, token: "wrong-token-of-somebody" }).catch((thrown: unknown) => thrown)) as RayAuthError;
    expect(error).toBeInstanceOf(RayAuthError);
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toContain("wrong-token");
  });

  test("who shows no certificate is refused by the connection itself", async () => {
    await expect(connectRay(head.address, { token })).rejects.toBeInstanceOf(RayUnreachableError);
  });

  test("a child process sees nothing of the token", async () => {
    await using ray = await connectRay(head.address, { token, tls });
    await using host = await startWorkerHost(ray, { argv: [process.execPath, "-e", "console.log(JSON.stringify(process.env))"], options: { numCpus: 0.1 } });
    await host.exited();
    expect((await host.output()).lines.join("\n")).not.toContain(token.reveal());
  });

  test("a driver that runs as a Ray Job needs the token too, comes by https where the dashboard lies behind it, and dials us by TLS", async () => {
    const [cert, key, ca] = (await Promise.all([files.cert, files.key, files.ca].map((path) => readFile(path, "utf8")))) as [string, string, string];
    await using server = await startDriverServer({ tls: { ca, cert, key } });
    const front = createServer({ cert, key }, (socket) => {
      const inner = connect(Number(new URL(head.dashboard).port), "127.0.0.1");
      socket.on("error", () => inner.destroy()).pipe(inner).on("error", () => socket.destroy()).pipe(socket);
    }).listen(0, "127.0.0.1");
    await once(front, "listening");
    const url = `https://localhost:${(front.address() as AddressInfo).port}`;
    const options = { door: server.door, owner: "auth", namespace: "auth" };
    await expect(connectRayJob(url, { ...options, token })).rejects.toBeInstanceOf(RayUnreachableError); // nobody we trust has signed its certificate
    await expect(connectRayJob(url, { ...options, ca })).rejects.toMatchObject({ code: "SAGE_RAY_UNAUTHENTICATED", status: 401 });
    await using ray = await connectRayJob(url, { ...options, ca, token });
    await using host = await startWorkerHost(ray, { argv: [process.execPath, "-e", "console.log(JSON.stringify(process.env))"], options: { numCpus: 0.1 } });
    await host.exited();
    expect((await host.output()).lines.join("\n")).not.toContain(token.reveal());
    await ray.close();
    front.close();
  });

  test("the dashboard wants the token too, but for its health", async () => {
    await expect(new RayDashboard(head.dashboard).version()).rejects.toMatchObject({ code: "SAGE_RAY_UNAUTHENTICATED", status: 401 });
    await expect(new RayDashboard(head.dashboard, { token: "wrong-token" }).version()).rejects.toMatchObject({ code: "SAGE_RAY_UNAUTHENTICATED", status: 403 });
    expect(await new RayDashboard(head.dashboard).isHealthy()).toBe(true);
    const dashboard = new RayDashboard(head.dashboard, { token });
    expect((await dashboard.version()).rayVersion).toBe(version);
    const id = await dashboard.jobs.submit({ entrypoint: "echo in" });
    let log = "";
    for await (const piece of dashboard.jobs.follow(id)) log += piece;
    expect(log).toContain("in\n");
  });
}
