import { callServerStream, callUnary, type JobView, type SubmitRequestInit } from "@sage/protocol";
import { newJobId } from "@sage/core";
import { mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startS3Server } from "./testing/s3-server.ts";
import { bundled, deadlineMs, makeTempDir, planOf, startTestDaemon, type TestDaemon } from "./testing/test-daemon.ts";

let dir: Awaited<ReturnType<typeof makeTempDir>>;
let worker = "";
beforeAll(async () => {
  dir = await makeTempDir();
  worker = await bundled("./ledger-worker.ts", join(dir.path, "ledger-worker.mjs"));
});
afterAll(() => dir[Symbol.asyncDispose]());

/** A job of two instances that each count to `limit` into a ledger, with a checkpoint each 50 ms. */
async function ledgerJob(server: TestDaemon, env: Record<string, string> = {}, more: SubmitRequestInit = {}) {
  const ledger = await mkdtemp(join(dir.path, "ledger-"));
  const settings = {
    checkpoints: { intervalMs: 50, keep: 3 }, restart: { exponential: { initialMs: 10, attempts: 5 } },
    env: { SCRIPT: "", LEDGER: ledger, ...env }, ...more,
  };
  const job = await server.submit("ledger", planOf(), settings);
  return { jobId: job.jobId, ledger };
}

/** What each instance has written, in order of the checkpoints. */
async function ledgerOf(path: string, instances = 2): Promise<number[][]> {
  const rows = Array.from({ length: instances }, (): number[] => []);
  for (const name of (await readdir(path)).sort()) {
    const [index] = name.split("-");
    rows[Number(index)]!.push(...(await readFile(join(path, name), "utf8")).trim().split("\n").map(Number));
  }
  return rows;
}

const complete = (limit = 200) => [0, 1].map(() => Array.from({ length: limit }, (_, n) => n));

async function when({ client }: TestDaemon, jobId: string, holds: (job: JobView) => boolean): Promise<JobView> {
  let last: JobView | undefined;
  for await (const job of callServerStream(client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) {
    last = job;
    if (holds(job)) return job;
  }
  throw new Error(`the job ended as ${last?.phase}: ${last?.failure?.message}`);
}

async function over(server: TestDaemon, jobId: string): Promise<JobView> {
  return when(server, jobId, (job) => job.resourcesReleased);
}

const completeOnes = (job: JobView) => job.checkpoints.filter(({ state }) => state === "complete");

test("without a fault every number is in the ledger once, and the last checkpoints are kept", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server);
  const job = await over(server, jobId);
  expect(job).toMatchObject({ phase: "COMPLETED", restartCount: 0 });
  expect(await ledgerOf(ledger)).toEqual(complete());
  expect(completeOnes(job).length).toBeLessThanOrEqual(4);
  const folders = async () => (await readdir(join(server.home, "jobmanager/checkpoints", jobId))).sort();
  await expect.poll(folders, { timeout: deadlineMs }).toEqual(completeOnes(job).map(({ path }) => path.split("/").at(-1)!).sort());
});

test.each(["barrier@2", "written@2", "acked@3", "committed@1", "committed@3"])("SIGKILL of every worker at %s changes nothing in the ledger", async (KILL_AT) => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server, { KILL_AT });
  const job = await over(server, jobId);
  expect(job.phase).toBe("COMPLETED");
  expect(job.restarts).toMatchObject([{ code: "SAGE_WORKER_LOST", attempt: 2 }]);
  expect(job.restarts[0]!.recoveredMs).toBeGreaterThan(0);
  expect(job.history.map(({ phase }) => phase)).toEqual(["INITIALIZING", "RUNNING", "RECOVERING", "RUNNING", "COMPLETED"]);
  expect(await ledgerOf(ledger)).toEqual(complete());
});

test("workers killed again and again, in the middle of recovery too, leave the ledger as it should be", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server, { LIMIT: "400" });
  for (let kills = 0; kills < 5; kills++) {
    const job = await when(server, jobId, (each) => each.phase === "RUNNING" && each.operators[0]!.instances.every(({ pid, state }) => pid > 0 && state === "running"));
    const victim = job.operators[0]!.instances[kills % 2]!;
    try { process.kill(victim.pid, "SIGKILL"); } catch { /* it has ended meanwhile */ }
    await when(server, jobId, (each) => each.restartCount > kills || each.resourcesReleased);
  }
  const job = await over(server, jobId);
  expect(job.phase).toBe("COMPLETED");
  expect(await ledgerOf(ledger)).toEqual(complete(400));
});

test("stop saves the state and frees the workers, continue goes on there; both can be repeated", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server, { LIMIT: "300" });
  await when(server, jobId, (job) => completeOnes(job).length > 0);
  const stopped = await callUnary(server.client, "Stop", { jobId }, { deadlineMs });
  expect(stopped).toMatchObject({ phase: "STOPPED", resourcesReleased: true });
  const saved = completeOnes(stopped).at(-1)!;
  expect(saved).toMatchObject({ kind: "savepoint", reason: "stop", path: stopped.savepointDir });
  expect((await callUnary(server.client, "Stop", { jobId }, { deadlineMs })).history).toEqual(stopped.history);
  const before = await ledgerOf(ledger); // committed before the stop was answered
  expect(before[0]!.length).toBeGreaterThan(0);
  const [first, second] = await Promise.all([1, 2].map(() => callUnary(server.client, "Continue", { jobId }, { deadlineMs })));
  expect([first!.attempt, second!.attempt]).toEqual([2, 2]);
  const job = await over(server, jobId);
  expect(job).toMatchObject({ phase: "COMPLETED", restoredFrom: { id: saved.id } });
  expect(await ledgerOf(ledger)).toEqual(complete(300));
});

test("stop --now saves nothing; continue does again what came behind the last checkpoint", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server, { LIMIT: "300" });
  await when(server, jobId, (job) => completeOnes(job).length > 1);
  const stopped = await callUnary(server.client, "Stop", { jobId, now: true }, { deadlineMs });
  expect(completeOnes(stopped).every(({ kind }) => kind === "checkpoint")).toBe(true);
  await callUnary(server.client, "Continue", { jobId }, { deadlineMs });
  expect((await over(server, jobId)).phase).toBe("COMPLETED");
  expect(await ledgerOf(ledger)).toEqual(complete(300));
});

test("stop --drain ends the sources and completes the job", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server, { LIMIT: "1000000" });
  await when(server, jobId, (job) => completeOnes(job).length > 0);
  expect(await callUnary(server.client, "Stop", { jobId, drain: true }, { deadlineMs })).toMatchObject({ phase: "COMPLETED" });
  const rows = await ledgerOf(ledger);
  for (const row of rows) expect(row).toEqual(row.map((_, n) => n));
});

test("a job whose state cannot be saved says so at stop, and goes on", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await ledgerJob(server, { DECLINE: "1", LIMIT: "1000000" });
  await when(server, jobId, (job) => job.phase === "RUNNING");
  const error = await callUnary(server.client, "Stop", { jobId }, { deadlineMs }).catch((caught: unknown) => caught as Error);
  expect(error).toMatchObject({ code: "SAGE_CHECKPOINT_FAILED" });
  expect((error as Error).message).toMatch(/"NumberBatch": cannot be saved/);
  expect((await callUnary(server.client, "Get", { jobId }, { deadlineMs })).phase).toBe("RUNNING");
  expect((await callUnary(server.client, "Stop", { jobId, now: true }, { deadlineMs })).phase).toBe("STOPPED");
});

test("a poison record ends the job by its strategy, with operator and record", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await ledgerJob(server, { FAIL_AT: "30" }, { restart: { fixed: { attempts: 3, delayMs: 1 } } });
  const job = await over(server, jobId);
  expect(job).toMatchObject({ phase: "FAILED", restartCount: 3, failure: { operator: "NumberBatch", recordNumber: 30 } });
  expect(job.restarts).toHaveLength(3);
});

test("with the strategy none the first lost worker is the end; the job can be continued", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server, { KILL_AT: "committed@2" }, { restart: { none: {} } });
  expect(await over(server, jobId)).toMatchObject({ phase: "FAILED", failure: { code: "SAGE_WORKER_LOST" } });
  await callUnary(server.client, "Continue", { jobId }, { deadlineMs });
  expect(await over(server, jobId)).toMatchObject({ phase: "COMPLETED", failure: null });
  expect(await ledgerOf(ledger)).toEqual(complete());
});

test("a savepoint is one savepoint however often it is asked for, and another job begins with it", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId, ledger } = await ledgerJob(server, { LIMIT: "1000000" });
  await when(server, jobId, (job) => job.phase === "RUNNING");
  const savepointId = newJobId();
  const [first, second] = await Promise.all([1, 2].map(() => callUnary(server.client, "Savepoint", { jobId, savepointId }, { deadlineMs })));
  expect(first).toMatchObject({ kind: "savepoint", state: "complete", savepointId, id: second!.id });
  expect((await callUnary(server.client, "Savepoint", { jobId, savepointId }, { deadlineMs })).path).toBe(first!.path);
  await callUnary(server.client, "Stop", { jobId, now: true }, { deadlineMs });
  const next = await ledgerJob(server, { LIMIT: "1" }, { fromSavepoint: savepointId });
  const job = await over(server, next.jobId);
  expect(job.phase).toBe("COMPLETED");
  expect((await ledgerOf(next.ledger)).flat().length).toBeGreaterThan(0); // what was prepared with the savepoint
  expect(ledger).not.toBe(next.ledger);
  for (const nothing of ["nothing", "/nowhere"]) await expect(server.submit("ledger", planOf(), { fromSavepoint: nothing })).rejects.toMatchObject({ code: "SAGE_CHECKPOINT_NOT_FOUND", message: expect.stringContaining(nothing) as string });
});

test.each([
  ["truncated", async (path: string) => truncate(path, 3)],
  ["missing", async (path: string) => unlink(path)],
  ["bit-flipped", flipBit],
])("a %s state file is found, and the checkpoint before it is used", async (_how, damage) => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await ledgerJob(server, { LIMIT: "1000000" });
  await when(server, jobId, (job) => completeOnes(job).length >= 2);
  const stopped = await callUnary(server.client, "Stop", { jobId, now: true }, { deadlineMs });
  const [older, newest] = completeOnes(stopped).slice(-2);
  const file = (await readdir(newest!.path)).find((name) => name !== "manifest")!;
  await damage(join(newest!.path, file));
  await callUnary(server.client, "Continue", { jobId }, { deadlineMs });
  const job = await when(server, jobId, (each) => each.phase === "RUNNING");
  expect(job.restoredFrom?.id).toBe(older!.id);
  expect(job.checkpoints.find(({ id }) => id === newest!.id)?.state).toBe("damaged");
  await callUnary(server.client, "Stop", { jobId, now: true }, { deadlineMs });
});

test("a job that began with the savepoint of another, of which a bit has flipped since, fails and does not try again and again", async () => {
  await using server = await startTestDaemon(worker);
  const first = await ledgerJob(server, { LIMIT: "1000000" });
  await when(server, first.jobId, (job) => job.phase === "RUNNING");
  const { path } = await callUnary(server.client, "Savepoint", { jobId: first.jobId, savepointId: newJobId() }, { deadlineMs });
  const { jobId } = await ledgerJob(server, { LIMIT: "1000000" }, { fromSavepoint: path, checkpoints: { intervalMs: 3_600_000 }, restart: { none: {} } });
  expect(await when(server, jobId, (job) => job.phase === "RUNNING")).toMatchObject({ restoredFrom: { path } });
  for (const each of [first.jobId, jobId]) await callUnary(server.client, "Stop", { jobId: each, now: true }, { deadlineMs });
  const file = join(path, (await readdir(path)).find((name) => name !== "manifest")!);
  await flipBit(file);
  await callUnary(server.client, "Continue", { jobId }, { deadlineMs });
  const job = await over(server, jobId);
  expect(job).toMatchObject({ phase: "FAILED", restartCount: 0 });
  expect(job.failure!.message).toContain(basename(file));
});

async function flipBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[0]! ^= 1;
  await rm(path); // another checkpoint may have it too
  await writeFile(path, bytes);
}

test("a job with no whole checkpoint fails and names the file", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await ledgerJob(server, { LIMIT: "1000000" });
  await when(server, jobId, (job) => completeOnes(job).length >= 1);
  const stopped = await callUnary(server.client, "Stop", { jobId, now: true }, { deadlineMs });
  for (const { path } of completeOnes(stopped)) await truncate(join(path, "manifest"), 20);
  await callUnary(server.client, "Continue", { jobId }, { deadlineMs });
  const job = await over(server, jobId);
  expect(job).toMatchObject({ phase: "FAILED", failure: { code: "SAGE_CHECKPOINT_DAMAGED" } });
  expect(job.failure!.message).toContain("manifest");
});

test("a daemon that is closed hands its jobs over: the next one goes on with them", async () => {
  await using home = await makeTempDir();
  const first = await startTestDaemon(worker, { home: home.path });
  const { jobId, ledger } = await ledgerJob(first, { LIMIT: "300" });
  await when(first, jobId, (job) => completeOnes(job).length > 0);
  await first[Symbol.asyncDispose]();
  await using second = await startTestDaemon(worker, { home: home.path });
  const job = await over(second, jobId);
  expect(job).toMatchObject({ phase: "COMPLETED", restarts: [{ code: "SAGE_DAEMON_RESTARTED" }] });
  expect(await ledgerOf(ledger)).toEqual(complete(300));
});

test("a rescaled job goes on with another number of workers", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await ledgerJob(server, { LIMIT: "1000000" });
  await when(server, jobId, (job) => job.phase === "RUNNING");
  const rescaled = await callUnary(server.client, "Rescale", { jobId, parallelism: 3 }, { deadlineMs });
  expect(rescaled).toMatchObject({ phase: "RECOVERING", parallelism: 3 });
  const job = await when(server, jobId, (each) => each.phase === "RUNNING");
  expect(job.operators[0]!.instances).toHaveLength(3);
  await callUnary(server.client, "Delete", { jobId, force: true }, { deadlineMs });
  await expect(readdir(join(server.home, "jobmanager/checkpoints", jobId))).rejects.toMatchObject({ code: "ENOENT" });
});


test("with checkpoints at an S3-compatible server, a job goes on after kills, and from another daemon's savepoint", async () => {
  await using s3 = await startS3Server();
  let savepoint = "";
  {
    await using server = await startTestDaemon(worker, { checkpointStore: s3.settings });
    const { jobId, ledger } = await ledgerJob(server, { KILL_AT: "committed@2" });
    const job = await over(server, jobId);
    expect(job).toMatchObject({ phase: "COMPLETED", restartCount: 1 });
    expect(await ledgerOf(ledger)).toEqual(complete());
    expect(completeOnes(job).every(({ path }) => path.startsWith("s3://checkpoints/team/sage/"))).toBe(true);
    const second = await ledgerJob(server, { LIMIT: "1000000" });
    await when(server, second.jobId, (each) => completeOnes(each).length > 0);
    savepoint = (await callUnary(server.client, "Stop", { jobId: second.jobId }, { deadlineMs })).savepointDir;
  }
  await using other = await startTestDaemon(worker, { checkpointStore: s3.settings });
  const { jobId, ledger } = await ledgerJob(other, { LIMIT: "1" }, { fromSavepoint: savepoint });
  const job = await over(other, jobId);
  expect(job.phase).toBe("COMPLETED");
  const rows = await ledgerOf(ledger);
  expect(rows.flat().length).toBeGreaterThan(0); // what was prepared for the savepoint
});
