// All channels from this worker to one peer, over one connection. A channel without credit waits by itself; only a full
// socket makes all of them wait, and then each gets its turn.

import type { Socket } from "node:net";
import { BadFrameError } from "@sage/protocol/records";
import type { ExchangeCounters } from "./counters.ts";
import { DataConnection } from "./data-connection.ts";
import { PeerLostError } from "./errors.ts";
import { FrameType, type FrameParser } from "./frame.ts";
import { RemoteOutput, type FrameSink } from "./remote-output.ts";

export interface LinkHandlers {
  readonly onLost: (error: PeerLostError) => void;
  readonly onSilence: (silentMs: number) => void;
  /** A channel has ended and all of it was taken. */
  readonly onFinished: () => void;
}

export class OutgoingLink implements FrameSink {
  readonly #peer: number;
  readonly #counters: ExchangeCounters;
  readonly #handlers: LinkHandlers;
  readonly #silenceMs: number | undefined;
  readonly #outputs = new Map<number, RemoteOutput>();
  /** Grants for channels that this worker has not opened yet. */
  readonly #grants = new Map<number, { credit: number; bytes: number }>();
  #connection: DataConnection | undefined;
  #turn = 0;
  #failure: PeerLostError | undefined;
  #closing = false;

  constructor(peer: number, counters: ExchangeCounters, handlers: LinkHandlers, silenceMs?: number) {
    this.#peer = peer;
    this.#counters = counters;
    this.#handlers = handlers;
    this.#silenceMs = silenceMs;
  }

  get blocked(): boolean {
    return this.#connection === undefined || this.#connection.blocked;
  }

  get outputs(): Iterable<RemoteOutput> {
    return this.#outputs.values();
  }

  get failure(): PeerLostError | undefined {
    return this.#failure;
  }

  /** Whether every channel has ended and all was taken. */
  get finished(): boolean {
    for (const output of this.#outputs.values()) if (!output.finished) return false;
    return true;
  }

  output(channelId: number): RemoteOutput {
    let output = this.#outputs.get(channelId);
    if (output === undefined) {
      output = new RemoteOutput(channelId, this, this.#counters);
      this.#outputs.set(channelId, output);
      const grant = this.#grants.get(channelId);
      if (grant !== undefined) output.onGrant(grant.credit, grant.bytes);
      this.#grants.delete(channelId);
      if (this.#failure !== undefined) output.fail(this.#failure);
    }
    return output;
  }

  /** The peer is connected and proven. */
  adopt(socket: Socket, parser: FrameParser): void {
    this.#connection = new DataConnection(socket, parser, this.#counters, {
      onFrame: (type, channelId, payload) => this.#onFrame(type, channelId, payload),
      onDrain: () => this.#onDrain(),
      onSilence: (silentMs) => { if (!this.finished) this.#handlers.onSilence(silentMs); },
      onClose: (error) => this.#onClose(error),
    }, this.#silenceMs);
  }

  write(frame: Buffer): void {
    this.#connection!.write(frame);
  }

  onFinished(): void {
    this.#handlers.onFinished();
  }

  #onFrame(type: number, channelId: number, payload: Buffer): void {
    if (type === FrameType.grant && payload.length === 8) {
      const [credit, bytes] = [payload.readUInt32LE(0), payload.readUInt32LE(4)];
      const output = this.#outputs.get(channelId);
      if (output !== undefined) this.#connection!.together(() => output.onGrant(credit, bytes));
      else this.#grants.set(channelId, { credit, bytes });
    } else if (type === FrameType.credit && payload.length === 4) {
      const output = this.#outputs.get(channelId);
      if (output === undefined) throw new BadFrameError(`credit for channel ${channelId}, which is not open`);
      this.#connection!.together(() => output.onCredit(payload.readUInt32LE(0)));
    } else {
      throw new BadFrameError(`a frame of type ${type} from a receiver`);
    }
  }

  /** Another channel goes first each time, so that a busy one cannot keep the socket to itself. */
  #onDrain(): void {
    const outputs = [...this.#outputs.values()];
    this.#turn = (this.#turn + 1) % Math.max(1, outputs.length);
    this.#connection!.together(() => {
      for (let i = 0; i < outputs.length && !this.blocked; i++) outputs[(this.#turn + i) % outputs.length]!.flush();
    });
  }

  #onClose(error: Error | undefined): void {
    const early = !this.finished;
    this.#failure = new PeerLostError(this.#peer, this.#closing ? "it was closed here" : (error?.message ?? "the peer closed it"), error);
    for (const output of this.#outputs.values()) if (!output.finished) output.fail(this.#failure);
    if (early && !this.#closing) this.#handlers.onLost(this.#failure);
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#connection === undefined) this.#onClose(undefined);
    else await this.#connection.close(this.finished);
  }
}
