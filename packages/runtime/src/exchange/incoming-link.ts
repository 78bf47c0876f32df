// All channels from one peer to this worker, over one connection that the peer has dialled. A channel opens when both its
// input is registered here and the peer is connected, whichever comes first.

import type { Socket } from "node:net";
import { BadFrameError } from "@sage/protocol/records";
import type { ExchangeCounters } from "./counters.ts";
import { DataConnection } from "./data-connection.ts";
import { PeerLostError } from "./errors.ts";
import { FrameType, type FrameParser } from "./frame.ts";
import { RemoteInput, type Window } from "./remote-input.ts";

export interface IncomingHandlers {
  readonly onLost: (error: PeerLostError) => void;
  readonly onSilence: (silentMs: number) => void;
}

export class IncomingLink {
  readonly #peer: number;
  readonly #counters: ExchangeCounters;
  readonly #handlers: IncomingHandlers;
  readonly #silenceMs: number | undefined;
  readonly #inputs = new Map<number, RemoteInput>();
  #connection: DataConnection | undefined;
  #failure: PeerLostError | undefined;
  #closing = false;

  constructor(peer: number, counters: ExchangeCounters, handlers: IncomingHandlers, silenceMs?: number) {
    this.#peer = peer;
    this.#counters = counters;
    this.#handlers = handlers;
    this.#silenceMs = silenceMs;
  }

  /** Whether the peer is connected, or was. */
  get isKnown(): boolean {
    return this.#connection !== undefined;
  }

  get inputs(): Iterable<RemoteInput> {
    return this.#inputs.values();
  }

  get #allEnded(): boolean {
    for (const input of this.#inputs.values()) if (!input.ended) return false;
    return true;
  }

  /** The input of a channel; the window counts only at its first call. */
  input(channelId: number, window: Window): RemoteInput {
    let input = this.#inputs.get(channelId);
    if (input === undefined) {
      input = new RemoteInput(channelId, window, this.#counters);
      this.#inputs.set(channelId, input);
      if (this.#failure !== undefined) input.fail(this.#failure);
      else if (this.#connection !== undefined) this.#attach(input, this.#connection);
    }
    return input;
  }

  adopt(socket: Socket, parser: FrameParser): void {
    const connection = new DataConnection(socket, parser, this.#counters, {
      onFrame: (type, channelId, payload) => this.#onFrame(type, channelId, payload),
      onSilence: (silentMs) => { if (!this.#allEnded) this.#handlers.onSilence(silentMs); },
      onClose: (error) => this.#onClose(error),
    }, this.#silenceMs);
    this.#connection = connection;
    connection.together(() => {
      for (const input of this.#inputs.values()) this.#attach(input, connection);
    });
  }

  #attach(input: RemoteInput, connection: DataConnection): void {
    input.attach((frame) => connection.write(frame));
  }

  #onFrame(type: number, channelId: number, payload: Buffer): void {
    if (type !== FrameType.batch && type !== FrameType.event) throw new BadFrameError(`a frame of type ${type} from a sender`);
    const input = this.#inputs.get(channelId);
    if (input === undefined) throw new BadFrameError(`something on channel ${channelId}, which is not open`);
    input.accept(type, payload);
  }

  #onClose(error: Error | undefined): void {
    const early = !this.#allEnded;
    this.#failure = new PeerLostError(this.#peer, this.#closing ? "it was closed here" : (error?.message ?? "the peer closed it"), error);
    for (const input of this.#inputs.values()) input.fail(this.#failure);
    if (early && !this.#closing) this.#handlers.onLost(this.#failure);
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#connection === undefined) this.#onClose(undefined);
    else await this.#connection.close(this.#allEnded);
  }
}
