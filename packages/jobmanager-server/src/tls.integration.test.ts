// A daemon that is open to other machines: its callers and its workers come over TLS.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Secret } from "@sage/core";
import { callUnary, jobsClient, makeAuthority, makeCertificate } from "@sage/protocol";
import { startDaemon } from "./compose.ts";
import { bundled, bundleText, deadlineMs, makeTempDir, packageTempDir, planOf, submission, upload } from "./testing/test-daemon.ts";

let dir: Awaited<ReturnType<typeof packageTempDir>>;
let worker: string;
beforeAll(async () => {
  dir = await packageTempDir();
  worker = await bundled("./scripted-worker.ts", join(dir.path, "worker.mjs"));
  const life = { fromMs: Date.now() - 60_000, untilMs: Date.now() + 3_600_000 };
  const authority = makeAuthority({ name: "ours", ...life });
  const { cert, key } = makeCertificate({ name: "daemon", names: ["base-sage"], ...life }, authority);
  await writeFile(join(dir.path, "ca.pem"), authority.cert);
  await writeFile(join(dir.path, "cert.pem"), cert);
  await writeFile(join(dir.path, "key.pem"), key, { mode: 0o600 });
});
afterAll(() => dir[Symbol.asyncDispose]());

test("workers come back to their daemon over TLS and do their job, also where callers have to show a certificate", async () => {
  await using home = await makeTempDir();
  const at = (name: string) => join(dir.path, name);
  const token = new Secret("s3cret");
  const files = { certPath: at("cert.pem"), keyPath: at("key.pem") };
  await using daemon = await startDaemon({ home: home.path, workerEntry: worker, host: "0.0.0.0", port: 0, token, tls: { ...files, clientCaPath: at("ca.pem") }, heartbeatIntervalMs: 100 });
  await using client = jobsClient(`127.0.0.1:${daemon.port}`, { token, tls: { caPath: at("ca.pem"), serverName: "base-sage", ...files } });
  await upload(client, bundleText);
  const { jobId } = await callUnary(client, "Submit", submission("complete", planOf()), { deadlineMs });
  await expect.poll(async () => (await callUnary(client, "Get", { jobId }, { deadlineMs })).phase, { timeout: 30_000 }).toBe("COMPLETED");
  expect(daemon.tls?.serverName).toBe("base-sage");
});
