// Listens for peers, and lets only those pass who prove that they belong to this attempt of this job. Everyone else
// (port scanners, HTTP clients, workers of an old attempt) is dropped and counted, and costs a bounded amount.

import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { ExchangeCounters } from "./counters.ts";
import { feed } from "./data-connection.ts";
import { FrameParser, FrameType, makeFrame } from "./frame.ts";
import { decodeHello, handshakeLimitBytes, isProof, nonceBytes, proofOf, refusalOf, refusals, rolesOf, type Purpose } from "./handshake.ts";
import { listenOn, type ListenOn } from "./peer-address.ts";

export interface OwnFacts {
  readonly jobId: string;
  /** Counts the job's restarts; peers of another attempt are refused. */
  readonly attempt: number;
  readonly workerIndex: number;
  readonly secret: Uint8Array;
}

const helloDeadlineMs = 5_000;
/** Connections that have proved nothing yet; one more drops the one that has been silent for longest. */
const mostStrangers = 64;

export interface ServerHandlers {
  /** Whether this worker has, or had, a connection from that one; there is only one per attempt. */
  readonly isKnown: (from: number) => boolean;
  /** A peer has proved itself; `parser` is fed by the socket. */
  readonly onPeer: (from: number, socket: Socket, parser: FrameParser) => void;
  /** The same of a peer that wants to call; it may connect again. */
  readonly onCaller: (from: number, socket: Socket, parser: FrameParser) => void;
}

export class DataServer implements AsyncDisposable {
  readonly #own: OwnFacts;
  readonly #counters: ExchangeCounters;
  readonly #handlers: ServerHandlers;
  readonly #strangers = new Set<Stranger>();
  readonly #server: Server;
  #address = "";

  private constructor(own: OwnFacts, counters: ExchangeCounters, handlers: ServerHandlers) {
    this.#own = own;
    this.#counters = counters;
    this.#handlers = handlers;
    this.#server = createServer({ noDelay: true, keepAlive: true, highWaterMark: 64 * 1024 }, (socket) => this.#greet(socket));
  }

  static async listen(where: ListenOn, own: OwnFacts, counters: ExchangeCounters, handlers: ServerHandlers): Promise<DataServer> {
    const server = new DataServer(own, counters, handlers);
    server.#address = await listenOn(server.#server, where, `w${own.workerIndex}-${own.attempt}.sock`);
    server.#server.on("error", () => {}); // such as EMFILE on accept: the next connection may do better
    return server;
  }

  get address(): string {
    return this.#address;
  }

  #greet(socket: Socket): void {
    if (this.#strangers.size >= mostStrangers) this.#makeRoom();
    const stranger = new Stranger(socket, this.#own, this.#counters, {
      isKnown: this.#handlers.isKnown,
      passed: ({ from, purpose }, parser) => {
        this.#strangers.delete(stranger);
        if (purpose === "calls") this.#handlers.onCaller(from, socket, parser);
        else this.#handlers.onPeer(from, socket, parser);
      },
      dropped: () => {
        if (this.#strangers.delete(stranger)) this.#counters.refusedConnections++;
      },
    });
    this.#strangers.add(stranger);
  }

  /** Drops the oldest of those who have not even said hello, else the oldest. */
  #makeRoom(): void {
    let oldest: Stranger | undefined;
    for (const stranger of this.#strangers) {
      oldest ??= stranger;
      if (stranger.saidHello) continue;
      oldest = stranger;
      break;
    }
    oldest?.drop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stranger of this.#strangers) stranger.drop();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

interface StrangerHandlers {
  readonly isKnown: (from: number) => boolean;
  readonly passed: (expected: Expected, parser: FrameParser) => void;
  readonly dropped: () => void;
}

/** What the dialler must prove, once it has said hello. */
interface Expected {
  readonly from: number;
  readonly purpose: Purpose;
  readonly proof: Buffer;
}

/** A connection until it has proved to be a peer. */
class Stranger {
  readonly #socket: Socket;
  readonly #own: OwnFacts;
  readonly #handlers: StrangerHandlers;
  readonly #parser: FrameParser;
  readonly #deadline: NodeJS.Timeout;
  readonly #onClose = () => this.drop();
  readonly #onError = () => {}; // `close` follows
  #expected: Expected | undefined;

  constructor(socket: Socket, own: OwnFacts, counters: ExchangeCounters, handlers: StrangerHandlers) {
    this.#socket = socket;
    this.#own = own;
    this.#handlers = handlers;
    this.#parser = new FrameParser((type, _channel, payload) => this.#onFrame(type, payload), handshakeLimitBytes);
    this.#deadline = setTimeout(() => this.drop(), helloDeadlineMs);
    socket.on("close", this.#onClose);
    socket.on("error", this.#onError);
    feed(socket, this.#parser, counters);
  }

  get saidHello(): boolean {
    return this.#expected !== undefined;
  }

  #onFrame(type: number, payload: Buffer): void {
    if (type === FrameType.hello && this.#expected === undefined) this.#onHello(payload, "records");
    else if (type === FrameType.callHello && this.#expected === undefined) this.#onHello(payload, "calls");
    else if (type === FrameType.proof && this.#expected !== undefined) this.#onProof(payload, this.#expected);
    else this.drop();
  }

  #onHello(payload: Buffer, purpose: Purpose): void {
    const hello = decodeHello(payload);
    if (hello === undefined) return this.drop();
    const refusal = refusalOf(hello, this.#own);
    if (refusal !== undefined) return this.#refuse(refusal);
    const nonce = randomBytes(nonceBytes);
    const roles = rolesOf(purpose);
    this.#expected = { from: hello.from, purpose, proof: proofOf(this.#own.secret, roles.dialler, payload, nonce) };
    const ownProof = proofOf(this.#own.secret, roles.listener, payload, nonce);
    this.#socket.write(makeFrame(FrameType.challenge, 0, Buffer.concat([nonce, ownProof])));
  }

  #onProof(payload: Buffer, expected: Expected): void {
    if (!isProof(payload, expected.proof)) return this.#refuse(refusals.badProof);
    if (expected.purpose === "records" && this.#handlers.isKnown(expected.from)) return this.#refuse(refusals.alreadyConnected);
    this.#leave();
    this.#socket.write(makeFrame(FrameType.welcome, 0));
    this.#handlers.passed(expected, this.#parser);
  }

  #refuse(refusal: number): void {
    this.#parser.stopped = true;
    this.#socket.on("error", this.#onError);
    this.#socket.end(makeFrame(FrameType.refused, 0, Buffer.of(refusal)), () => this.#socket.destroy());
    this.#leave();
    this.#handlers.dropped();
  }

  drop(): void {
    this.#parser.stopped = true;
    this.#socket.on("error", this.#onError);
    this.#socket.destroy();
    this.#leave();
    this.#handlers.dropped();
  }

  /** The socket belongs to somebody else from here on. */
  #leave(): void {
    clearTimeout(this.#deadline);
    this.#socket.off("close", this.#onClose);
    this.#socket.off("error", this.#onError);
  }
}
