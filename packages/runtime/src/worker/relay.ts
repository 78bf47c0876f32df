// Calls between two workers which cannot dial one another: their frames go through the streams that both keep to the
// daemon. Slower than a connection of their own, and there wherever workers are.
//
// Invariants:
//   Y1. A connection lives on unbroken streams alone: when one of them breaks, it ends on both sides.

import type { Relayed, RelayedInit } from "@sage/protocol";
import { Hearing } from "../exchange/call-connection.ts";
import type { CallConnection } from "../exchange/index.ts";
import { FrameParser, type OnFrame } from "../exchange/frame.ts";

/** Frames travel in pieces of at most so many bytes. */
const pieceBytes = 1024 * 1024;

export class Relay {
  readonly #send: (message: RelayedInit) => void;
  readonly #connections = new Map<string, RelayedConnection>();
  readonly #waiting = new Set<CallConnection>();
  #onCaller: ((connection: CallConnection) => void) | undefined;
  #lastNumber = 0;

  constructor(send: (message: RelayedInit) => void) {
    this.#send = send;
  }

  /** Connects to another worker to call it; a connection that cannot be made ends soon. */
  open(peer: number): CallConnection {
    const connection = this.#add(peer, ++this.#lastNumber, true);
    this.#send({ peer, connection: this.#lastNumber, fromCaller: true });
    return connection;
  }

  /** Hands on every connection of a worker that wants to call this one, those that wait already too. */
  acceptCalls(onCaller: (connection: CallConnection) => void): void {
    this.#onCaller = onCaller;
    for (const connection of this.#waiting) onCaller(connection);
    this.#waiting.clear();
  }

  /** What comes from the daemon. */
  receive({ peer, connection: number, frames, fromCaller, end }: Relayed): void {
    if (end && Number(number) === 0) return this.#endAll((connection) => connection.peer === peer);
    let connection = this.#connections.get(idOf(peer, Number(number), !fromCaller));
    if (end) return connection?.over();
    if (!connection && fromCaller) this.#admit((connection = this.#add(peer, Number(number), false)));
    connection?.receive(frames);
  }

  /** The stream to the daemon broke. */
  broke(): void {
    this.#endAll(() => true);
  }

  #admit(connection: CallConnection): void {
    if (this.#onCaller) return this.#onCaller(connection);
    this.#waiting.add(connection);
    void connection.closed.then(() => this.#waiting.delete(connection));
  }

  #add(peer: number, number: number, isCaller: boolean): RelayedConnection {
    const id = idOf(peer, number, isCaller);
    const connection = new RelayedConnection(peer, (rest) => this.#send({ peer, connection: number, fromCaller: isCaller, ...rest }));
    this.#connections.set(id, connection);
    void connection.closed.then(() => this.#connections.delete(id));
    return connection;
  }

  #endAll(which: (connection: RelayedConnection) => boolean): void {
    for (const connection of this.#connections.values()) if (which(connection)) connection.over();
  }
}

const idOf = (peer: number, number: number, isCaller: boolean): string => `${isCaller ? "to" : "from"} ${peer} ${number}`;

class RelayedConnection implements CallConnection {
  readonly route = "relayed";
  readonly peer: number;
  readonly #hearing = new Hearing();
  readonly closed: Promise<Error | undefined>;
  readonly #send: (rest: Partial<Pick<RelayedInit, "frames" | "end">>) => void;
  readonly #parser: FrameParser;
  #resolve!: (error: Error | undefined) => void;
  #isOver = false;

  constructor(peer: number, send: (rest: Partial<Pick<RelayedInit, "frames" | "end">>) => void) {
    this.peer = peer;
    this.#send = send;
    this.closed = new Promise((resolve) => { this.#resolve = resolve; });
    this.#parser = new FrameParser(this.#hearing.onFrame);
  }

  hear(onFrame: OnFrame): void {
    this.#hearing.begin(onFrame);
  }

  send(frame: Buffer): void {
    for (let at = 0; at < frame.length && !this.#isOver; at += pieceBytes) this.#send({ frames: frame.subarray(at, at + pieceBytes) });
  }

  receive(frames: Buffer): void {
    try {
      if (!this.#isOver) this.#parser.push(frames);
    } catch (error) {
      this.#send({ end: true });
      this.over(error as Error);
    }
  }

  over(error?: Error): void {
    this.#isOver = true;
    this.#resolve(error);
  }

  async close(): Promise<void> {
    if (!this.#isOver) this.#send({ end: true });
    this.over();
  }
}
