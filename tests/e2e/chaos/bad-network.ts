// A network between workers, and between workers and their daemon: slow, narrow, losing packets, and able to fall silent
// without closing anything. Links are TCP relays on loopback; a packet that is lost comes later, as TCP brings it.

import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export interface Weather {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  readonly jitterMs: number;
  /** 0 to 1: of the packets. */
  readonly loss: number;
  readonly bytesPerSecond: number;
}

/** Until TCP sends a lost packet again, in milliseconds. */
const retransmitMs = 300;
const packetBytes = 1_460;
/** What a link takes before it lets its sender wait. */
const queueBytes = 64 * 1_024;

export class BadNetwork implements AsyncDisposable {
  readonly #weather: Weather;
  readonly #random: () => number;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #silent = new WeakSet<Socket>();

  constructor(weather: Weather, random: () => number) {
    this.#weather = weather;
    this.#random = random;
  }

  /** Gives the port of a relay to a port of this host. */
  toPort(port: number): Promise<number> {
    return this.#listen((near) => this.#join(near, connect(port, "127.0.0.1"), Buffer.alloc(0)));
  }

  /** Gives the port of a relay to Unix sockets: who comes says which, in a line. */
  toPaths(): Promise<number> {
    return this.#listen((near) => {
      let head = Buffer.alloc(0);
      const read = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf(10);
        if (end < 0) return;
        near.off("data", read);
        this.#join(near, connect(head.subarray(0, end).toString()), head.subarray(end + 1));
      };
      near.on("data", read);
    });
  }

  /** From now on nothing arrives over the connections there are, and nobody is told. New ones work. */
  fallSilent(): void {
    for (const socket of this.#sockets) {
      this.#silent.add(socket);
      socket.pause();
    }
  }

  async #listen(onConnection: (near: Socket) => void): Promise<number> {
    const server = createServer({ noDelay: true }, (near) => {
      this.#keep(near);
      onConnection(near);
    }).listen(0, "127.0.0.1");
    this.#servers.push(server);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {}).once("close", () => this.#sockets.delete(socket));
  }

  #join(near: Socket, far: Socket, head: Buffer): void {
    this.#keep(far);
    this.#carry(near, far, head);
    this.#carry(far, near, Buffer.alloc(0));
  }

  #carry(from: Socket, to: Socket, head: Buffer): void {
    const { delayMs, jitterMs, loss, bytesPerSecond } = this.#weather;
    let freeAtMs = 0;
    let arrivedAtMs = 0;
    let queued = 0;
    const send = (bytes: Buffer, then: () => void) => {
      const nowMs = performance.now();
      const packets = Math.ceil(bytes.length / packetBytes);
      freeAtMs = Math.max(freeAtMs, nowMs) + (bytes.length / bytesPerSecond) * 1_000;
      const isLost = this.#random() < 1 - (1 - loss) ** packets;
      const wayMs = delayMs + (this.#random() * 2 - 1) * jitterMs + (isLost ? retransmitMs : 0);
      arrivedAtMs = Math.max(arrivedAtMs, freeAtMs + wayMs); // in order
      setTimeout(then, arrivedAtMs - nowMs);
    };
    const take = (chunk: Buffer) => {
      queued += chunk.length;
      if (queued > queueBytes) from.pause();
      send(chunk, () => {
        if (this.#silent.has(from)) return;
        queued -= chunk.length;
        if (queued <= queueBytes) from.resume();
        to.write(chunk);
      });
    };
    if (head.length > 0) take(head);
    from.on("data", take);
    from.once("close", () => send(Buffer.alloc(0), () => { if (!this.#silent.has(from)) to.destroy(); }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
