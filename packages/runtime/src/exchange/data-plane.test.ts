import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "@sage/core";
import { expect, test } from "vitest";
import type { ChannelItem, InputChannel, OutputChannel } from "./channel.ts";
import { DataPlane, type DataPlaneOptions } from "./data-plane.ts";
import type { PeerLostError } from "./errors.ts";
import { FrameParser, FrameType, makeCountsFrame, makeFrame } from "./frame.ts";
import { decodeChallenge, encodeHello, proofOf } from "./handshake.ts";
import { dialOptions } from "./peer-address.ts";

const secret = randomBytes(32);
const facts = { jobId: "job-1", attempt: 3, secret };
const tcp = { kind: "tcp", host: "127.0.0.1" } as const;

const openPlane = (workerIndex: number, options: Partial<DataPlaneOptions> = {}) =>
  DataPlane.open({ ...facts, workerIndex, listen: tcp, ...options });

/** Two workers; 0 sends to 1. */
async function openPair(options: Partial<DataPlaneOptions> = {}, receiving: Partial<DataPlaneOptions> = {}) {
  const sender = await openPlane(0, options);
  const receiver = await openPlane(1, { ...options, ...receiving });
  await sender.connect([{ workerIndex: 1, address: receiver.address }]);
  return { sender, receiver, async [Symbol.asyncDispose]() { await Promise.all([sender[Symbol.asyncDispose](), receiver[Symbol.asyncDispose]()]); } };
}

/** Takes the next item, waiting for it. */
async function next(input: InputChannel): Promise<ChannelItem> {
  for (;;) {
    const item = input.poll();
    if (item !== undefined) return item;
    await new Promise<void>((resolve) => (input.onReadable = resolve));
  }
}

async function takeAll(input: InputChannel): Promise<ChannelItem[]> {
  const items: ChannelItem[] = [];
  for (;;) {
    const item = await next(input);
    if (!Array.isArray(item) && item.kind === "end") return items;
    items.push(item);
  }
}

async function sendAll(output: OutputChannel, batches: Iterable<unknown[]>): Promise<void> {
  for (const batch of batches) await output.send(batch);
  output.end();
}

for (const kind of ["tcp", "unix"] as const) {
  test(`records arrive in order on every channel, the end behind the last of them, over ${kind}`, async () => {
    const dir = await mkdtemp(join(tmpdir(), "sage-"));
    {
      await using pair = await openPair({ listen: kind === "tcp" ? tcp : { kind, dir } });
      const channels = [1, 2, 3, 4];
      const inputs = channels.map((id) => takeAll(pair.receiver.input(id, { from: 0 })));
      const sending = channels.map((id) => sendAll(pair.sender.output(1, id), Array.from({ length: 200 }, (_, i) => [{ id, i }, { id, i, more: `x${i}` }])));
      await Promise.all(sending);
      await pair.sender.drained();
      for (const [k, items] of (await Promise.all(inputs)).entries()) {
        expect(items.flat()).toEqual(Array.from({ length: 200 }, (_, i) => [{ id: k + 1, i }, { id: k + 1, i, more: `x${i}` }]).flat());
      }
      expect(pair.receiver.metrics()).toMatchObject({ recordsIn: 1_600, batchesIn: 800, queuedIn: 0 });
      expect(pair.sender.metrics()).toMatchObject({ recordsOut: 1_600, queuedOut: 0, inFlight: 0, bytesOut: expect.any(Number) });
    }
    expect(await readdir(dir)).toEqual([]);
    await rm(dir, { recursive: true });
  });
}

test("events keep their place among the batches", async () => {
  await using pair = await openPair();
  const output = pair.sender.output(1, 1);
  const input = pair.receiver.input(1, { from: 0 });
  void output.send([1]);
  output.sendEvent({ kind: "barrier", checkpointId: 2 ** 40, savepoint: true });
  void output.send([2]);
  output.sendEvent({ kind: "watermark", timeMs: Infinity });
  output.sendEvent({ kind: "idle" });
  output.end();
  expect(await takeAll(input)).toEqual([
    [1], { kind: "barrier", checkpointId: 2 ** 40, savepoint: true }, [2], { kind: "watermark", timeMs: Infinity }, { kind: "idle" },
  ]);
});

test("a lone record arrives without another one behind it", async () => {
  await using pair = await openPair();
  const input = pair.receiver.input(9, { from: 0 });
  void pair.sender.output(1, 9).send(["alone"]);
  expect(await next(input)).toEqual(["alone"]);
});

test("what is sent before the peer is connected, or before it has opened the channel, waits and arrives", async () => {
  await using sender = await openPlane(0);
  await using receiver = await openPlane(1);
  const output = sender.output(1, 5);
  const room = output.send(["early"]);
  expect(room).toBeInstanceOf(Promise);
  await sender.connect([{ workerIndex: 1, address: receiver.address }]);
  const input = receiver.input(5, { from: 0 });
  expect(await next(input)).toEqual(["early"]);
  await room;
});

test("a channel that nobody reads holds its window and no more, and does not hold up the others", async () => {
  await using pair = await openPair({ windowItems: 4 });
  const stuck = pair.receiver.input(1, { from: 0 });
  const open = pair.receiver.input(2, { from: 0 });
  const stuckOutput = pair.sender.output(1, 1);
  // A sender that does not wait, as a task would.
  const rooms = Array.from({ length: 20 }, (_, i) => stuckOutput.send([i]));
  const taken = takeAll(open);
  await sendAll(pair.sender.output(1, 2), Array.from({ length: 500 }, (_, i) => [i]));
  expect((await taken).flat()).toHaveLength(500);
  expect(stuck.queued).toBe(4);
  expect(stuckOutput.queued).toBe(16);
  expect(rooms.at(-1)).toBeInstanceOf(Promise);
  for (let i = 0; i < 20; i++) expect(await next(stuck)).toEqual([i]);
  await rooms.at(-1);
});

test("the window is also one of bytes, and a batch larger than it passes alone", async () => {
  await using pair = await openPair({ windowItems: 100, windowBytes: 100_000 });
  const input = pair.receiver.input(1, { from: 0 });
  const output = pair.sender.output(1, 1);
  const large = () => [randomBytes(60_000)];
  const opened = output.send([Buffer.alloc(1)]);
  await next(input);
  await opened;
  expect(output.send(large())).toBeUndefined();
  const room = output.send(large()); // does not fit beside the first
  expect(room).toBeInstanceOf(Promise);
  expect(pair.sender.metrics()).toMatchObject({ queuedOut: 1 });
  await next(input);
  expect(await next(input)).toHaveLength(1);
  void output.send([randomBytes(300_000)]);
  expect(((await next(input)) as Buffer[])[0]).toHaveLength(300_000);
});

test("a million records pass a receiver that reads, and the sender never has more than its window in flight", async () => {
  await using pair = await openPair({ windowItems: 8 });
  const input = pair.receiver.input(1, { from: 0 });
  const output = pair.sender.output(1, 1);
  let most = 0;
  const sending = (async () => {
    for (let i = 0; i < 1_000_000; i += 1_000) {
      await output.send(Array.from({ length: 1_000 }, (_, k) => ({ key: (i + k) % 10, value: i + k })));
      most = Math.max(most, pair.sender.metrics().inFlight);
    }
    output.end();
  })();
  let sum = 0;
  for (let item = await next(input); Array.isArray(item); item = await next(input)) {
    for (const record of item as { value: number }[]) sum += record.value;
  }
  await sending;
  expect(sum).toBe((1_000_000 * 999_999) / 2);
  expect(most).toBeLessThanOrEqual(8);
});

test("a worker that sends to itself gets its own batches, without a wire", async () => {
  await using plane = await openPlane(0);
  const batch = [{ a: 1 }];
  void plane.output(0, 1).send(batch);
  expect(await next(plane.input(1, { from: 0 }))).toBe(batch);
  await plane.connect([{ workerIndex: 0, address: plane.address }]);
});

test("records that cannot cross fail the send that brought them, with their path", async () => {
  await using pair = await openPair();
  expect(() => pair.sender.output(1, 1).send([{ ok: 1 }, { callback() {} }])).toThrow(
    expect.objectContaining({ code: "SAGE_UNSERIALIZABLE", path: "records[1].callback" }),
  );
});

test("a record larger than a frame is a typed error; a batch larger than a frame goes in parts", async () => {
  await using pair = await openPair();
  const input = pair.receiver.input(1, { from: 0 });
  const output = pair.sender.output(1, 1);
  expect(() => output.send([Buffer.alloc(65 * 1024 * 1024)])).toThrow(expect.objectContaining({ code: "SAGE_FRAME_TOO_LARGE" }));
  void output.send([Buffer.alloc(40 * 1024 * 1024, 1), Buffer.alloc(40 * 1024 * 1024, 2)]);
  const parts = [await next(input), await next(input)] as Buffer[][];
  expect(parts.map(([part]) => part![0])).toEqual([1, 2]);
});

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

/** Resolves when a socket has closed, also after an error. */
const closed = (socket: Socket) => new Promise<void>((resolve) => void (socket.destroyed ? resolve() : socket.once("close", () => resolve())));

function dialRaw(address: string): Socket {
  const socket = connect(dialOptions(address) as { port: number; host: string });
  socket.on("error", () => {});
  return socket;
}

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

/** A peer that is authenticated and then misbehaves. */
async function rogue(address: string, from: number): Promise<Socket> {
  const socket = dialRaw(address);
  const hello = encodeHello({ ...facts, from, to: 1, nonce: randomBytes(32) });
  const welcome = deferred();
  const parser = new FrameParser((type, _channelId, payload) => {
    if (type === FrameType.challenge) socket.write(makeFrame(FrameType.proof, 0, proofOf(secret, "dialler", hello, decodeChallenge(payload)!.nonce)));
    else if (type === FrameType.welcome) welcome.resolve();
  });
  socket.on("data", (chunk) => parser.push(chunk));
  socket.write(makeFrame(FrameType.hello, 0, hello));
  await welcome.promise;
  return socket;
}

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

test("a lost sender is reported once, by name, behind what had arrived", async () => {
  const lost = deferred<PeerLostError>();
  await using receiver = await openPlane(1, { onFailure: (error) => lost.resolve(error) });
  const sender = await openPlane(0);
  await sender.connect([{ workerIndex: 1, address: receiver.address }]);
  const input = receiver.input(1, { from: 0 });
  const other = receiver.input(2, { from: 0 });
  void sender.output(1, 1).send(["last words"]);
  expect(await next(input)).toEqual(["last words"]);
  await sender[Symbol.asyncDispose]();
  expect(await lost.promise).toMatchObject({ code: "SAGE_PEER_LOST", peerWorkerIndex: 0, retryable: true });
  await expect(next(input)).rejects.toMatchObject({ code: "SAGE_PEER_LOST" });
  await expect(next(other)).rejects.toMatchObject({ code: "SAGE_PEER_LOST" });
});

test("a lost receiver fails the sends that wait, those that come later, and the wait for the drain", async () => {
  const lost = deferred<PeerLostError>();
  await using sender = await openPlane(0, { onFailure: (error) => lost.resolve(error) });
  const receiver = await openPlane(1, { windowItems: 1 });
  await sender.connect([{ workerIndex: 1, address: receiver.address }]);
  receiver.input(1, { from: 0 });
  const output = sender.output(1, 1);
  void output.send([1]);
  const waiting = output.send([2])!;
  const drained = sender.drained();
  await receiver[Symbol.asyncDispose]();
  await expect(waiting).rejects.toMatchObject({ code: "SAGE_PEER_LOST", peerWorkerIndex: 1 });
  await expect(drained).rejects.toMatchObject({ code: "SAGE_PEER_LOST" });
  expect(() => output.send([3])).toThrow(expect.objectContaining({ code: "SAGE_PEER_LOST" }));
  expect((await lost.promise).peerWorkerIndex).toBe(1);
});

test("a peer that closes after all its channels have ended is no failure", async () => {
  const failures: PeerLostError[] = [];
  await using receiver = await openPlane(1, { onFailure: (error) => failures.push(error) });
  {
    await using sender = await openPlane(0, { onFailure: (error) => failures.push(error) });
    await sender.connect([{ workerIndex: 1, address: receiver.address }]);
    const taking = takeAll(receiver.input(1, { from: 0 }));
    await sendAll(sender.output(1, 1), [[1], [2]]);
    await sender.drained();
    expect(await taking).toEqual([[1], [2]]);
  }
  await using again = await openPlane(2);
  await again.connect([{ workerIndex: 1, address: receiver.address }]); // the receiver lives on
  expect(failures).toEqual([]);
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

test("closing twice is harmless, and nothing stays open", async () => {
  const before = process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Server/.test(name)).length;
  const pair = await openPair();
  const room = pair.sender.output(1, 1).send([1]);
  await pair.sender[Symbol.asyncDispose]();
  await pair.sender[Symbol.asyncDispose]();
  await pair.receiver[Symbol.asyncDispose]();
  await expect(room).rejects.toMatchObject({ code: "SAGE_PEER_LOST" });
  expect(process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Server/.test(name)).length).toBeLessThanOrEqual(before);
});

test("an abort closes the data plane", async () => {
  const controller = new AbortController();
  const plane = await openPlane(1, { signal: controller.signal });
  const { address } = plane;
  controller.abort();
  await plane[Symbol.asyncDispose]();
  const socket = dialRaw(address);
  await closed(socket);
  await expect(openPlane(1, { signal: controller.signal })).rejects.toBe(controller.signal.reason);
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
