import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "@sage/core";
import { expect, test } from "vitest";
import { closed, dialRaw, facts, next, openPair, openPlane, rogue } from "../testing/data-planes.ts";
import type { PeerLostError } from "./errors.ts";
import { FrameParser, FrameType, makeCountsFrame, makeFrame } from "./frame.ts";
import { decodeChallenge, encodeHello, proofOf } from "./handshake.ts";

const { secret } = facts;

for (const [what, theirs, code] of [
  ["another secret", { secret: randomBytes(32) }, "SAGE_PEER_REFUSED"],
  ["an old attempt", { attempt: 2 }, "SAGE_PEER_REFUSED"],
  ["another job", { jobId: "job-2" }, "SAGE_PEER_REFUSED"],
] as const) {
  test(`a worker with ${what} is refused, and both sides know`, async () => {
    await using receiver = await openPlane(1);
    await using sender = await openPlane(0, theirs);
    await expect(sender.connect([{ workerIndex: 1, address: receiver.address }])).rejects.toMatchObject({ code, peerWorkerIndex: 1 });
    await expect.poll(() => receiver.metrics().refusedConnections).toBe(1);
  });
}

test("a hello for another worker, and a second connection of one worker, are refused", async () => {
  await using pair = await openPair();
  await using third = await openPlane(2);
  await expect(third.connect([{ workerIndex: 7, address: pair.receiver.address }])).rejects.toMatchObject({ code: "SAGE_PEER_REFUSED" });
  await using twin = await openPlane(0);
  await expect(twin.connect([{ workerIndex: 1, address: pair.receiver.address }])).rejects.toMatchObject({ message: expect.stringContaining("already") });
});

test("a listener that cannot prove the secret is not believed", async () => {
  const server = createServer((socket) => {
    socket.write(makeFrame(FrameType.welcome, 0)); // straight to the end, without a proof
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await using sender = await openPlane(0);
  const { port } = server.address() as { port: number };
  await expect(sender.connect([{ workerIndex: 1, address: `tcp:127.0.0.1:${port}` }])).rejects.toMatchObject({ code: "SAGE_PEER_REFUSED" });
  server.close();
});

test("a recorded handshake cannot be played again", async () => {
  await using receiver = await openPlane(1);
  const hello = encodeHello({ jobId: facts.jobId, attempt: facts.attempt, from: 0, to: 1, nonce: Buffer.alloc(32, 1) });
  const recorded: Buffer[] = [];
  const first = dialRaw(receiver.address);
  const welcome = deferred();
  const parser = new FrameParser((type, _channelId, payload) => {
    if (type === FrameType.challenge) {
      const proof = makeFrame(FrameType.proof, 0, proofOf(secret, "dialler", hello, decodeChallenge(payload)!.nonce));
      recorded.push(proof);
      first.write(proof);
    } else if (type === FrameType.welcome) welcome.resolve();
  });
  first.on("data", (chunk) => parser.push(chunk));
  recorded.push(makeFrame(FrameType.hello, 0, hello));
  first.write(recorded[0]!);
  await welcome.promise; // the real one passes
  first.destroy();

  const replay = dialRaw(receiver.address);
  const answers: number[] = [];
  const replayParser = new FrameParser((type) => {
    answers.push(type);
    if (type === FrameType.challenge) replay.write(recorded[1]!);
  });
  replay.on("data", (chunk) => replayParser.push(chunk));
  replay.write(recorded[0]!);
  await closed(replay);
  expect(answers).toEqual([FrameType.challenge, FrameType.refused]);
});

test("the listener's own proof, sent back to it, proves nothing", async () => {
  await using receiver = await openPlane(1);
  const socket = dialRaw(receiver.address);
  const answers: number[] = [];
  const parser = new FrameParser((type, _channelId, payload) => {
    answers.push(type);
    if (type === FrameType.challenge) socket.write(makeFrame(FrameType.proof, 0, decodeChallenge(payload)!.proof));
  });
  socket.on("data", (chunk) => parser.push(chunk));
  socket.write(makeFrame(FrameType.hello, 0, encodeHello({ ...facts, from: 0, to: 1, nonce: Buffer.alloc(32) })));
  await closed(socket);
  expect(answers).toEqual([FrameType.challenge, FrameType.refused]);
});

test("HTTP, noise, huge lengths and data before the handshake are dropped and counted, and disturb nobody", async () => {
  await using pair = await openPair();
  const input = pair.receiver.input(1, { from: 0 });
  const output = pair.sender.output(1, 1);
  const junk = [
    Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), randomBytes(10_000), Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0]),
    makeFrame(FrameType.batch, 1, Buffer.from("early")), makeFrame(FrameType.proof, 0, Buffer.alloc(32)), makeFrame(FrameType.hello, 0, Buffer.alloc(200)),
  ];
  for (const [i, bytes] of junk.entries()) {
    const socket = dialRaw(pair.receiver.address);
    socket.write(bytes);
    await closed(socket);
    void output.send([i]);
    expect(await next(input)).toEqual([i]);
  }
  expect(pair.receiver.metrics().refusedConnections).toBe(junk.length);
});

const fuzzSeed = Number(process.env["SAGE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test(`a thousand spoiled, cut and made-up handshakes are refused, and the records of a peer go on (seed ${fuzzSeed})`, async () => {
  await using pair = await openPair();
  const input = pair.receiver.input(1, { from: 0 });
  const output = pair.sender.output(1, 1);
  let state = fuzzSeed;
  const below = (count: number) => ((state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) >>> 8) % count;
  const good = Buffer.concat([
    makeFrame(FrameType.hello, 0, encodeHello({ jobId: facts.jobId, attempt: facts.attempt, from: 2, to: 1, nonce: Buffer.alloc(32, 1) })),
    makeFrame(FrameType.proof, 0, Buffer.alloc(32, 7)), makeFrame(FrameType.batch, 1, Buffer.from("a batch of a stranger")),
  ]);
  const spoiled = (): Buffer => {
    const copy = Buffer.from(good.subarray(0, 1 + below(good.length)));
    for (let changes = below(12); changes > 0; changes--) copy[below(copy.length)] = below(256);
    return below(4) === 0 ? Buffer.from(Array.from({ length: 1 + below(300) }, () => below(256))) : copy;
  };
  for (let wave = 0; wave < 20; wave++) {
    const sockets = Array.from({ length: 50 }, () => {
      const socket = dialRaw(pair.receiver.address);
      socket.resume();
      socket.end(spoiled());
      return socket;
    });
    void output.send([wave]);
    expect(await next(input)).toEqual([wave]);
    await Promise.all(sockets.map((socket) => closed(socket)));
  }
  expect(pair.receiver.metrics().refusedConnections).toBeGreaterThan(0);
});

test("ten thousand silent connections push out one another, not the records of a peer nor a peer that comes later", async () => {
  await using pair = await openPair();
  const input = pair.receiver.input(1, { from: 0 });
  const output = pair.sender.output(1, 1);
  for (let wave = 0; wave < 50; wave++) {
    const sockets = Array.from({ length: 200 }, () => dialRaw(pair.receiver.address));
    await Promise.all(sockets.map((socket) => Promise.race([once(socket, "connect"), closed(socket)])));
    void output.send([wave]);
    expect(await next(input)).toEqual([wave]);
    if (wave === 25) {
      await using late = await openPlane(2);
      await late.connect([{ workerIndex: 1, address: pair.receiver.address }]);
    }
    for (const socket of sockets) socket.destroy();
  }
  await expect.poll(() => pair.receiver.metrics().refusedConnections, { timeout: 10_000 }).toBe(10_000);
});

test("a sender that goes beyond its credit loses its connection", async () => {
  const lost: PeerLostError[] = [];
  await using receiver = await openPlane(1, { windowItems: 2, onFailure: (error) => lost.push(error) });
  const input = receiver.input(1, { from: 0 });
  const socket = await rogue(receiver.address, 0);
  socket.write(Buffer.concat(Array.from({ length: 3 }, () => makeFrame(FrameType.event, 1, Buffer.of(2)))));
  await closed(socket);
  expect(lost).toEqual([expect.objectContaining({ code: "SAGE_PEER_LOST", peerWorkerIndex: 0, message: expect.stringContaining("credit") })]);
  expect([input.poll(), input.poll()]).toEqual([{ kind: "idle" }, { kind: "idle" }]);
  expect(() => input.poll()).toThrow(expect.objectContaining({ code: "SAGE_PEER_LOST" }));
});

test("frames on channels that are not open, behind the end, or of an unknown type break the connection", async () => {
  for (const bytes of [
    makeFrame(FrameType.batch, 77, Buffer.alloc(5)), makeFrame(99, 1), makeCountsFrame(FrameType.credit, 1, 1), makeFrame(FrameType.event, 1, Buffer.of(9)),
    Buffer.concat([makeFrame(FrameType.event, 1, Buffer.of(0)), makeFrame(FrameType.event, 1, Buffer.of(2))]),
  ]) {
    await using receiver = await openPlane(1);
    receiver.input(1, { from: 0 });
    const socket = await rogue(receiver.address, 0);
    socket.write(bytes);
    await closed(socket);
  }
});

test("a batch of junk from a peer is a typed error where it is taken", async () => {
  await using receiver = await openPlane(1);
  const input = receiver.input(1, { from: 0 });
  const socket = await rogue(receiver.address, 0);
  socket.write(makeFrame(FrameType.batch, 1, randomBytes(50)));
  await expect(next(input)).rejects.toMatchObject({ code: "SAGE_BAD_FRAME" });
  socket.destroy();
});

test("a peer that is not there is unreachable, by name, and an abort ends the wait", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  const address = `tcp:127.0.0.1:${port}`;
  await using sender = await openPlane(0, { connectTimeoutMs: 50 });
  await expect(sender.connect([{ workerIndex: 4, address }])).rejects.toMatchObject({ code: "SAGE_PEER_UNREACHABLE", peerWorkerIndex: 4 });
  await using patient = await openPlane(0);
  const reason = new Error("enough");
  await expect(patient.connect([{ workerIndex: 4, address }], AbortSignal.abort(reason))).rejects.toBe(reason);
  const later = new AbortController();
  const connecting = patient.connect([{ workerIndex: 4, address }], later.signal);
  later.abort(reason);
  await expect(connecting).rejects.toBe(reason);
});

test("a socket is only put where nobody else may go", async () => {
  const dir = await mkdtemp(join(tmpdir(), "sage-"));
  await chmod(dir, 0o755);
  await expect(openPlane(0, { listen: { kind: "unix", dir } })).rejects.toMatchObject({ code: "SAGE_UNSAFE_SOCKET_DIR" });
  await expect(openPlane(0, { listen: { kind: "unix", dir: join(dir, "x".repeat(120)) } })).rejects.toMatchObject({ code: "SAGE_UNSAFE_SOCKET_DIR" });
  {
    await using plane = await openPlane(0, { listen: { kind: "unix", dir: join(dir, "own") } });
    expect((await stat(join(dir, "own"))).mode & 0o777).toBe(0o700);
    expect(plane.address).toMatch(/^unix:.*w0-3\.sock$/);
  }
  await rm(dir, { recursive: true });
});
