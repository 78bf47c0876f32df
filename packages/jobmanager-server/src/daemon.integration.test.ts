import { callServerStream, callUnary, healthClient, jobsClient, openBidi, reflectionClient, workersClient, type JobView, type LogLine } from "@sage/protocol";
import { Secret, withRetries } from "@sage/core";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDaemon } from "./compose.ts";
import { openDb } from "./store/db.ts";
import { bundled, bundleText, deadlineMs, makeTempDir, planOf, sha256, startTestDaemon, submission, upload, type TestDaemon } from "./testing/test-daemon.ts";

let dir: Awaited<ReturnType<typeof makeTempDir>>;
let worker = "";
beforeAll(async () => {
  dir = await makeTempDir();
  worker = await bundled("./scripted-worker.ts", join(dir.path, "worker.mjs"));
});
afterAll(() => dir[Symbol.asyncDispose]());

/** The job when it is over. */
async function over({ client }: TestDaemon, jobId: string): Promise<JobView> {
  let last: JobView | undefined;
  for await (const job of callServerStream(client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) last = job;
  return last!;
}

async function reaches({ client }: TestDaemon, jobId: string, phase: string): Promise<JobView> {
  for await (const job of callServerStream(client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) if (job.phase === phase) return job;
  throw new Error(`the job never was ${phase}`);
}

async function logsOf({ client }: TestDaemon, query: { jobId: string; follow?: boolean; operator?: string; tail?: number; level?: string }): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of callServerStream(client, "Logs", query, { deadlineMs })) lines.push(line);
  return lines;
}

/** A line of the job's log that contains `text`, as soon as there is one. */
async function logged({ client }: TestDaemon, jobId: string, text: string): Promise<void> {
  for await (const line of callServerStream(client, "Logs", { jobId, follow: true }, { deadlineMs })) if (line.text.includes(text)) return;
  throw new Error(`the log never said ${text}`);
}

const isAlive = (pid: number): boolean => {
  try { process.kill(pid, 0); return true; } catch { return false; }
};

test("a worker whose event loop is blocked, but of which a thread says so, is not lost; the log names the operator and its stack", async () => {
  await using server = await startTestDaemon(worker, { timing: { heartbeatTimeoutMs: 800 } });
  const { jobId } = await server.submit("pulsing");
  const seen: JobView[] = [];
  for await (const job of callServerStream(server.client, "Watch", { jobId, minIntervalMs: 1 })) seen.push(job);
  expect(seen.at(-1)).toMatchObject({ phase: "COMPLETED", attempt: 1 });
  const blocks = seen.flatMap(({ operators }) => operators[0]?.instances[0]?.block ?? []);
  expect(blocks[0]).toMatchObject({ isOver: false, stack: "    at spin (src/ops.ts:7:3)" });
  const lines: string[] = [];
  for await (const { operator, index, level, text } of callServerStream(server.client, "Logs", { jobId })) lines.push(`${level} ${operator}[${index}] ${text}`);
  expect(lines.filter((line) => line.includes("blocked"))).toHaveLength(1);
  expect(lines.find((line) => line.includes("blocked"))).toMatch(/^warn NumberBatch\[0\] has blocked the worker's event loop for [\d.]+ s and still does.*\n    at spin \(src\/ops\.ts:7:3\)$/);
  for (const what of ["made up", "repeated", "of another call"]) expect(lines.join("\n")).toContain(`${what}: this daemon waits for no such worker`);
});

test("a job runs over worker processes to completed, with times, numbers, history and logs, and leaves nothing", async () => {
  await using server = await startTestDaemon(worker);
  const accepted = await server.submit("complete");
  expect(accepted).toMatchObject({ phase: "INITIALIZING", number: 1, parallelism: 2, attempt: 1 });
  const job = await over(server, accepted.jobId);
  expect(job).toMatchObject({ phase: "COMPLETED", resourcesReleased: true, failure: null });
  expect(job.history.map((move) => move.phase)).toEqual(["INITIALIZING", "RUNNING", "COMPLETED"]);
  expect(job.endedAtMs).toBeGreaterThanOrEqual(job.startedAtMs);
  expect(job.operators[0]!.instances.map((each) => [each.state, each.recordsOut])).toEqual([["finished", 5], ["finished", 5]]);
  expect(job.operators[0]!.instances.filter((each) => isAlive(each.pid))).toEqual([]);
  const lines = await logsOf(server, { jobId: job.jobId });
  expect(lines.map((line) => line.seq)).toEqual(lines.map((_, index) => index + 1));
  expect(lines.filter((line) => line.operator === "op" && line.text === "done").map((line) => line.index).sort((a, b) => a - b)).toEqual([0, 1]);
  expect(lines.filter((line) => line.stream === "stdout").map((line) => line.text).sort()).toEqual(["raw output of 0", "raw output of 1"]);
  expect(lines.some((line) => line.text === 'started complete with {"n":1}')).toBe(true);
  expect((await logsOf(server, { jobId: job.jobId, operator: "op", tail: 2 })).map((line) => line.text)).toHaveLength(2);
  expect(await readdir(join(server.home, "tmp"))).toEqual([]);
  expect((await callUnary(server.client, "List", {}, { deadlineMs })).jobs.map((each) => [each.number, each.phase])).toEqual([[1, "COMPLETED"]]);
});

test("an operator that throws fails the job with operator, record number and stack; the other workers are cancelled", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("fail")).jobId);
  expect(job.phase).toBe("FAILED");
  expect(job.failure).toMatchObject({ code: "SAGE_OPERATOR_FAILED", message: "boom", operator: "DoubleMap", recordNumber: 3, stack: "at src/ops.ts:7" });
  expect(job.operators[0]!.instances.map((each) => each.state)).toEqual(["cancelled", "cancelled"]);
  expect(job.operators[0]!.instances.filter((each) => isAlive(each.pid))).toEqual([]);
});

test("stop ends the workers and is answered when they are gone; a second stop changes nothing", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await server.submit("hang");
  const running = await reaches(server, jobId, "RUNNING");
  const stopped = await callUnary(server.client, "Stop", { jobId }, { deadlineMs });
  expect(stopped).toMatchObject({ phase: "STOPPED", resourcesReleased: true });
  expect(stopped.history.map((move) => move.phase)).toEqual(["INITIALIZING", "RUNNING", "STOPPING", "STOPPED"]);
  expect(running.operators[0]!.instances.filter((each) => isAlive(each.pid))).toEqual([]);
  expect((await callUnary(server.client, "Stop", { jobId }, { deadlineMs })).history).toEqual(stopped.history);
});

test("a job that is stopped while its workers start ends as stopped", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await server.submit("never-hello");
  const stopped = await callUnary(server.client, "Stop", { jobId }, { deadlineMs });
  expect(stopped.history.map((move) => move.phase)).toEqual(["INITIALIZING", "STOPPING", "STOPPED"]);
  expect(await readdir(join(server.home, "tmp"))).toEqual([]);
});

test("a worker that obeys nothing is killed", async () => {
  await using server = await startTestDaemon(worker, { timing: { cancelGraceMs: 100, closeGraceMs: 100 } });
  const { jobId } = await server.submit("deaf");
  const running = await reaches(server, jobId, "RUNNING");
  await callUnary(server.client, "Stop", { jobId }, { deadlineMs });
  expect(running.operators[0]!.instances.filter((each) => isAlive(each.pid))).toEqual([]);
});

test("a worker killed by SIGKILL fails the job as lost, and names the signal", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("crash")).jobId);
  expect(job).toMatchObject({ phase: "FAILED", failure: { code: "SAGE_WORKER_LOST", index: 0 } });
  expect(job.failure!.message).toContain("SIGKILL");
});

test("the cause is reported, not the worker that noticed it first", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("peer-lost")).jobId);
  expect(job.failure).toMatchObject({ code: "SAGE_WORKER_LOST", index: 1 });
  expect(job.failure!.message).toContain("exit code 9");
});

test("where nobody says what became of a worker, the cause names the one whose stream has ended, and its host", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("peer-leaves")).jobId);
  expect(job.failure).toMatchObject({ code: "SAGE_WORKER_LOST", message: expect.stringMatching(/^worker 1 on \S+ closed its connection to the daemon$/) as string });
});

test("a worker that cannot start fails the job with its last words", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("exit-early")).jobId);
  expect(job).toMatchObject({ phase: "FAILED", failure: { code: "SAGE_WORKER_START_FAILED" } });
  expect(job.failure!.message).toContain("cannot load the frobnicator");
});

test("workers that never report fail the job when the start-up time is over", async () => {
  await using server = await startTestDaemon(worker, { timing: { startupTimeoutMs: 500 } });
  const job = await over(server, (await server.submit("never-hello")).jobId);
  expect(job.failure).toMatchObject({ code: "SAGE_WORKER_START_TIMEOUT" });
});

test("workers that never load the program fail the job when that time is over", async () => {
  await using server = await startTestDaemon(worker, { timing: { deployTimeoutMs: 300 } });
  const job = await over(server, (await server.submit("never-deployed")).jobId);
  expect(job.failure!.message).toContain("did not load the program");
});

test("a worker in an endless synchronous stretch is found by its silence and killed", async () => {
  await using server = await startTestDaemon(worker, { timing: { heartbeatTimeoutMs: 500, cancelGraceMs: 100, closeGraceMs: 100 } });
  const job = await over(server, (await server.submit("blocked", planOf({ parallelism: 1 }))).jobId);
  expect(job.failure).toMatchObject({ code: "SAGE_WORKER_SILENT" });
});

test("a worker with another secret is refused, and the job says that it never came", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("wrong-secret")).jobId);
  expect(job).toMatchObject({ phase: "FAILED", failure: { code: "SAGE_WORKER_START_FAILED" } });
  expect(job.failure!.message).toContain("waits for no such worker");
});

test("a worker that built another plan fails the job as a mismatch", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("mismatch")).jobId);
  expect(job.failure).toMatchObject({ code: "SAGE_PLAN_MISMATCH", fault: "user" });
});

test("loops end when two rounds of counts agree", async () => {
  await using server = await startTestDaemon(worker);
  expect((await over(server, (await server.submit("complete", planOf({ loop: true }))).jobId)).phase).toBe("COMPLETED");
});

test("collected results wait for their reader, arrive in order per instance, and are handed out once", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await server.submit("complete", planOf({ end: "collect" }));
  await logged(server, jobId, "started");
  const seqs: number[][] = [[], []];
  for await (const batch of callServerStream(server.client, "Results", { jobId, nodeId: "collect" }, { deadlineMs })) {
    seqs[batch.index]!.push(batch.seq);
    expect(batch.records.toString()).toBe(`${batch.index}:${batch.seq + 1}`);
  }
  expect(seqs).toEqual([0, 1].map(() => Array.from({ length: 40 }, (_, seq) => seq)));
  expect((await over(server, jobId)).phase).toBe("COMPLETED");
  await expect(callServerStream(server.client, "Results", { jobId, nodeId: "collect" }).next()).rejects.toMatchObject({ code: "SAGE_RESULTS_TAKEN" });
  await expect(callServerStream(server.client, "Results", { jobId, nodeId: "source" }).next()).rejects.toMatchObject({ code: "SAGE_RESULTS_NOT_FOUND" });
});

test("without a reader the workers wait: the job stays running", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await server.submit("complete", planOf({ end: "collect", parallelism: 1 }));
  await logged(server, jobId, "started");
  expect((await callUnary(server.client, "Get", { jobId }, { deadlineMs })).phase).toBe("RUNNING");
  expect((await callUnary(server.client, "Stop", { jobId }, { deadlineMs })).phase).toBe("STOPPED");
  const reader = callServerStream(server.client, "Results", { jobId, nodeId: "collect" });
  const read = async () => { let count = 0; for await (const _ of reader) count++; return count; };
  await expect(read()).rejects.toMatchObject({ code: "SAGE_JOB_STOPPED" });
});

test("a worker that sends results without credit fails the job", async () => {
  await using server = await startTestDaemon(worker);
  const job = await over(server, (await server.submit("overdraw", planOf({ end: "collect" }))).jobId);
  expect(job.failure).toMatchObject({ code: "SAGE_INTERNAL" });
  expect(job.failure!.message).toContain("without credit");
});

test("the same submission twice is one job, at once too; another content under its id is refused", async () => {
  await using server = await startTestDaemon(worker);
  const request = submission("hang", planOf());
  const [first, second] = await Promise.all([1, 2].map(() => callUnary(server.client, "Submit", request, { deadlineMs })));
  expect(second!.number).toBe(first!.number);
  expect((await callUnary(server.client, "Submit", request, { deadlineMs })).number).toBe(first!.number);
  await expect(callUnary(server.client, "Submit", { ...request, name: "other" }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_JOB_EXISTS" });
  expect((await callUnary(server.client, "List", {}, { deadlineMs })).jobs).toHaveLength(1);
});

test("delete wants an ended job or force; deleted jobs leave the list but stay known, and numbers are not given again", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await server.submit("hang");
  await reaches(server, jobId, "RUNNING");
  await expect(callUnary(server.client, "Delete", { jobId }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_JOB_RUNNING" });
  expect((await callUnary(server.client, "Delete", { jobId, force: true }, { deadlineMs })).phase).toBe("DELETED");
  expect((await callUnary(server.client, "Delete", { jobId }, { deadlineMs })).phase).toBe("DELETED");
  expect((await callUnary(server.client, "List", {}, { deadlineMs })).jobs).toEqual([]);
  expect((await callUnary(server.client, "Get", { jobId }, { deadlineMs })).phase).toBe("DELETED");
  const second = await server.submit("complete");
  expect(second.number).toBe(2);
  await over(server, second.jobId);
  expect((await callUnary(server.client, "Cleanup", { olderThanMs: 3_600_000 }, { deadlineMs })).jobs).toEqual([]);
  expect((await callUnary(server.client, "Cleanup", {}, { deadlineMs })).jobs.map((job) => job.number)).toEqual([2]);
});

test.each([
  ["an id that is no UUID", { jobId: "../../etc/passwd" }, "UUID"],
  ["a plan that is not JSON", { planJson: "{" }, "not JSON"],
  ["params that are no object", { paramsJson: "[1]" }, "params"],
  ["NODE_OPTIONS", { env: { NODE_OPTIONS: "--inspect" } }, "NODE_OPTIONS"],
  ["LD_PRELOAD", { env: { LD_PRELOAD: "/x.so" } }, "LD_PRELOAD"],
  ["a bundle hash that is a path", { bundleHash: "../state.db" }, "sha256"],
  ["data for an operator that is not there", { data: [{ nodeId: "nobody", hash: sha256(bundleText) }] }, "nobody"],
])("a submission with %s is refused and nothing of it is kept", async (_what, more, said) => {
  await using server = await startTestDaemon(worker);
  const error = await server.submit("complete", planOf(), more).catch((caught: unknown) => caught as Error);
  expect(error).toMatchObject({ code: "SAGE_JOB_INVALID" });
  expect((error as Error).message).toContain(said);
  expect((await callUnary(server.client, "List", { withDeleted: true }, { deadlineMs })).jobs).toEqual([]);
});

test("artifacts are taken once, checked by their hash and size, and named only by hashes", async () => {
  await using server = await startTestDaemon(worker, { maxArtifactBytes: 50_000 });
  const hash = sha256("x".repeat(5_000));
  expect((await callUnary(server.client, "MissingArtifacts", { hashes: [hash, sha256(bundleText)] }, { deadlineMs })).hashes).toEqual([hash]);
  expect(await upload(server.client, "x".repeat(5_000))).toBe(false);
  expect(await upload(server.client, "x".repeat(5_000))).toBe(true);
  expect((await callUnary(server.client, "MissingArtifacts", { hashes: [hash] }, { deadlineMs })).hashes).toEqual([]);
  await expect(upload(server.client, "y".repeat(5_000), sha256("z"))).rejects.toMatchObject({ code: "SAGE_ARTIFACT_INVALID" });
  await expect(upload(server.client, "y", sha256("y"), 2)).rejects.toMatchObject({ code: "SAGE_ARTIFACT_INVALID" });
  await expect(upload(server.client, "yy", sha256("yy"), 1)).rejects.toMatchObject({ code: "SAGE_ARTIFACT_INVALID" });
  await expect(upload(server.client, "y".repeat(60_000))).rejects.toMatchObject({ code: "SAGE_ARTIFACT_TOO_LARGE" });
  for (const name of ["../../x", "..%2f..%2fx", "/etc/passwd", "", hash.toUpperCase()]) {
    await expect(upload(server.client, "y", name)).rejects.toMatchObject({ code: "SAGE_ARTIFACT_INVALID" });
  }
  expect(await readdir(join(server.home, "jobmanager", "artifacts", "incoming"))).toEqual([]);
  await expect(server.submit("complete", planOf(), { bundleHash: sha256("never uploaded") })).rejects.toMatchObject({ code: "SAGE_ARTIFACT_NOT_FOUND" });
});

test("a hostile client changes nothing for others: noise, huge frames, a stream without Hello, a guessed Hello", async () => {
  await using server = await startTestDaemon(worker);
  for (const bytes of [Buffer.from("GET /jobs HTTP/1.1\r\nHost: x\r\n\r\n"), Buffer.alloc(1_000_000, 0xff)]) {
    const socket = connect(server.daemon.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(bytes);
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
  }
  await using attacker = jobsClient(server.target, { channel: { "grpc.max_send_message_length": -1 } });
  await expect(callUnary(attacker, "Submit", { planJson: "x".repeat(20_000_000) }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_MESSAGE_TOO_LARGE" });
  const running = await server.submit("hang");
  await reaches(server, running.jobId, "RUNNING");
  await using workers = workersClient(server.target);
  for (const message of [{ start: {} }, { hello: { jobId: running.jobId, attempt: 1, workerIndex: 0, workerId: "w", nonce: Buffer.alloc(16), proof: Buffer.alloc(32) } }]) {
    await using call = openBidi(workers, "Attach");
    const answers = call.messages[Symbol.asyncIterator]();
    await expect(Promise.all([call.send(message), answers.next(), answers.next()]), "behind the challenge").rejects.toMatchObject({ code: "SAGE_WORKER_REFUSED" });
  }
  expect((await callUnary(server.client, "Get", { jobId: running.jobId }, { deadlineMs })).phase).toBe("RUNNING");
});

test("a Hello counts once; a worker that comes anew, with another, takes the place of its dead stream", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await server.submit("reconnect");
  expect((await over(server, jobId)).phase).toBe("COMPLETED");
  const said = (await logsOf(server, { jobId })).map(({ text }) => text).filter((text) => text.startsWith("the same"));
  expect(said).toEqual(["the same Hello: SAGE_WORKER_REFUSED; another one: accepted", "the same Hello: SAGE_WORKER_REFUSED; another one: accepted"]);
});

test("health says SERVING, reflection lists the services and describes their messages", async () => {
  await using server = await startTestDaemon(worker);
  await using health = healthClient(server.target);
  expect((await callUnary(health, "Check", { service: "sage.v1.Jobs" }, { deadlineMs })).status).toBe("SERVING");
  await expect(callUnary(health, "Check", { service: "other" }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_SERVICE_NOT_FOUND" });
  await using reflection = reflectionClient(server.target);
  await using call = openBidi(reflection, "ServerReflectionInfo");
  const answers = call.messages[Symbol.asyncIterator]();
  await call.send({ listServices: "" });
  const listed = (await answers.next()).value as { listServicesResponse: { service: { name: string }[] } };
  expect(listed.listServicesResponse.service.map((each) => each.name)).toContain("sage.v1.Jobs");
  await call.send({ fileContainingSymbol: "sage.v1.JobView" });
  const described = (await answers.next()).value as { fileDescriptorResponse: { fileDescriptorProto: Buffer[] } };
  expect(described.fileDescriptorResponse.fileDescriptorProto[0]!.includes("resources_released")).toBe(true);
  await call.send({ fileContainingSymbol: "sage.v1.Nothing" });
  expect((await answers.next()).value).toMatchObject({ errorResponse: { errorCode: 5 } });
});

test("beyond loopback a token is needed to start and to call, and TLS unless clear text is meant; health needs no token", async () => {
  await using home = await makeTempDir();
  const start = { home: home.path, workerEntry: worker, host: "0.0.0.0", port: 0 };
  const token = new Secret("correct horse");
  await expect(startDaemon(start)).rejects.toMatchObject({ code: "SAGE_TOKEN_NEEDED" });
  await expect(startDaemon({ ...start, token })).rejects.toMatchObject({ code: "SAGE_TLS_NEEDED" });
  await using daemon = await startDaemon({ ...start, token, isInsecure: true });
  const target = `127.0.0.1:${daemon.port}`;
  await using stranger = jobsClient(target);
  await using guesser = jobsClient(target, { token: new Secret("correct hors") });
  await using friend = jobsClient(target, { token });
  for (const client of [stranger, guesser]) await expect(callUnary(client, "List", {}, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_UNAUTHENTICATED" });
  expect((await callUnary(friend, "List", {}, { deadlineMs })).jobs).toEqual([]);
  await using health = healthClient(target);
  expect((await callUnary(health, "Check", {}, { deadlineMs })).status).toBe("SERVING");
});

test("a daemon that is closed ends its workers, and the next one shows what was", async () => {
  await using home = await makeTempDir();
  let pids: number[] = [];
  let jobId = "";
  {
    await using first = await startTestDaemon(worker, { home: home.path });
    const done = await first.submit("complete");
    await over(first, done.jobId);
    ({ jobId } = await first.submit("hang"));
    pids = (await reaches(first, jobId, "RUNNING")).operators[0]!.instances.map((each) => each.pid);
  }
  expect(pids.filter(isAlive)).toEqual([]);
  await using second = await startTestDaemon(worker, { home: home.path });
  const jobs = (await callUnary(second.client, "List", {}, { deadlineMs })).jobs;
  expect(jobs.map((job) => [job.number, job.phase])).toEqual([[1, "COMPLETED"], [2, "FAILED"]]);
  expect(jobs[1]!.failure!.message).toContain("JobManager was stopped");
  expect(jobs[0]!.operators[0]!.instances[0]).toMatchObject({ state: "finished", recordsOut: 5 });
  expect((await logsOf(second, { jobId: jobs[0]!.jobId })).some((line) => line.text === "done")).toBe(true);
  await expect(callServerStream(second.client, "Results", { jobId, nodeId: "collect" }).next()).rejects.toMatchObject({ code: "SAGE_RESULTS_NOT_FOUND" });
  expect((await second.submit("complete")).number).toBe(3);
});

test("a daemon that is closed while a job has only begun to start does not wait for its workers", async () => {
  const server = await startTestDaemon(worker);
  await server.submit("hang");
  await server[Symbol.asyncDispose]();
}, 20_000); // workers that never come are waited for 30 s

test("while the state cannot be written submissions are refused and workers are freed; afterwards the daemon heals by itself", async () => {
  await using server = await startTestDaemon(worker);
  const { jobId } = await server.submit("complete", planOf({ end: "collect" }));
  await reaches(server, jobId, "RUNNING");
  using other = openDb(join(server.home, "jobmanager", "state.db"));
  other.exec("BEGIN IMMEDIATE"); // another writer stands for a full disk
  await expect(server.submit("complete")).rejects.toMatchObject({ code: "SAGE_STATE_NOT_WRITTEN", retryable: true });
  for await (const _ of callServerStream(server.client, "Results", { jobId, nodeId: "collect" }, { deadlineMs }));
  for await (const job of callServerStream(server.client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) if (job.dispatcher!.workers === 0) break;
  expect((await callUnary(server.client, "Get", { jobId }, { deadlineMs })).phase).toBe("RUNNING");
  other.exec("ROLLBACK");
  expect((await over(server, jobId)).phase).toBe("COMPLETED");
  expect((await callUnary(server.client, "List", {}, { deadlineMs })).jobs).toHaveLength(1);
});

test("sixty jobs submitted together all complete: no more workers start at once than the host can start", async () => {
  await using server = await startTestDaemon(worker);
  const jobs = await Promise.all(Array.from({ length: 60 }, () => server.submit("complete", planOf({ parallelism: 1 }))));
  expect(jobs.map((job) => job.number).sort((a, b) => a - b)).toEqual(jobs.map((_, index) => index + 1));
  const ended = await Promise.all(jobs.map((job) => over(server, job.jobId)));
  expect(ended.map((job) => job.phase)).toEqual(jobs.map(() => "COMPLETED"));
});

test("artifacts of deleted jobs are removed once they are old, those of the others never", async () => {
  await using server = await startTestDaemon(worker, { artifactAgeMs: 1_000 });
  const { jobId } = await withRetries(async () => { // a busy machine may take longer than the age between the two
    await upload(server.client, bundleText);
    return server.submit("complete");
  });
  await over(server, jobId);
  const path = join(server.home, "jobmanager/artifacts", sha256(bundleText).slice(0, 2), sha256(bundleText));
  const bystander = "export default 2;\n";
  await upload(server.client, bystander); // named by nobody: when it has gone, a sweep has been
  const other = join(server.home, "jobmanager/artifacts", sha256(bystander).slice(0, 2), sha256(bystander));
  await expect.poll(() => existsSync(other), { timeout: 20_000 }).toBe(false);
  expect(existsSync(path)).toBe(true);
  await callUnary(server.client, "Delete", { jobId }, { deadlineMs });
  await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(false);
});
