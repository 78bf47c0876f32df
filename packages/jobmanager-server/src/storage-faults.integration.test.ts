// Disks that are full, files that are not what was written, clocks that jump.

import { systemClock } from "@sage/core";
import { callServerStream, callUnary, type JobView } from "@sage/protocol";
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { daemonPrograms, startDaemonProcess, type DaemonPrograms } from "./testing/daemon-process.ts";
import { bundleText, deadlineMs, makeTempDir, planOf, sha256, startTestDaemon, submission, upload, type TestDaemon } from "./testing/test-daemon.ts";

let dir: Awaited<ReturnType<typeof makeTempDir>>;
let programs: DaemonPrograms;
beforeAll(async () => {
  dir = await makeTempDir();
  programs = await daemonPrograms("./ledger-worker.ts");
});
afterAll(async () => {
  await dir[Symbol.asyncDispose]();
  await programs[Symbol.asyncDispose]();
});

async function requestOf(limit: number, env: Readonly<Record<string, string>> = {}) {
  const ledger = await mkdtemp(join(dir.path, "ledger-"));
  const request = submission("ledger", planOf(), {
    checkpoints: { intervalMs: 100, keep: 2 }, restart: { exponential: { initialMs: 10, maxMs: 100, attempts: 1_000 } },
    env: { LEDGER: ledger, LIMIT: String(limit), PAUSE_MS: "2", ...env },
  });
  return { request, ledger, jobId: request.jobId ?? "" };
}

/** Each instance's numbers, as far as they go on from one another. */
async function rowsOf(ledger: string): Promise<number[][]> {
  const rows: number[][] = [[], []];
  for (const name of (await readdir(ledger)).sort()) {
    if (!name.endsWith(".part")) rows[Number(name.split("-")[0])]!.push(...(await readFile(join(ledger, name), "utf8")).trim().split("\n").map(Number));
  }
  return rows;
}

async function when({ client }: Pick<TestDaemon, "client">, jobId: string, holds: (job: JobView) => boolean): Promise<JobView> {
  let last: JobView | undefined;
  for await (const job of callServerStream(client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) {
    last = job;
    if (holds(job)) return job;
  }
  throw new Error(`the job ended as ${last?.phase}: ${last?.failure?.message}`);
}

const newestOf = (job: JobView): number => job.checkpoints.findLast(({ state }) => state === "complete")?.id ?? 0;

/** Writes until there is no space. */
async function fill(path: string): Promise<void> {
  for (const bytes of [1 << 20, 1 << 12, 1]) {
    for (let full = false; !full; ) await writeFile(path, Buffer.alloc(bytes, "x"), { flag: "a" }).catch((error: NodeJS.ErrnoException) => { if (error.code !== "ENOSPC") throw error; full = true; });
  }
}

test("on a full disk jobs live on and new ones are refused with the reason; a worker lost meanwhile is recovered, and the log counts what is missing, when there is space again", async () => {
  const home = await mkdtemp(join(dir.path, "home-"));
  const within = ["unshare", ...(process.getuid?.() === 0 ? ["-m"] : ["-Urm"]), "sh", "-c", 'mount -t tmpfs -o size=24m tmpfs "$0" && exec "$@"', home];
  await using daemon = await startDaemonProcess({ ...programs, home, within });
  const filler = join(`/proc/${daemon.pid}/root`, home, "filler"); // its mounts are its own
  const { request, ledger, jobId } = await requestOf(1_000_000, { TALK: "3000" });
  const { client } = daemon;
  await upload(client, bundleText);
  await callUnary(client, "Submit", request, { deadlineMs });
  await when(daemon, jobId, (job) => newestOf(job) > 2);
  await fill(filler);
  await expect.poll(async () => callUnary(client, "Submit", (await requestOf(10)).request, { deadlineMs }).then(() => "accepted", (error: { code: string }) => error.code), { timeout: deadlineMs })
    .toMatch(/^SAGE_(STATE_NOT_WRITTEN|DISK_FULL)$/);
  let heard = 0;
  for await (const _ of callServerStream(client, "Logs", { jobId }, { deadlineMs })) heard -= 1; // what the disk has
  for await (const _ of callServerStream(client, "Logs", { jobId, follow: true }, { deadlineMs })) if (++heard > 3) break;
  const job = await callUnary(client, "Get", { jobId }, { deadlineMs });
  expect(job.phase).toBe("RUNNING");
  process.kill(job.operators[0]!.instances[0]!.pid, "SIGKILL");
  expect(await callUnary(client, "List", {}, { deadlineMs })).toMatchObject({ jobs: [{ jobId }] });
  await expect(callUnary(client, "Submit", (await requestOf(10)).request, { deadlineMs })).rejects.toMatchObject({ code: expect.stringMatching(/^SAGE_(STATE_NOT_WRITTEN|DISK_FULL)$/) as string });
  await rm(filler);
  await when(daemon, jobId, (each) => each.phase === "RUNNING" && newestOf(each) > newestOf(job) + 2);
  const said: string[] = [];
  for await (const { text } of callServerStream(client, "Logs", { jobId }, { deadlineMs })) said.push(text);
  const missing = said.findIndex((text) => /^\d+ lines? (is|are) missing above/.test(text));
  expect(missing).toBeGreaterThan(0);
  expect(said.slice(missing + 1)).toContain("x".repeat(3_000));
  const next = await requestOf(20);
  await callUnary(client, "Submit", next.request, { deadlineMs });
  expect((await when(daemon, next.jobId, (each) => each.resourcesReleased)).phase).toBe("COMPLETED");
  await callUnary(client, "Stop", { jobId, drain: true }, { deadlineMs });
  expect((await callUnary(client, "Get", { jobId }, { deadlineMs })).phase).toBe("COMPLETED");
  for (const row of await rowsOf(ledger)) expect(row).toEqual(Array.from({ length: row.length }, (_, n) => n));
  await callUnary(client, "Cleanup", { force: true }, { deadlineMs });
});

test.each([
  ["cut", (path: string) => truncate(path, 3)], ["emptied", (path: string) => truncate(path, 0)], ["removed", (path: string) => rm(path)],
  ["changed in one bit", async (path: string) => { const bytes = await readFile(path); bytes[2]! ^= 4; await writeFile(path, bytes); }],
])("an artifact that was %s on disk fails a job that needs it, by its path; uploaded again, the job continues", async (_what, spoil) => {
  await using server = await startTestDaemon(programs.workerEntry);
  const { request, jobId, ledger } = await requestOf(2_000);
  await callUnary(server.client, "Submit", request, { deadlineMs });
  await when(server, jobId, (job) => newestOf(job) > 0);
  await callUnary(server.client, "Stop", { jobId }, { deadlineMs });
  const hash = sha256(bundleText);
  const path = join(server.home, "jobmanager/artifacts", hash.slice(0, 2), hash);
  await spoil(path);
  await callUnary(server.client, "Continue", { jobId }, { deadlineMs });
  await expect.poll(async () => (await callUnary(server.client, "Get", { jobId }, { deadlineMs })).failure, { timeout: deadlineMs }).toMatchObject({ code: "SAGE_ARTIFACT_DAMAGED", message: expect.stringContaining(path) as string });
  expect((await callUnary(server.client, "MissingArtifacts", { hashes: [hash] }, { deadlineMs })).hashes).toEqual([hash]);
  expect(await upload(server.client, bundleText)).toBe(false);
  expect((await stat(path)).size).toBe(bundleText.length);
  await callUnary(server.client, "Continue", { jobId }, { deadlineMs });
  expect((await when(server, jobId, (job) => job.resourcesReleased && job.phase !== "FAILED")).phase).toBe("COMPLETED");
  expect(await rowsOf(ledger)).toEqual([0, 1].map(() => Array.from({ length: 2_000 }, (_, n) => n)));
});

test.each([["cut", (path: string) => truncate(path, 1_000)], ["overwritten", (path: string) => writeFile(path, Buffer.alloc(20_000, "junk"))]])(
  "a daemon whose database was %s does not start, and names the file", async (_what, spoil) => {
    const home = await mkdtemp(join(dir.path, "home-"));
    await using first = await startTestDaemon(programs.workerEntry, { home });
    await first[Symbol.asyncDispose]();
    const path = join(home, "jobmanager/state.db");
    for (const more of ["-wal", "-shm"]) await rm(`${path}${more}`, { force: true });
    await spoil(path);
    await expect(startTestDaemon(programs.workerEntry, { home })).rejects.toThrow(path);
  });

test("a clock that jumps back and forth by an hour loses no worker, hurries no checkpoint, and changes nothing in the ledger", async () => {
  let offsetMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + offsetMs, monotonicMs: () => systemClock.monotonicMs(), sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms, signal) };
  await using server = await startTestDaemon(programs.workerEntry, { clock, timing: { heartbeatTimeoutMs: 5_000 } });
  const { request, jobId, ledger } = await requestOf(800);
  await callUnary(server.client, "Submit", request, { deadlineMs });
  for (const jumpMs of [-3_600_000, 3_600_000, -60_000, 0]) {
    const known = newestOf(await callUnary(server.client, "Get", { jobId }, { deadlineMs }));
    offsetMs = jumpMs;
    await when(server, jobId, (job) => newestOf(job) > known || job.resourcesReleased);
  }
  const job = await when(server, jobId, (each) => each.resourcesReleased);
  expect(job).toMatchObject({ phase: "COMPLETED", attempt: 1, restartCount: 0 });
  expect(job.checkpoints.filter(({ state }) => state === "failed")).toEqual([]);
  expect(job.checkpoints.every(({ durationMs }) => durationMs >= 0 && durationMs < 600_000)).toBe(true);
  expect(await rowsOf(ledger)).toEqual([0, 1].map(() => Array.from({ length: 800 }, (_, n) => n)));
});
