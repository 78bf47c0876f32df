// Every call of the Jobs service whose work was done, but whose reply was lost: called again, it gives the answer that
// was lost, and nothing has happened twice.

import { callClientStream, callServerStream, callUnary, jobsClient, jobsService, type JobsClient, type JobView } from "@sage/protocol";
import { newJobId } from "@sage/core";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startDeafProxy, type DeafProxy } from "./testing/deaf-proxy.ts";
import { bundled, deadlineMs, makeTempDir, planOf, sha256, startTestDaemon, submission, type TestDaemon } from "./testing/test-daemon.ts";

let dir: Awaited<ReturnType<typeof makeTempDir>>;
let server: TestDaemon;
let proxy: DeafProxy;
let direct: JobsClient;
let jobId = "";
beforeAll(async () => {
  dir = await makeTempDir();
  server = await startTestDaemon(await bundled("./ledger-worker.ts", join(dir.path, "worker.mjs")));
  proxy = await startDeafProxy(server.daemon.port);
  direct = server.client;
});
afterAll(async () => {
  await callUnary(direct, "Cleanup", { force: true }, { deadlineMs });
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await dir[Symbol.asyncDispose]();
});

const requestOf = async () => submission("ledger", planOf(), {
  checkpoints: { intervalMs: 100 }, env: { LEDGER: await mkdtemp(join(dir.path, "ledger-")), LIMIT: "1000000", PAUSE_MS: "5" },
});

async function when(holds: (job: JobView) => boolean): Promise<JobView> {
  for await (const job of callServerStream(direct, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) if (holds(job)) return job;
  throw new Error("the job ended before");
}

const get = () => callUnary(direct, "Get", { jobId }, { deadlineMs });
const list = async () => (await callUnary(direct, "List", { withDeleted: true }, { deadlineMs })).jobs;
const until = (what: () => Promise<unknown>) => expect.poll(what, { timeout: deadlineMs, interval: 50 }).toBeTruthy();
const hasPhase = (phase: string) => async () => { const job = await get(); return job.phase === phase && (phase === "RUNNING" || job.resourcesReleased); };

beforeEach(async () => {
  await callUnary(direct, "Cleanup", { force: true }, { deadlineMs });
  const request = await requestOf();
  jobId = request.jobId ?? "";
  await callUnary(direct, "Submit", request, { deadlineMs });
  await when((job) => job.checkpoints.length > 0);
});

interface Case {
  readonly before?: () => Promise<unknown>;
  readonly call: (client: JobsClient) => Promise<unknown>;
  /** The work is done. Reads have none. */
  readonly done?: () => Promise<unknown>;
  /** What must be the same after the second call as after the first. */
  readonly facts?: () => Promise<unknown>;
}

const first = async <T>(stream: AsyncIterable<T>): Promise<T> => { for await (const each of stream) return each; throw new Error("nothing came"); };
const phases = async () => (await get()).history.map(({ phase }) => phase);
const other = { jobId: newJobId() };
const savepointId = "the-one";
const artifact = "x".repeat(3_000);

const cases: Record<keyof typeof jobsService, Case> = {
  Submit: {
    call: async (client) => { const { jobId: id } = await callUnary(client, "Submit", { ...(await requestOf()), jobId: other.jobId, env: {} }, { deadlineMs }); return id; },
    done: async () => (await list()).some((job) => job.jobId === other.jobId),
    facts: async () => (await list()).filter((job) => job.jobId === other.jobId).length,
  },
  UploadArtifact: {
    call: async (client) => (await callClientStream(client, "UploadArtifact", [{ hash: sha256(artifact), size: artifact.length }, { data: Buffer.from(artifact) }], { deadlineMs })).hash,
    done: async () => (await callUnary(direct, "MissingArtifacts", { hashes: [sha256(artifact)] }, { deadlineMs })).hashes.length === 0,
  },
  Stop: { call: async (client) => (await callUnary(client, "Stop", { jobId }, { deadlineMs })).phase, done: hasPhase("STOPPED"), facts: phases },
  Continue: {
    before: () => callUnary(direct, "Stop", { jobId }, { deadlineMs }),
    call: async (client) => { await callUnary(client, "Continue", { jobId }, { deadlineMs }); return jobId; },
    done: hasPhase("RUNNING"), facts: phases,
  },
  Savepoint: {
    call: async (client) => (await callUnary(client, "Savepoint", { jobId, savepointId: `${savepointId}-${jobId}` }, { deadlineMs })).id,
    done: async () => (await get()).checkpoints.some((each) => each.savepointId === `${savepointId}-${jobId}` && each.state === "complete"),
    facts: async () => (await get()).checkpoints.filter(({ kind }) => kind === "savepoint").map(({ id }) => id),
  },
  Rescale: {
    call: async (client) => (await callUnary(client, "Rescale", { jobId, parallelism: 3 }, { deadlineMs })).parallelism,
    done: async () => { const job = await get(); return job.phase === "RUNNING" && job.parallelism === 3; }, facts: phases,
  },
  Delete: { call: async (client) => (await callUnary(client, "Delete", { jobId, force: true }, { deadlineMs })).phase, done: hasPhase("DELETED"), facts: phases },
  Cleanup: {
    call: async (client) => { await callUnary(client, "Cleanup", { force: true }, { deadlineMs }); return (await callUnary(client, "List", {}, { deadlineMs })).jobs.length; },
    done: hasPhase("DELETED"), facts: phases,
  },
  Get: { call: async (client) => (await callUnary(client, "Get", { jobId }, { deadlineMs })).jobId },
  List: { call: async (client) => (await callUnary(client, "List", {}, { deadlineMs })).jobs.map((job) => job.jobId) },
  MissingArtifacts: { call: async (client) => (await callUnary(client, "MissingArtifacts", { hashes: [sha256("nowhere")] }, { deadlineMs })).hashes },
  ServerInfo: { call: async (client) => (await callUnary(client, "ServerInfo", {}, { deadlineMs })).pid },
  Watch: { call: async (client) => (await first(callServerStream(client, "Watch", { jobId }, { deadlineMs }))).jobId },
  Logs: {
    before: () => callUnary(direct, "Stop", { jobId }, { deadlineMs }),
    call: async (client) => { const seqs: number[] = []; for await (const { seq } of callServerStream(client, "Logs", { jobId }, { deadlineMs })) seqs.push(seq); return seqs; },
  },
  Results: { call: (client) => first(callServerStream(client, "Results", { jobId, nodeId: "nobody" }, { deadlineMs })).catch((error: { code: string }) => error.code) },
  Profile: { call: (client) => callUnary(client, "Profile", { jobId: newJobId() }, { deadlineMs }).catch((error: { code: string }) => error.code) },
};

test.each(Object.entries(cases).filter(([, { done }]) => done))("%s whose reply is lost is a no-op with the same answer when it is called again", async (_name, { before, call, done, facts = async () => undefined }) => {
  await before?.();
  proxy.setDeaf(false);
  await using client = jobsClient(proxy.target);
  await callUnary(client, "ServerInfo", {}, { deadlineMs }); // connected
  proxy.setDeaf(true);
  const lost = call(client).then(() => "answered", (error: { code: string }) => error.code);
  await until(done!);
  const after = await facts();
  proxy.cut();
  expect(await lost).not.toBe("answered");
  proxy.setDeaf(false);
  const answer = await call(direct);
  expect(await facts()).toEqual(after);
  expect(await call(direct)).toEqual(answer);
  expect(await facts()).toEqual(after);
});

test.each(Object.entries(cases).filter(([, { done }]) => !done))("%s, which only reads, gives the same answer again", async (_name, { before, call }) => {
  await before?.();
  expect(await call(direct)).toEqual(await call(direct));
});
