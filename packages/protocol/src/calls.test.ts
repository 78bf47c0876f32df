import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { deferred, SageError } from "@sage/core";
import { connect, createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import {
  callClientStream, callServerStream, callUnary, handlersWith, jobsClient, jobsService, maxMessageBytes, openBidi, serverOptions,
  workersClient, workersService, type CallContext, type Handlers,
} from "./index.ts";

const jobId = "0196c0de-0000-7000-8000-000000000000";
const deadlineMs = 10_000;

async function serve(implement: (handlers: Handlers) => UntypedServiceImplementation, service: unknown = jobsService) {
  const internalErrors: unknown[] = [];
  const server = new Server(serverOptions);
  server.addService(service as ServiceDefinition, implement(handlersWith((error) => internalErrors.push(error))));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    target: `127.0.0.1:${port}`, port, internalErrors,
    [Symbol.asyncDispose]: async () => { server.forceShutdown(); },
  };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => { signal.addEventListener("abort", () => reject(signal.reason), { once: true }); });

test("an answer and its request cross the wire with numbers as numbers and enums as words", async () => {
  await using server = await serve(({ unary }) => ({
    Get: unary((request: { jobId: string }) => ({ jobId: request.jobId, submittedAtMs: 1_795_000_000_123, phase: "RUNNING", labels: { a: "b" } })),
  }));
  await using client = jobsClient(server.target);
  const job = await callUnary(client, "Get", { jobId }, { deadlineMs });
  expect(job).toMatchObject({ jobId, submittedAtMs: 1_795_000_000_123, phase: "RUNNING", labels: { a: "b" }, endedAtMs: 0, history: [] });
});

test("a Sage error arrives with its code, fault, hint, retryable and message", async () => {
  await using server = await serve(({ unary }) => ({
    Get: unary(() => { throw new SageError("job Grün \u{1f600} is unknown", { code: "SAGE_JOB_NOT_FOUND", fault: "user", retryable: true, hint: "List them." }); }),
  }));
  await using client = jobsClient(server.target);
  await expect(callUnary(client, "Get", { jobId }, { deadlineMs })).rejects.toMatchObject({
    message: "job Grün \u{1f600} is unknown", code: "SAGE_JOB_NOT_FOUND", fault: "user", retryable: true, hint: "List them.",
  });
});

test("any other error stays on the server: the caller learns nothing of its text", async () => {
  await using server = await serve(({ unary }) => ({ Get: unary(() => { throw new Error("password is hunter2"); }) }));
  await using client = jobsClient(server.target);
  const error = await callUnary(client, "Get", { jobId }, { deadlineMs }).catch((caught: unknown) => caught as SageError);
  expect(error).toMatchObject({ code: "SAGE_CALL_FAILED", fault: "sage" });
  expect(String((error as Error).message)).not.toContain("hunter2");
  expect(server.internalErrors).toMatchObject([{ message: "password is hunter2" }]);
});

test("a message with lone surrogates in an error does not break the call", async () => {
  await using server = await serve(({ unary }) => ({ Get: unary(() => { throw new SageError("bad \ud800 text", { code: "SAGE_X", fault: "user" }); }) }));
  await using client = jobsClient(server.target);
  await expect(callUnary(client, "Get", { jobId }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_X" });
});

test("a passed deadline ends the call on both sides", async () => {
  const seen = deferred<unknown>();
  await using server = await serve(({ unary }) => ({
    Get: unary(async (_request, { signal }: CallContext) => untilAborted(signal).catch((reason: unknown) => { seen.resolve(reason); throw reason; })),
  }));
  await using client = jobsClient(server.target);
  await expect(callUnary(client, "Get", { jobId }, { deadlineMs: 200 })).rejects.toMatchObject({ code: "SAGE_TIMEOUT", retryable: true });
  expect(await seen.promise).toMatchObject({ code: "SAGE_CALLER_CANCELLED" });
});

test("a signal cancels the call: the caller gets its reason and the server sees it go", async () => {
  const started = deferred();
  const seen = deferred();
  await using server = await serve(({ unary }) => ({
    Get: unary(async (_request, { signal }: CallContext) => { started.resolve(); return untilAborted(signal).finally(() => seen.resolve()); }),
  }));
  await using client = jobsClient(server.target);
  const abort = new AbortController();
  const call = callUnary(client, "Get", { jobId }, { deadlineMs, signal: abort.signal });
  await started.promise;
  abort.abort(new Error("enough"));
  await expect(call).rejects.toThrow("enough");
  await seen.promise;
  expect(server.internalErrors).toEqual([]);
});

test("no daemon at the address is named with the address and what to do", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  await using client = jobsClient(`127.0.0.1:${port}`);
  const error = (await callUnary(client, "Get", { jobId }, { deadlineMs }).catch((caught: unknown) => caught)) as SageError;
  expect(error.code).toBe("SAGE_DAEMON_UNREACHABLE");
  expect(error.message).toContain(`127.0.0.1:${port}`);
  expect(error.hint).toContain("sage jobmanager start");
});

test("a method the daemon does not have is a version mismatch", async () => {
  await using server = await serve(({ unary }) => ({ Get: unary(() => ({})) }));
  await using client = workersClient(server.target);
  await using call = openBidi(client, "Attach");
  await expect((async () => { for await (const _ of call.messages); })()).rejects.toMatchObject({ code: "SAGE_VERSION_MISMATCH" });
});

test("a message above the limit is refused on either side, with its size in the error", async () => {
  await using server = await serve(({ unary }) => ({ Submit: unary(() => ({ planJson: "x".repeat(maxMessageBytes) })) }));
  await using client = jobsClient(server.target);
  await expect(callUnary(client, "Submit", { planJson: "x".repeat(maxMessageBytes) }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_MESSAGE_TOO_LARGE" });
  await expect(callUnary(client, "Submit", {}, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_MESSAGE_TOO_LARGE" });
  await using careless = jobsClient(server.target, { channel: { "grpc.max_send_message_length": -1 } });
  await expect(callUnary(careless, "Submit", { planJson: "x".repeat(maxMessageBytes) }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_MESSAGE_TOO_LARGE" });
});

test("bytes that are no message of the method are the caller's mistake", async () => {
  await using server = await serve(({ unary }) => ({ Get: unary(() => ({})) }));
  await using client = jobsClient(server.target);
  const broken = { ...client, service: { ...client.service, Get: { ...client.service.Get, requestSerialize: () => Buffer.from([0x0f]) } } };
  await expect(callUnary(broken, "Get", { jobId }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_REQUEST_MALFORMED", fault: "user" });
});

test("random bytes and HTTP/1 on the port leave the server answering others", async () => {
  await using server = await serve(({ unary }) => ({ Get: unary(() => ({ jobId })) }));
  for (const bytes of [Buffer.from("GET / HTTP/1.1\r\n\r\n"), Buffer.alloc(4096, 0xa7)]) {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(bytes);
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
  }
  await using client = jobsClient(server.target);
  expect((await callUnary(client, "Get", { jobId }, { deadlineMs })).jobId).toBe(jobId);
});

test("a stream's answers arrive in order, and its error after all of them", async () => {
  await using server = await serve(({ serverStream }) => ({
    Logs: serverStream(async function* () {
      for (let seq = 1; seq <= 500; seq++) yield { seq };
      throw new SageError("the disk is full", { code: "SAGE_DISK_FULL", fault: "cluster" });
    }),
  }));
  await using client = jobsClient(server.target);
  const seqs: number[] = [];
  await expect((async () => { for await (const line of callServerStream(client, "Logs", { jobId })) seqs.push(line.seq); })()).rejects.toMatchObject({ code: "SAGE_DISK_FULL" });
  expect(seqs).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
});

test("a caller that does not read stops the server's generator; leaving the loop ends it", async () => {
  const sent = { batches: 0 };
  const closed = deferred();
  await using server = await serve(({ serverStream }) => ({
    Results: serverStream(async function* (_request, { signal }: CallContext) {
      signal.addEventListener("abort", () => closed.resolve());
      for (; sent.batches < 100_000; sent.batches++) yield { records: Buffer.alloc(64 * 1024) };
    }),
  }));
  await using client = jobsClient(server.target);
  for await (const _first of callServerStream(client, "Results", { jobId })) {
    let before = -1; // the generator has stopped when several round trips of another call find it where it was
    while (before !== sent.batches) {
      before = sent.batches;
      for (let trip = 0; trip < 20; trip++) await callUnary(client, "Get", { jobId }, { deadlineMs }).catch(() => {});
    }
    break;
  }
  await closed.promise;
  expect(sent.batches).toBeLessThan(1_000); // 64 MB of 6.4 GB
});

test("an upload is read as it is asked for, and answered once", async () => {
  await using server = await serve(({ clientStream }) => ({
    UploadArtifact: clientStream(async (chunks: AsyncIterable<{ data: Buffer }>) => {
      let bytes = 0;
      for await (const chunk of chunks) bytes += chunk.data.length;
      return { hash: String(bytes) };
    }),
  }));
  await using client = jobsClient(server.target);
  const chunks = (function* () { for (let i = 0; i < 50; i++) yield { data: Buffer.alloc(100_000) }; })();
  expect((await callClientStream(client, "UploadArtifact", chunks, { deadlineMs })).hash).toBe("5000000");
});

test("a refused upload rejects with the server's error while its source still has bytes", async () => {
  await using server = await serve(({ clientStream }) => ({
    UploadArtifact: clientStream(async (chunks: AsyncIterable<unknown>) => {
      for await (const _ of chunks) throw new SageError("too big", { code: "SAGE_ARTIFACT_TOO_LARGE", fault: "user" });
      return {};
    }),
  }));
  await using client = jobsClient(server.target);
  const endless = (async function* () { for (;;) yield { data: Buffer.alloc(100_000) }; })();
  await expect(callClientStream(client, "UploadArtifact", endless, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_ARTIFACT_TOO_LARGE" });
});

test("an upload whose source throws rejects with that error and cancels the call", async () => {
  const gone = deferred();
  const started = deferred();
  await using server = await serve(({ clientStream }) => ({
    UploadArtifact: clientStream(async (chunks: AsyncIterable<unknown>, { signal }: CallContext) => {
      started.resolve();
      signal.addEventListener("abort", () => gone.resolve());
      for await (const _ of chunks);
      return {};
    }),
  }));
  await using client = jobsClient(server.target);
  const source = (async function* () { yield { hash: "a" }; await started.promise; throw new Error("file vanished"); })();
  await expect(callClientStream(client, "UploadArtifact", source, { deadlineMs })).rejects.toThrow("file vanished");
  await gone.promise;
});

test("both directions of a two-way call work, and its end is seen by the caller", async () => {
  await using server = await serve(({ bidi }) => ({
    Attach: bidi(async (messages: AsyncIterable<{ hello?: { host: string } | null }>, send) => {
      for await (const message of messages) await send({ refused: { reason: `no ${message.hello?.host}` } });
    }),
  }), workersService);
  await using client = workersClient(server.target);
  await using call = openBidi(client, "Attach");
  await call.send({ hello: { host: "a" } });
  await call.send({ hello: { host: "b" } });
  call.end();
  const reasons: unknown[] = [];
  for await (const message of call.messages) reasons.push(message.refused?.reason);
  expect(reasons).toEqual(["no a", "no b"]);
});

test("a caller of a two-way call that dies aborts the server's signal and its reading", async () => {
  const ended = deferred<unknown>();
  await using server = await serve(({ bidi }) => ({
    Attach: bidi(async (messages: AsyncIterable<unknown>, send) => {
      try { for await (const _ of messages) await send({ start: {} }); } catch (error) { ended.resolve(error); }
    }),
  }), workersService);
  await using client = workersClient(server.target);
  const call = openBidi(client, "Attach");
  await call.send({ hello: {} });
  await call.messages[Symbol.asyncIterator]().next();
  call.cancel();
  expect(await ended.promise).toMatchObject({ code: "SAGE_CALLER_CANCELLED" });
});

test("a receiver of a two-way call that does not read makes the sender wait", async () => {
  const release = deferred();
  await using server = await serve(({ bidi }) => ({
    Attach: bidi(async (messages: AsyncIterable<unknown>) => { await release.promise; for await (const _ of messages); }),
  }), workersService);
  await using client = workersClient(server.target);
  await using call = openBidi(client, "Attach");
  let waiting: Promise<void> | undefined;
  let sent = 0;
  while (!waiting && sent < 100_000) { waiting = call.send({ result: { batch: { records: Buffer.alloc(64 * 1024) } } }); sent++; }
  expect(sent).toBeLessThan(1_000);
  release.resolve();
  await waiting;
});
