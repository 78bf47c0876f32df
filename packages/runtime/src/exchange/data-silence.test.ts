import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { next, openPlane } from "../testing/data-planes.ts";
import type { DataPlane } from "./data-plane.ts";

/** Passes bytes between a sender and the plane behind it, until it is told to keep them; nothing is closed. */
async function relayTo(plane: DataPlane) {
  const [host, port] = plane.address.replace("tcp:", "").split(":") as [string, string];
  const pairs: [Socket, Socket][] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    pairs.push([near, far]);
    for (const socket of [near, far]) socket.on("error", () => {});
    near.pipe(far).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `tcp:127.0.0.1:${(server.address() as { port: number }).port}`,
    stall: () => { for (const [near, far] of pairs) { near.unpipe(far).pause(); far.unpipe(near).pause(); } },
    [Symbol.asyncDispose]: async () => {
      for (const socket of pairs.flat()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a connection that is stalled without being closed is told of at both ends", async () => {
  const silent = new Set<number>();
  const options = { silenceMs: 200, onSilence: (peer: number) => void silent.add(peer) };
  await using receiver = await openPlane(1, options);
  await using sender = await openPlane(0, options);
  await using relay = await relayTo(receiver);
  const input = receiver.input(0, { from: 0 });
  await sender.connect([{ workerIndex: 1, address: relay.address }]);
  const output = sender.output(1, 0);
  await output.send([1]);
  expect(await next(input)).toEqual([1]);
  relay.stall();
  await expect.poll(() => [...silent].sort((a, b) => a - b), { timeout: 10_000 }).toEqual([0, 1]);
});

test("a connection over which no record goes for long is not called silent", async () => {
  const silent = new Set<number>();
  const options = { silenceMs: 1_000, onSilence: (peer: number) => void silent.add(peer) };
  await using receiver = await openPlane(1, options);
  await using sender = await openPlane(0, options);
  const input = receiver.input(0, { from: 0 });
  await sender.connect([{ workerIndex: 1, address: receiver.address }]);
  const before = receiver.metrics().bytesIn;
  await expect.poll(() => receiver.metrics().bytesIn - before, { timeout: 20_000 }).toBeGreaterThan(9 * 10); // twice the limit
  await sender.output(1, 0).send([1]);
  expect(await next(input)).toEqual([1]);
  expect(silent.size).toBe(0);
});
