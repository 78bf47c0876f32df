import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { streamAhead } from "./stream-ahead.ts";

let server: Server;
let target: { host: string; port: number };
beforeEach(async () => {
  server = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
  await once(server, "listening");
  target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
});
afterEach(() => void server.close());

/** What has arrived at a socket of this process is heard in the next turn of the event loop. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}

const nextAtServer = async () => ((await once(server, "connection")) as [Socket])[0];

test("the first stream is opened before it is asked for, the second when it is", async () => {
  const arrives = nextAtServer();
  const ahead = streamAhead("here", target);
  const theirs = await arrives;
  const first = await ahead.take();
  theirs.write("hello");
  const [heard] = (await once(first, "data")) as [Buffer];
  expect(heard.toString()).toBe("hello");
  const again = nextAtServer();
  const second = await ahead.take();
  await again;
  expect(second).not.toBe(first);
  first.destroy();
  second.destroy();
});

test("a stream that broke before it was asked for is opened anew", async () => {
  const arrives = nextAtServer();
  const ahead = streamAhead("here", target);
  const theirs = await arrives;
  await someTurns(); // it is connected here as well
  theirs.resetAndDestroy();
  await someTurns(); // and has heard of the reset
  const again = nextAtServer();
  const taken = await ahead.take();
  await again;
  expect(taken.destroyed).toBe(false);
  taken.destroy();
});

test("a stream that nobody asks for is closed", async () => {
  const arrives = nextAtServer();
  const ahead = streamAhead("here", target);
  const closed = once(await arrives, "close");
  ahead.dispose();
  await closed;
});
