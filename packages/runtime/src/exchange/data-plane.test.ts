import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "@sage/core";
import { expect, test } from "vitest";
import { closed, dialRaw, next, openPair, openPlane, sendAll, takeAll, tcp } from "../testing/data-planes.ts";
import type { PeerLostError } from "./errors.ts";

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
