import { createServer } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { status } from "@grpc/grpc-js";
import { TimeoutError } from "@sage/core";
import { expect, test } from "vitest";
import { RayAuthError, RayInitError, RayProtocolError, RaySessionClosedError, RaySessionLostError, RayUnreachableError } from "../errors.ts";
import { writePickle } from "../pickle/pickle-writer.ts";
import { startFakeRayServer } from "../testing/fake-ray-server.ts";
import { connectRay } from "./connect.ts";
import { ObjectRef } from "./object-ref.ts";

const half = 5 * 2 ** 20;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("what a call has made whose caller gave up is released", async () => {
  let answerPut = () => {};
  await using server = await startFakeRayServer((request, stream) => {
    if (!request.put) return undefined;
    answerPut = () => stream.write({ reqId: request.reqId, put: { valid: true, id: Buffer.alloc(28, 7) } });
    return "silent";
  });
  await using ray = await connectRay(server.address);
  await expect(ray.put("unwanted", { timeoutMs: 20 })).rejects.toBeInstanceOf(TimeoutError);
  await server.seen((request) => !!request.put);
  answerPut();
  const { release } = await server.seen((request) => !!request.release);
  expect(release!.ids.map(String)).toEqual([String(Buffer.alloc(28, 7))]);
});

test("answers are acknowledged, 32 at a time and none too early", async () => {
  await using server = await startFakeRayServer(() => undefined);
  await using ray = await connectRay(server.address);
  const refs = await Promise.all(Array.from({ length: 64 }, (_, i) => ray.put(i)));
  const { acknowledge } = await server.seen((request) => (request.acknowledge?.reqId ?? 0) > 60);
  expect(acknowledge!.reqId).toBeLessThanOrEqual(ray.lastRequestId);
  for (const ref of refs) ref.release();
});

test("after a break everything unanswered is sent once more under its id, and a result goes on where it stopped", async () => {
  const value = writePickle(Buffer.alloc(2 * half - 100, "v"));
  const parts = [value.subarray(0, half), value.subarray(half)];
  const part = (chunkId: number) => ({ get: { valid: true, data: parts[chunkId]!, chunkId, totalChunks: 2, totalSize: value.length } });
  await using server = await startFakeRayServer((request, stream) => {
    if (!request.get) return undefined;
    if (request.get.startChunkId === 1) return part(1);
    stream.write({ reqId: request.reqId, ...part(0) }, () => stream.emit("error", { code: status.UNAVAILABLE, details: "cut" }));
    return "silent";
  });
  await using ray = await connectRay(server.address);
  await using ref = await ray.put("x");
  expect(((await ray.get(ref)) as Buffer).length).toBe(2 * half - 100);
  const gets = server.requests.filter((request) => request.get);
  expect(gets.map(({ reqId }) => reqId)).toEqual([gets[0]!.reqId, gets[0]!.reqId]);
  expect(server.streams.map((metadata) => metadata.get("reconnecting"))).toEqual([["False"], ["True"]]);
  expect(new Set(server.streams.map((metadata) => String(metadata.get("client_id")))).size).toBe(1);
});

test("a large value waits for the server instead of filling the memory", async () => {
  let resume = () => {};
  await using server = await startFakeRayServer((request, stream) => {
    if (request.put?.chunkId === 0 && request.put.totalChunks > 1) {
      stream.pause();
      resume = () => stream.resume();
    }
    return undefined;
  });
  await using ray = await connectRay(server.address);
  const large = ray.put(Buffer.alloc(60 * 2 ** 20));
  await server.seen((request) => (request.put?.totalChunks ?? 0) > 1);
  const small = ray.put("behind it");
  expect(server.requests.filter((request) => request.put).length).toBeLessThan(12);
  resume();
  const refs = await Promise.all([large, small]);
  const chunks = server.requests.flatMap(({ put }) => (put ? [put.chunkId] : []));
  expect(chunks).toEqual([...Array.from({ length: 13 }, (_, i) => i), 0]); // in order, with nothing in between
  for (const ref of refs) ref.release();
});

test.each([
  [status.NOT_FOUND, RaySessionLostError], [status.FAILED_PRECONDITION, RaySessionLostError], [status.UNAUTHENTICATED, RayAuthError],
])("a session that ends with status %d is over, and everyone hears it", async (code, kind) => {
  await using server = await startFakeRayServer((request) => (request.get ? "silent" : undefined));
  await using ray = await connectRay(server.address);
  const ref = await ray.put(1);
  const waiting = ray.get(ref);
  await server.seen((request) => !!request.get);
  server.breakStreams(code, "no more");
  await expect(waiting).rejects.toBeInstanceOf(kind);
  await expect(ray.put(2)).rejects.toBeInstanceOf(kind);
  expect(await ray.ended).toBeInstanceOf(kind);
});

test("closing rejects who still waits, and is heard by the server", async () => {
  await using server = await startFakeRayServer((request) => (request.get ? "silent" : undefined));
  const ray = await connectRay(server.address);
  const waiting = ray.get(await ray.put(1));
  await Promise.all([expect(waiting).rejects.toBeInstanceOf(RaySessionClosedError), ray.close()]);
  expect(server.requests.at(-1)!.connectionCleanup).toBeTruthy();
});

test("an init that fails for the server's own trouble is tried again as somebody else; another failure is told at once", async () => {
  const failures = ["grpc ... Starting Ray client server failed. See logs", "psutil.NoSuchProcess: gone"];
  await using server = await startFakeRayServer((request) => (request.init && failures.length > 0 ? { init: { ok: false, msg: failures.shift()! } } : undefined));
  await using ray = await connectRay(server.address);
  expect(ray.server.rayVersion).toBe("2.60.0");
  expect(new Set(server.streams.map((metadata) => String(metadata.get("client_id")))).size).toBe(3);

  await using strict = await startFakeRayServer((request) => (request.init ? { init: { ok: false, msg: "Traceback …\nValueError: bad runtime_env" } } : undefined));
  await expect(connectRay(strict.address)).rejects.toBeInstanceOf(RayInitError);
  expect(strict.streams.length).toBe(1);
});

test("connecting ends by its signal and by its time, also when the server is silent", async () => {
  await using server = await startFakeRayServer(() => "silent");
  const stop = new AbortController();
  const connecting = connectRay(server.address, { signal: stop.signal });
  await server.seen((request) => !!request.init);
  stop.abort(new Error("never mind"));
  await expect(connecting).rejects.toThrow("never mind");
  await expect(connectRay(server.address, { connectTimeoutMs: 50 })).rejects.toBeInstanceOf(TimeoutError);
});

test("a token travels as a bearer, and shows in no error", async () => {
  await using server = await startFakeRayServer(() => undefined);
  await using _ray = await connectRay(server.address, { token: "s3cret" });
  expect(server.streams[0]!.get("authorization")).toEqual(["Bearer s3cret"]);
});

test("an answer that does not fit its question is a protocol error", async () => {
  await using server = await startFakeRayServer((request) => (request.get ? { put: { valid: true } } : undefined));
  await using ray = await connectRay(server.address);
  await expect(ray.get(await ray.put(1))).rejects.toBeInstanceOf(RayProtocolError);
});

test("a reference that is forgotten is released, but not while its value is waited for", async () => {
  let answer = () => {};
  await using server = await startFakeRayServer((request, stream) => {
    if (!request.get) return undefined;
    answer = () => stream.write({ reqId: request.reqId, get: { valid: true, data: writePickle("late"), chunkId: 0, totalChunks: 1, totalSize: 8 } });
    return "silent";
  });
  await using ray = await connectRay(server.address);
  const waiting = (async () => ray.get(await ray.put("x")))();
  await server.seen((request) => !!request.get);
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await ray.put(i).then((ref) => ref.release()); // turns of the event loop, and a request behind any release
    await ray.releasesSent();
  }
  const waitedFor = String(Buffer.alloc(28, server.requests.find(({ put }) => put)!.reqId));
  const released = () => server.requests.flatMap(({ release }) => release?.ids.map(String) ?? []);
  expect(released()).not.toContain(waitedFor);
  answer();
  expect(await waiting).toBe("late");
  while (!released().includes(waitedFor)) {
    collectGarbage();
    await ray.put(1).then((ref) => ref.release());
    await ray.releasesSent();
  }
});

test("a reference that is released twice or disposed of is told to the server once", async () => {
  await using server = await startFakeRayServer(() => undefined);
  await using ray = await connectRay(server.address);
  const ref = await ray.put(1);
  expect(ref).toBeInstanceOf(ObjectRef);
  ref.release();
  ref.release();
  await ref[Symbol.asyncDispose]();
  await ray.releasesSent();
  expect(server.requests.flatMap(({ release }) => release?.ids ?? []).length).toBe(1);
});

test("a port where something else listens is said to be unreachable", async () => {
  const other = createServer((_request, response) => response.end("hello")).listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  try {
    await expect(connectRay(`127.0.0.1:${(other.address() as { port: number }).port}`, { connectTimeoutMs: 5_000 })).rejects.toBeInstanceOf(RayUnreachableError);
  } finally {
    other.close();
  }
});
