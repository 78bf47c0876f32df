// An authenticated connection between two workers, from one of its ends: parses what comes, writes what goes.

import type { Socket } from "node:net";
import type { ExchangeCounters } from "./counters.ts";
import { FrameParser, frameLimitBytes, type OnFrame } from "./frame.ts";

/** Enough to keep the kernel busy; more only adds to what is in memory. */
export const socketBufferBytes = 256 * 1024;

export interface ConnectionHandlers {
  readonly onFrame: OnFrame;
  /** The socket takes more again, after `blocked` was true. */
  readonly onDrain?: () => void;
  /** Called once, with what ended the connection if it was an error. */
  readonly onClose: (error: Error | undefined) => void;
}

export class DataConnection {
  readonly #socket: Socket;
  readonly #counters: ExchangeCounters;
  readonly #closed: Promise<void>;
  blocked = false;

  /** Takes over a socket whose handshake is done; `parser` is the one that is fed by it. */
  constructor(socket: Socket, parser: FrameParser, counters: ExchangeCounters, handlers: ConnectionHandlers) {
    this.#socket = socket;
    this.#counters = counters;
    parser.onFrame = handlers.onFrame;
    parser.limitBytes = frameLimitBytes;
    let failure: Error | undefined;
    socket.on("error", (error) => (failure = error));
    socket.on("drain", () => {
      this.blocked = false;
      handlers.onDrain?.();
    });
    this.#closed = new Promise((resolve) => {
      socket.once("close", () => {
        handlers.onClose(failure);
        resolve();
      });
    });
  }

  write(frame: Buffer): void {
    if (this.#socket.destroyed) return; // `onClose` is about to tell
    this.#counters.bytesOut += frame.length;
    if (!this.#socket.write(frame)) this.blocked = true;
  }

  /** Sends what `writeAll` writes in as few system calls as possible. */
  together(writeAll: () => void): void {
    this.#socket.cork();
    try {
      writeAll();
    } finally {
      this.#socket.uncork();
    }
  }

  /** Ends the connection; `gently` lets what is written leave first, for at most a second. */
  async close(gently: boolean): Promise<void> {
    if (gently && !this.#socket.destroyed) {
      const timer = setTimeout(() => this.#socket.destroy(), 1_000);
      void this.#closed.then(() => clearTimeout(timer));
      this.#socket.destroySoon();
    } else {
      this.#socket.destroy();
    }
    await this.#closed;
  }
}

/** Feeds a socket's bytes to a parser; whatever the parser throws ends the connection. */
export function feed(socket: Socket, parser: FrameParser, counters: ExchangeCounters): void {
  socket.on("data", (chunk: Buffer) => {
    counters.bytesIn += chunk.length;
    try {
      parser.push(chunk);
    } catch (error) {
      parser.stopped = true;
      socket.destroy(error as Error);
    }
  });
}
