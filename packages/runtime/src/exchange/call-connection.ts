// A connection on which one worker calls another: single frames both ways, in order, without channels.

import type { Socket } from "node:net";
import type { ExchangeCounters } from "./counters.ts";
import { DataConnection } from "./data-connection.ts";
import type { FrameParser, OnFrame } from "./frame.ts";

export interface CallConnection {
  /** Whether the two workers have dialled one another, or talk by way of their daemon. */
  readonly route: "direct" | "relayed";
  /** From now on `onFrame` hears every frame, first those that came before; what it throws ends the connection. */
  hear(onFrame: OnFrame): void;
  /** Resolves when the connection has ended, with its error if it had one. */
  readonly closed: Promise<Error | undefined>;
  send(frame: Buffer): void;
  /** `gently` lets what was sent leave first, for at most a second. */
  close(gently: boolean): Promise<void>;
}

/** Keeps frames until somebody hears them: the first may come along with the end of the handshake. */
export class Hearing {
  readonly #early: Parameters<OnFrame>[] = [];
  #listener: OnFrame | undefined;

  readonly onFrame: OnFrame = (...frame) => {
    if (this.#listener) this.#listener(...frame);
    else this.#early.push(frame);
  };

  begin(listener: OnFrame): void {
    this.#listener = listener;
    for (const frame of this.#early.splice(0)) listener(...frame);
  }
}

/** Over a socket whose handshake is done. */
export class DirectConnection implements CallConnection {
  readonly route = "direct";
  readonly #hearing = new Hearing();
  readonly closed: Promise<Error | undefined>;
  readonly #connection: DataConnection;

  constructor(socket: Socket, parser: FrameParser, counters: ExchangeCounters, silenceMs?: number) {
    let over!: (error: Error | undefined) => void;
    this.closed = new Promise((resolve) => { over = resolve; });
    this.#connection = new DataConnection(socket, parser, counters, {
      onFrame: this.#hearing.onFrame,
      onClose: over,
    }, silenceMs);
  }

  hear(onFrame: OnFrame): void {
    this.#hearing.begin(onFrame);
  }

  send(frame: Buffer): void {
    this.#connection.write(frame);
  }

  close(gently: boolean): Promise<void> {
    return this.#connection.close(gently);
  }
}
