// An authenticated connection between two workers, from one of its ends: parses what comes, writes what goes, and tells
// when nothing comes any more although nobody has closed it (a cut cable, a firewall, a frozen or a busy peer).

import type { Socket } from "node:net";
import type { ExchangeCounters } from "./counters.ts";
import { FrameParser, FrameType, frameLimitBytes, makeFrame, type OnFrame } from "./frame.ts";

/** Enough to keep the kernel busy; more only adds to what is in memory. */
export const socketBufferBytes = 256 * 1024;

/** A connection on which nothing has come for so long is told of, by default; each end says something several times in it. */
export const defaultSilenceMs = 30_000;
const turnsOfSilence = 5;

export interface ConnectionHandlers {
  readonly onFrame: OnFrame;
  /** The socket takes more again, after `blocked` was true. */
  readonly onDrain?: () => void;
  /** Nothing has come for so long; called again as long as that goes on. */
  readonly onSilence?: (silentMs: number) => void;
  /** Called once, with what ended the connection if it was an error. */
  readonly onClose: (error: Error | undefined) => void;
}

export class DataConnection {
  readonly #socket: Socket;
  readonly #counters: ExchangeCounters;
  readonly #closed: Promise<void>;
  readonly #alive: NodeJS.Timeout;
  readonly #onSilence: ((silentMs: number) => void) | undefined;
  blocked = false;

  /** Takes over a socket whose handshake is done; `parser` is the one that is fed by it. */
  constructor(socket: Socket, parser: FrameParser, counters: ExchangeCounters, handlers: ConnectionHandlers, silenceMs = defaultSilenceMs) {
    this.#socket = socket;
    this.#counters = counters;
    this.#onSilence = handlers.onSilence;
    parser.onFrame = (type, channelId, payload) => { if (type !== FrameType.alive) handlers.onFrame(type, channelId, payload); };
    parser.limitBytes = frameLimitBytes;
    let failure: Error | undefined;
    socket.on("error", (error) => (failure = error));
    socket.on("drain", () => {
      this.blocked = false;
      handlers.onDrain?.();
    });
    this.#closed = new Promise((resolve) => {
      socket.once("close", () => {
        clearInterval(this.#alive);
        handlers.onClose(failure);
        resolve();
      });
    });
    this.#alive = this.#keepAlive(silenceMs);
  }

  /** Counts turns, not time: a worker that was busy in one synchronous stretch must not blame its peers. */
  #keepAlive(silenceMs: number): NodeJS.Timeout {
    let silentTurns = 0;
    let read = this.#socket.bytesRead;
    const turn = () => {
      silentTurns = this.#socket.bytesRead === read ? silentTurns + 1 : 0;
      read = this.#socket.bytesRead;
      if (silentTurns > turnsOfSilence) this.#onSilence?.((silentTurns * silenceMs) / turnsOfSilence);
      if (!this.blocked) this.write(makeFrame(FrameType.alive, 0));
    };
    return setInterval(turn, silenceMs / turnsOfSilence).unref();
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
