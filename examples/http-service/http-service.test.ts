// The service over real HTTP, with a real daemon and real worker processes.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startService, type Service } from "./service.ts";

let home: string;
let daemon: ReturnType<typeof spawnDaemon>;
let service: Service;
let url: string;

function spawnDaemon() {
  const program = createRequire(import.meta.url).resolve("@sage/jobmanager-server/daemon");
  return spawn(process.execPath, [program, "--port", "0", "--home", home, "--parent-stdin"], { stdio: ["pipe", "pipe", "inherit"] });
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "sage-http-service-"));
  daemon = spawnDaemon();
  const [ready] = (await once(createInterface({ input: daemon.stdout }), "line")) as [string];
  service = await startService(0, { port: (JSON.parse(ready) as { port: number }).port });
  url = `http://127.0.0.1:${service.port}`;
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  const ended = daemon.exitCode === null ? once(daemon, "exit") : undefined;
  daemon.stdin.end();
  await ended;
  await rm(home, { recursive: true, force: true });
});

const post = async (body: unknown) => fetch(`${url}/jobs`, { method: "POST", body: JSON.stringify(body) });
const jsonOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

test("a caller's text is counted by a job, and the counts come back as JSON lines", async () => {
  const accepted = await post({ text: "To be, or not to be:\nthat is the question", parallelism: 2 });
  expect(accepted.status).toBe(202);
  const { id } = (await accepted.json()) as { id: string };
  const lines = (await (await fetch(`${url}/jobs/${id}/counts`)).text()).trim().split("\n");
  const counts = Object.fromEntries(lines.map((line) => JSON.parse(line) as { word: string; count: number }).map(({ word, count }) => [word, count]));
  expect(counts).toEqual({ to: 2, be: 2, or: 1, not: 1, that: 1, is: 1, the: 1, question: 1 });
  expect(await jsonOf(await fetch(`${url}/jobs/${id}`))).toMatchObject({ jobId: id, name: "word-count" });
});

test("mistakes of the caller are 4xx, in words", async () => {
  expect((await post("text")).status).toBe(400);
  expect((await fetch(`${url}/jobs`, { method: "POST", body: "{" })).status).toBe(400);
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  const unknown = await fetch(`${url}/jobs/0196c0de-0000-7000-8000-000000000001`);
  expect([unknown.status, await jsonOf(unknown)]).toMatchObject([404, { code: "SAGE_JOB_NOT_FOUND" }]);
  expect((await post({ text: "a", parallelism: 0 })).status).toBe(400);
});

test("its health is the daemon's: without one it is 503, and so is a submit", async () => {
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const ended = once(daemon, "exit");
  daemon.stdin.end();
  await ended;
  expect((await fetch(`${url}/health`)).status).toBe(503);
  expect((await post({ text: "a" })).status).toBe(503);
});
