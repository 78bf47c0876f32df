import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deferred, SageError, silentLogger } from "@sage/core";
import {
  callUnary, encodeBatch, handlersWith, healthService, jobsClient, jobsService, makeAuthority, makeCertificate, readRecordFile, serverOptions, uploadChunkBytes,
  type ArtifactChunk, type CallContext, type Handlers, type JobPhase, type JobViewInit, type LogsRequest, type Plan, type SubmitRequest,
} from "@sage/protocol";
import { expect, test } from "vitest";
import { connectJobManager } from "./client.ts";
import { isOver } from "./job-result.ts";

const jobId = "0196c0de-0000-7000-8000-000000000001";

/** A real gRPC server whose Jobs service the test writes; the port may be given, to come back on it. */
async function fakeDaemon(jobs: (handlers: Handlers) => UntypedServiceImplementation, wantedPort = 0) {
  const handlers = handlersWith((error) => silentLogger.error(String(error)));
  const server = new Server(serverOptions);
  server.addService(jobsService as unknown as ServiceDefinition, { ServerInfo: handlers.unary(() => ({ version: "test" })), ...jobs(handlers) });
  server.addService(healthService as unknown as ServiceDefinition, { Check: handlers.unary(() => ({ status: "SERVING" })) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wantedPort}`, ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    port,
    connect: () => connectJobManager({ port, deadlineMs: 10_000 }),
    kill: () => server.forceShutdown(),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const view = (phase: JobPhase, more: JobViewInit = {}): JobViewInit => ({ jobId, name: "flights", number: 1, phase, submittedAtMs: 5, startedAtMs: 6, ...more });

test("a wait for a job's end is one stream, and waits until what the job held is gone", async () => {
  const seen: string[] = [];
  let watches = 0;
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Watch: serverStream(async function* () {
      watches++;
      yield view("RUNNING");
      yield view("COMPLETED", { endedAtMs: 9 });
      seen.push("completed, not released");
      yield view("COMPLETED", {
        endedAtMs: 9, resourcesReleased: true,
        operators: [{ nodeId: "map-1", name: "double", kind: "map", instances: [{ recordsIn: 3, recordsOut: 3 }, { recordsIn: 4, recordsOut: 4, skipped: 1 }] }],
      });
    }),
  }));
  await using client = await daemon.connect();
  const result = await client.job(jobId).done({ onChange: (job) => seen.push(`${job.phase} ${isOver(job)}`) });
  expect(result).toEqual({
    jobId, name: "flights", status: "completed", startedAtMs: 6, endedAtMs: 9,
    operators: [{ name: "double", recordsIn: 7, recordsOut: 7, skipped: 1, deadLettered: 0, retried: 0 }],
  });
  expect(seen.filter((each) => each.startsWith("COMPLETED"))).toEqual(["COMPLETED false", "COMPLETED true"]);
  expect(watches).toBe(1);
});

test("a failed job rejects with operator, record number, hint and the user's source lines", async () => {
  const failure = { code: "SAGE_OPERATOR_THREW", fault: "user", message: "no such airport", operator: "lookup", index: 2, recordNumber: 41, stack: "Error: no such airport\n    at Lookup.execute (src/lookup.ts:7:13)", hint: "Use onError." };
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Watch: serverStream(async function* () { yield view("FAILED", { failure, resourcesReleased: true }); }),
  }));
  await using client = await daemon.connect();
  const error = (await client.job(jobId).done().catch((caught: unknown) => caught)) as Error;
  expect(error).toMatchObject({
    code: "SAGE_JOB_FAILED", fault: "user", jobId, operator: "lookup", recordNumber: 41, hint: "Use onError.",
    message: 'job "flights" failed in operator lookup[2], record 41: no such airport',
  });
  expect(error.stack).toContain("at Lookup.execute (src/lookup.ts:7:13)");
});

test("a wait that takes too long says that the job goes on and how to watch it", async () => {
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Watch: serverStream(async function* (_request, { signal }: CallContext) {
      yield view("RUNNING");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }),
  }));
  await using client = await daemon.connect();
  const wait = client.job(jobId).done({ timeoutMs: 30 });
  await expect(wait).rejects.toMatchObject({ code: "SAGE_AUTOSTOP_TIMEOUT", hint: expect.stringContaining(`sage job logs -f ${jobId}`) as string });
});

test("a signal ends a wait with its reason, and the daemon sees the caller go", async () => {
  const gone = deferred();
  const started = deferred();
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Watch: serverStream(async function* (_request, { signal }: CallContext) {
      yield view("RUNNING");
      started.resolve();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      gone.resolve();
    }),
  }));
  await using client = await daemon.connect();
  const abort = new AbortController();
  const wait = client.job(jobId).done({ signal: abort.signal });
  await started.promise;
  abort.abort(new Error("enough"));
  await expect(wait).rejects.toThrow("enough");
  await gone.promise;
});

test("a wait outlives the daemon: it goes on when the daemon is back", async () => {
  const port = await freePort();
  const watching = deferred();
  const first = await fakeDaemon(({ serverStream }) => ({
    Watch: serverStream(async function* (_request, { signal }: CallContext) {
      yield view("RUNNING");
      watching.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }),
  }), port);
  await using client = await first.connect();
  const wait = client.job(jobId).done();
  await watching.promise;
  first.kill();
  await using _second = await fakeDaemon(({ serverStream }) => ({
    Watch: serverStream(async function* () { yield view("COMPLETED", { resourcesReleased: true }); }),
  }), port);
  expect(await wait).toMatchObject({ status: "completed" });
});

test("a watch that the daemon ends before the job is over is opened again", async () => {
  let watches = 0;
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Watch: serverStream(async function* () { yield ++watches < 3 ? view("RUNNING") : view("STOPPED", { resourcesReleased: true }); }),
  }));
  await using client = await daemon.connect();
  expect(await client.job(jobId).done()).toMatchObject({ status: "stopped" });
  expect(watches).toBe(3);
});

test("log lines go on behind the last one after a broken connection: none twice, none lost", async () => {
  const asked: Pick<LogsRequest, "afterSeq" | "tail">[] = [];
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Logs: serverStream(async function* ({ afterSeq, tail }: LogsRequest) {
      asked.push({ afterSeq, tail });
      for (let seq = Math.max(afterSeq + 1, 11); seq <= 20; seq++) {
        yield { seq, text: `line ${seq}` };
        if (seq === 14 && asked.length === 1) throw new SageError("gone", { code: "SAGE_DAEMON_UNREACHABLE", fault: "cluster", retryable: true });
      }
    }),
  }));
  await using client = await daemon.connect();
  const seqs: number[] = [];
  for await (const line of client.logs(jobId, { follow: true, tail: 10 })) seqs.push(line.seq);
  expect(seqs).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(asked).toEqual([{ afterSeq: 0, tail: 10 }, { afterSeq: 14, tail: 0 }]);
});

test("an error of the daemon ends a log with that error, at once", async () => {
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Logs: serverStream(async function* () { yield { seq: 1 }; throw new SageError("no job", { code: "SAGE_JOB_NOT_FOUND", fault: "user" }); }),
  }));
  await using client = await daemon.connect();
  await expect((async () => { for await (const _ of client.logs(jobId)); })()).rejects.toMatchObject({ code: "SAGE_JOB_NOT_FOUND" });
});

test("results come decoded, by the collect's name; a job that fails afterwards rejects the reading", async () => {
  let phase: JobPhase = "COMPLETED";
  await using daemon = await fakeDaemon(({ unary, serverStream }) => ({
    Get: unary(() => view(phase, { failure: { message: "boom", operator: "m" }, operators: [{ nodeId: "collect-1", name: "rows", kind: "collect" }, { nodeId: "map-1", name: "m", kind: "map" }] })),
    Results: serverStream(async function* ({ nodeId }: { nodeId: string }) {
      yield { index: 0, seq: 0, records: encodeBatch([{ nodeId }, null]) };
      yield { index: 0, seq: 1, records: encodeBatch([3]) };
      if (phase === "FAILED") throw new SageError("job failed", { code: "SAGE_JOB_FAILED", fault: "user" });
    }),
  }));
  await using client = await daemon.connect();
  const read = async (name?: string) => {
    const records: unknown[] = [];
    for await (const record of client.job(jobId).results(name)) records.push(record);
    return records;
  };
  expect(await read("rows")).toEqual([{ nodeId: "collect-1" }, null, 3]);
  expect(await read()).toEqual([{ nodeId: "collect-1" }, null, 3]);
  await expect(read("other")).rejects.toThrow('has no results "other": it collects in rows');
  phase = "FAILED";
  await expect(read()).rejects.toMatchObject({ code: "SAGE_JOB_FAILED", operator: "m" });
});

test("results whose connection breaks are an error: going on could lose records", async () => {
  await using daemon = await fakeDaemon(({ serverStream }) => ({
    Results: serverStream(async function* () {
      yield { records: encodeBatch([1]) };
      throw new SageError("gone", { code: "SAGE_DAEMON_UNREACHABLE", fault: "cluster" });
    }),
  }));
  await using client = await daemon.connect();
  await expect((async () => { for await (const _ of client.results(jobId, "collect-1")); })()).rejects.toMatchObject({ code: "SAGE_RESULTS_INTERRUPTED" });
});

/** A daemon that keeps artifacts, and what was submitted. */
function storingDaemon(port = 0) {
  const artifacts = new Map<string, Buffer>();
  const submits: SubmitRequest[] = [];
  const largestChunks: number[] = [];
  const started = fakeDaemon(({ unary, clientStream }) => ({
    MissingArtifacts: unary(({ hashes }: { hashes: string[] }) => ({ hashes: hashes.filter((hash) => !artifacts.has(hash)) })),
    UploadArtifact: clientStream(async (chunks: AsyncIterable<ArtifactChunk>) => {
      const all: Buffer[] = [];
      let facts = { hash: "", size: 0 };
      for await (const { hash, size, data } of chunks) {
        if (hash !== "") facts = { hash, size };
        else all.push(data);
      }
      const bytes = Buffer.concat(all);
      expect({ hash: createHash("sha256").update(bytes).digest("hex"), size: bytes.length }).toEqual(facts);
      largestChunks.push(Math.max(...all.map((chunk) => chunk.length)));
      artifacts.set(facts.hash, bytes);
      return { hash: facts.hash };
    }),
    Submit: unary((request: SubmitRequest) => { submits.push(request); return view("INITIALIZING", { jobId: request.jobId, name: request.name }); }),
  }), port);
  return { artifacts, submits, largestChunks, started };
}

async function entryModule(text: string) {
  const dir = await mkdtemp(join(tmpdir(), "sage-client-"));
  const graph = resolve(dirname(fileURLToPath(import.meta.url)), "../../graph/src/index.ts");
  await writeFile(join(dir, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(dir, "main.ts"), text.replace("@sage/pipeline", graph));
  return { path: join(dir, "main.ts"), [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
}

test("submitting a module builds its pipeline with the params, uploads once, and sends what workers need", async () => {
  await using entry = await entryModule(`
    import { pipeline } from "@sage/pipeline";
    (globalThis as Record<string, unknown>)["evaluations"] = (((globalThis as Record<string, unknown>)["evaluations"] as number) ?? 0) + 1;
    export default pipeline("squares", (env, params) => {
      const records = Array.from({ length: Number(params["count"]) }, (_, n) => ({ n, text: "x".repeat(200) }));
      env.fromIterable(records).map((record) => record.n * record.n, { name: "square" }).print();
    });
  `);
  const { artifacts, submits, largestChunks, started } = storingDaemon();
  await using daemon = await started;
  await using client = await daemon.connect();
  const first = await client.submit({ entry: entry.path, params: { count: 20_000 }, parallelism: 3, labels: { team: "a" }, argv: ["x"] });
  const uploads = largestChunks.length;
  const id = "0196c0de-0000-7000-8000-0000000000aa";
  const second = await client.submit({ entry: entry.path, params: { count: 20_000 }, id });
  expect([first.id, second.id]).toEqual([submits[0]!.jobId, id]);
  expect(uploads).toBe(3); // code, map, data
  expect(largestChunks).toHaveLength(3);
  expect(Math.max(...largestChunks)).toBeLessThanOrEqual(uploadChunkBytes);
  expect((globalThis as Record<string, unknown>)["evaluations"]).toBe(1);

  const sent = submits[0]!;
  const plan = JSON.parse(sent.planJson) as Plan;
  expect(plan).toMatchObject({ name: "squares", parallelism: 3 });
  expect(sent).toMatchObject({ name: "squares", paramsJson: '{"count":20000}', labels: { team: "a" }, argv: ["x"], pipelineIndex: 0 });
  expect(artifacts.get(sent.bundleHash)!.toString()).toContain('"squares"');
  expect(artifacts.get(sent.sourceMapHash)!.toString()).toContain('"main.ts"');
  const records: unknown[] = [];
  for await (const batch of readRecordFile([artifacts.get(sent.data[0]!.hash)!])) records.push(...batch);
  expect(sent.data[0]!.nodeId).toBe(plan.nodes[0]!.id);
  expect(records).toHaveLength(20_000);
  expect(records[19_999]).toMatchObject({ n: 19_999 });
});

test("a large part is cut into chunks of 1 MiB", async () => {
  await using entry = await entryModule(`
    import { pipeline } from "@sage/pipeline";
    export default pipeline("large", (env) => { env.fromIterable([new Uint8Array(5_000_000).fill(7)]).print(); });
  `);
  const { artifacts, submits, largestChunks, started } = storingDaemon();
  await using daemon = await started;
  await using client = await daemon.connect();
  await client.submit({ entry: entry.path });
  expect(Math.max(...largestChunks)).toBe(uploadChunkBytes);
  expect(artifacts.get(submits[0]!.data[0]!.hash)!.length).toBeGreaterThan(5_000_000);
});

test("a module without a pipeline, an empty pipeline and a module that throws are refused before anything is sent", async () => {
  const { submits, started } = storingDaemon();
  await using daemon = await started;
  await using client = await daemon.connect();
  await using none = await entryModule("export const a = 1;");
  await expect(client.submit({ entry: none.path })).rejects.toMatchObject({ code: "SAGE_NO_PIPELINE_EXPORTED" });
  await using empty = await entryModule(`import { pipeline } from "@sage/pipeline"; export default pipeline("e", () => {});`);
  await expect(client.submit({ entry: empty.path })).rejects.toMatchObject({ code: "SAGE_EMPTY_PIPELINE" });
  await using throwing = await entryModule(`throw new Error("no database");`);
  await expect(client.submit({ entry: throwing.path })).rejects.toThrow("no database");
  expect(submits).toEqual([]);
});

test("calls that may be repeated are, when the daemon is away for a moment", async () => {
  let calls = 0;
  await using daemon = await fakeDaemon(({ unary }) => ({
    Get: unary(() => {
      if (++calls < 3) throw new SageError("starting", { code: "SAGE_DAEMON_UNREACHABLE", fault: "cluster", retryable: true });
      return view("RUNNING");
    }),
  }));
  await using client = await daemon.connect();
  expect(await client.get(jobId)).toMatchObject({ phase: "RUNNING" });
  expect(calls).toBe(3);
});

test("no daemon is an error at once, with what to do; a health check only says so", async () => {
  const port = await freePort();
  await expect(connectJobManager({ port })).rejects.toMatchObject({ code: "SAGE_DAEMON_UNREACHABLE" });
  const daemon = await fakeDaemon(() => ({}));
  await using client = await daemon.connect();
  expect(await client.health()).toEqual({ healthy: true, status: "SERVING" });
  daemon.kill();
  expect(await client.health()).toEqual({ healthy: false, status: "UNREACHABLE" });
});

test("closing twice is harmless, and later calls say that the client is closed", async () => {
  await using daemon = await fakeDaemon(() => ({}));
  const client = await daemon.connect();
  client.close();
  client.close();
  await client[Symbol.asyncDispose]();
  await expect(client.list()).rejects.toMatchObject({ code: "SAGE_CLIENT_CLOSED" });
});

test("the token goes with every call", async () => {
  const tokens: unknown[] = [];
  await using daemon = await fakeDaemon(({ unary }) => ({
    List: unary((_request, { metadata }: CallContext) => { tokens.push(metadata.get("authorization")); return { jobs: [] }; }),
  }));
  await using client = await connectJobManager({ port: daemon.port, token: "s3cret" });
  await client.list();
  expect(tokens).toEqual([["Bearer s3cret"]]);
  await using bare = jobsClient(`127.0.0.1:${daemon.port}`);
  await callUnary(bare, "List", {}, { deadlineMs: 5_000 });
  expect(tokens[1]).toEqual([]);
});

test("a token goes to another machine only by TLS or through a tunnel, unless clear text is meant", async () => {
  await expect(connectJobManager({ host: "base-sage", token: "s3cret" })).rejects.toMatchObject({ code: "SAGE_TLS_NEEDED", message: "the token is not sent to base-sage:19001 in clear text" });
  for (const more of [{ isInsecure: true }, { address: "unix:/nowhere" }]) {
    await expect(connectJobManager({ host: "base-sage.invalid", token: "s3cret", deadlineMs: 2_000, ...more })).rejects.toMatchObject({ code: "SAGE_DAEMON_UNREACHABLE" });
  }
});

test("who calls a daemon that speaks TLS in clear text is told so", async () => {
  const life = { fromMs: Date.now() - 60_000, untilMs: Date.now() + 60_000 };
  const { cert, key } = makeCertificate({ name: "d", names: ["localhost"], ...life }, makeAuthority({ name: "a", ...life }));
  const server = createTlsServer({ cert, key, ALPNProtocols: ["h2"] });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await expect(connectJobManager({ port: (server.address() as AddressInfo).port })).rejects.toMatchObject({ code: "SAGE_TLS_NEEDED", message: expect.stringContaining("speaks TLS, and was called in clear text") as string });
  } finally {
    server.close();
  }
});

test("a daemon that takes the connection and says nothing is given up after the time for connecting", async () => {
  const silent = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  try {
    const { port } = silent.address() as AddressInfo;
    await expect(connectJobManager({ port, connectTimeoutMs: 300 })).rejects.toMatchObject({ code: expect.stringMatching(/SAGE_DAEMON_UNREACHABLE|SAGE_TIMEOUT/) as string });
  } finally {
    silent.close();
  }
});
