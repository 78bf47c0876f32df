// Real data planes for tests: a pair of workers, waiting for items, and peers that speak the protocol by hand.

import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { deferred } from "@sage/core";
import type { ChannelItem, InputChannel, OutputChannel } from "../exchange/channel.ts";
import { DataPlane, type DataPlaneOptions } from "../exchange/data-plane.ts";
import { FrameParser, FrameType, makeFrame } from "../exchange/frame.ts";
import { decodeChallenge, encodeHello, proofOf } from "../exchange/handshake.ts";
import { dialOptions } from "../exchange/peer-address.ts";

const secret = randomBytes(32);
/** The job that all of them belong to. */
export const facts = { jobId: "job-1", attempt: 3, secret };
export const tcp = { kind: "tcp", host: "127.0.0.1" } as const;

export const openPlane = (workerIndex: number, options: Partial<DataPlaneOptions> = {}): Promise<DataPlane> =>
  DataPlane.open({ ...facts, workerIndex, listen: tcp, ...options });

/** Two workers; 0 sends to 1. */
export async function openPair(options: Partial<DataPlaneOptions> = {}): Promise<AsyncDisposable & { sender: DataPlane; receiver: DataPlane }> {
  const sender = await openPlane(0, options);
  const receiver = await openPlane(1, options);
  await sender.connect([{ workerIndex: 1, address: receiver.address }]);
  const close = async () => {
    await Promise.all([sender[Symbol.asyncDispose](), receiver[Symbol.asyncDispose]()]);
  };
  return { sender, receiver, [Symbol.asyncDispose]: close };
}

/** Takes the next item, waiting for it. */
export async function next(input: InputChannel): Promise<ChannelItem> {
  for (;;) {
    const item = input.poll();
    if (item !== undefined) return item;
    await new Promise<void>((resolve) => (input.onReadable = resolve));
  }
}

export async function takeAll(input: InputChannel): Promise<ChannelItem[]> {
  const items: ChannelItem[] = [];
  for (;;) {
    const item = await next(input);
    if (!Array.isArray(item) && item.kind === "end") return items;
    items.push(item);
  }
}

export async function sendAll(output: OutputChannel, batches: Iterable<unknown[]>): Promise<void> {
  for (const batch of batches) await output.send(batch);
  output.end();
}

/** Resolves when a socket has closed, also after an error. */
export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once("close", () => resolve());
  });

/** A plain connection, to say anything on. */
export function dialRaw(address: string): Socket {
  const socket = connect(dialOptions(address) as { port: number; host: string });
  socket.on("error", () => {});
  return socket;
}

/** A peer that is authenticated and then misbehaves. */
export async function rogue(address: string, from: number): Promise<Socket> {
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
