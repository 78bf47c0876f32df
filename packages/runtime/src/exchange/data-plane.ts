// A worker's door to its peers: listens for those that send to it, dials those that it sends to, and hands out channels.
//
// Channel ids name a channel between two workers, in one direction: the plan gives both ends the same number. A channel
// from a worker to itself is a queue in memory, with the same port.

import type { Socket } from "node:net";
import { deferred, type Deferred } from "@sage/core";
import { DirectConnection, type CallConnection } from "./call-connection.ts";
import type { InputChannel, OutputChannel } from "./channel.ts";
import { newCounters, type ExchangeCounters } from "./counters.ts";
import { DataServer, type OwnFacts } from "./data-server.ts";
import { dialPeer, type PeerAddress } from "./dial-peer.ts";
import type { PeerLostError } from "./errors.ts";
import { IncomingLink } from "./incoming-link.ts";
import { defaultWindow, localChannel } from "./local-channel.ts";
import type { FrameParser } from "./frame.ts";
import { OutgoingLink } from "./outgoing-link.ts";
import type { ListenOn } from "./peer-address.ts";
import type { Window } from "./remote-input.ts";

export interface DataPlaneOptions extends OwnFacts {
  readonly listen: ListenOn;
  /** Most batches and events in flight on a channel; default 8. */
  readonly windowItems?: number;
  /** Most bytes in flight on a channel; default 8 MB. A single larger batch passes alone. */
  readonly windowBytes?: number;
  /** How long to dial a peer before giving up; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** A connection on which nothing has come for so long is told of; default 30,000. */
  readonly silenceMs?: number;
  /** Nothing has come from a peer for so long; called again as long as that goes on. */
  readonly onSilence?: (peerWorkerIndex: number, silentMs: number) => void;
  /** A connection was lost before all its channels had ended. Called once per connection. */
  readonly onFailure?: (error: PeerLostError) => void;
  /** Closes the data plane when it fires. */
  readonly signal?: AbortSignal;
}

export interface ExchangeMetrics extends Readonly<ExchangeCounters> {
  /** Items that have arrived and wait to be taken. */
  readonly queuedIn: number;
  /** Items that wait to leave. */
  readonly queuedOut: number;
  /** Items sent and not yet taken by their receivers. */
  readonly inFlight: number;
}

const defaultWindowBytes = 8 * 1024 * 1024;
const defaultConnectTimeoutMs = 10_000;

export class DataPlane implements AsyncDisposable {
  readonly #options: DataPlaneOptions;
  readonly #window: Window;
  readonly #counters = newCounters();
  readonly #incoming = new Map<number, IncomingLink>();
  readonly #outgoing = new Map<number, OutgoingLink>();
  readonly #local = new Map<number, ReturnType<typeof localChannel>>();
  readonly #calls = new Set<CallConnection>();
  /** Takes those who want to call; until it is set they wait. */
  #onCaller: ((connection: CallConnection) => void) | undefined;
  readonly #waitingCallers = new Set<CallConnection>();
  readonly #abort = new AbortController();
  #server!: DataServer;
  #drained: Deferred<void> | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: DataPlaneOptions) {
    this.#options = options;
    this.#window = { items: options.windowItems ?? defaultWindow, bytes: options.windowBytes ?? defaultWindowBytes };
  }

  /** Starts listening. @throws `SAGE_UNSAFE_SOCKET_DIR`, or the system's error when it cannot listen. */
  static async open(options: DataPlaneOptions): Promise<DataPlane> {
    options.signal?.throwIfAborted();
    const plane = new DataPlane(options);
    plane.#server = await DataServer.listen(options.listen, options, plane.#counters, {
      isKnown: (from) => plane.#incomingFrom(from).isKnown,
      onPeer: (from, socket, parser) => plane.#incomingFrom(from).adopt(socket, parser),
      onCaller: (_from, socket, parser) => plane.#admit(plane.#callConnection(socket, parser)),
    });
    const close = () => void plane[Symbol.asyncDispose]();
    options.signal?.addEventListener("abort", close, { once: true });
    plane.#abort.signal.addEventListener("abort", () => options.signal?.removeEventListener("abort", close), { once: true });
    if (options.signal?.aborted) close();
    return plane;
  }

  /** What peers need to dial this worker. */
  get address(): string {
    return this.#server.address;
  }

  /** The receiving end of a channel from worker `from`; registered before or after that worker connects. */
  input(channelId: number, { from }: { readonly from: number }): InputChannel {
    if (from === this.#options.workerIndex) return this.#localChannel(channelId).input;
    return this.#incomingFrom(from).input(channelId, this.#window);
  }

  /** The sending end of a channel to a peer; what is sent before `connect` waits. */
  output(peerWorkerIndex: number, channelId: number): OutputChannel {
    if (peerWorkerIndex === this.#options.workerIndex) return this.#localChannel(channelId).output;
    return this.#outgoingTo(peerWorkerIndex).output(channelId);
  }

  /**
   * Connects to every peer that this worker sends to, all at once; itself among them is skipped.
   *
   * @throws the first of `SAGE_PEER_UNREACHABLE`, `SAGE_PEER_REFUSED`, `signal.reason`; the other attempts end with it.
   */
  async connect(peers: readonly PeerAddress[], signal?: AbortSignal): Promise<void> {
    const giveUp = new AbortController();
    const either = AbortSignal.any([this.#abort.signal, giveUp.signal, ...(signal === undefined ? [] : [signal])]);
    const timeoutMs = this.#options.connectTimeoutMs ?? defaultConnectTimeoutMs;
    const dials = peers.filter((peer) => peer.workerIndex !== this.#options.workerIndex).map(async (peer) => {
      const link = this.#outgoingTo(peer.workerIndex);
      try {
        await dialPeer(peer, this.#options, this.#counters, (socket, parser) => link.adopt(socket, parser), timeoutMs, either);
      } catch (error) {
        giveUp.abort(error);
        throw error;
      }
    });
    const failed = (await Promise.allSettled(dials)).some(({ status }) => status === "rejected");
    if (failed) throw either.reason;
  }

  /** Hands on every connection of a worker that wants to call this one, those that wait already too. */
  acceptCalls(onCaller: (connection: CallConnection) => void): void {
    this.#onCaller = onCaller;
    for (const connection of this.#waitingCallers) onCaller(connection);
    this.#waitingCallers.clear();
  }

  /** Connects to a worker to call it. @throws as {@link DataPlane.connect} */
  async openCalls(peer: PeerAddress, timeoutMs: number, signal: AbortSignal): Promise<CallConnection> {
    const either = AbortSignal.any([this.#abort.signal, signal]);
    let connection!: CallConnection;
    const adopt = (socket: Socket, parser: FrameParser) => { connection = this.#callConnection(socket, parser); };
    await dialPeer({ ...peer, purpose: "calls" }, this.#options, this.#counters, adopt, timeoutMs, either);
    return connection;
  }

  /**
   * Resolves once every output channel has ended and all of it was taken by its receiver: then closing loses nothing.
   *
   * @throws `SAGE_PEER_LOST` when a receiver is lost before, or `signal.reason`.
   */
  async drained(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const done = (this.#drained ??= deferred());
    done.promise.catch(() => {});
    this.#checkDrained();
    const onAbort = () => {
      done.reject(signal?.reason);
      this.#drained = undefined;
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await done.promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  metrics(): ExchangeMetrics {
    let [queuedIn, queuedOut, inFlight] = [0, 0, 0];
    for (const link of this.#incoming.values()) for (const input of link.inputs) queuedIn += input.queued;
    for (const link of this.#outgoing.values()) {
      for (const output of link.outputs) {
        queuedOut += output.queued;
        inFlight += output.inFlight;
      }
    }
    for (const { input } of this.#local.values()) queuedIn += input.queued;
    return { ...this.#counters, queuedIn, queuedOut, inFlight };
  }

  #callConnection(socket: Socket, parser: FrameParser): CallConnection {
    const connection = new DirectConnection(socket, parser, this.#counters, this.#options.silenceMs);
    this.#calls.add(connection);
    void connection.closed.then(() => {
      this.#calls.delete(connection);
      this.#waitingCallers.delete(connection);
    });
    return connection;
  }

  #admit(connection: CallConnection): void {
    if (this.#onCaller) this.#onCaller(connection);
    else this.#waitingCallers.add(connection);
  }

  #localChannel(channelId: number): ReturnType<typeof localChannel> {
    let channel = this.#local.get(channelId);
    if (channel === undefined) this.#local.set(channelId, (channel = localChannel(this.#window.items)));
    return channel;
  }

  #incomingFrom(peer: number): IncomingLink {
    let link = this.#incoming.get(peer);
    if (link === undefined) {
      link = new IncomingLink(peer, this.#counters, { onLost: (error) => this.#onLost(error), onSilence: (silentMs) => this.#options.onSilence?.(peer, silentMs) }, this.#options.silenceMs);
      this.#incoming.set(peer, link);
    }
    return link;
  }

  #outgoingTo(peer: number): OutgoingLink {
    let link = this.#outgoing.get(peer);
    if (link === undefined) {
      link = new OutgoingLink(peer, this.#counters, { onLost: (error) => this.#onLost(error), onFinished: () => this.#checkDrained(), onSilence: (silentMs) => this.#options.onSilence?.(peer, silentMs) }, this.#options.silenceMs);
      this.#outgoing.set(peer, link);
    }
    return link;
  }

  #onLost(error: PeerLostError): void {
    this.#checkDrained();
    this.#options.onFailure?.(error);
  }

  #checkDrained(): void {
    if (this.#drained === undefined) return;
    for (const link of this.#outgoing.values()) {
      if (link.finished) continue;
      if (link.failure === undefined) return;
      this.#drained.reject(link.failure);
      this.#drained = undefined;
      return;
    }
    this.#drained.resolve();
    this.#drained = undefined;
  }

  /** Closes everything; peers whose channels have not ended see the connection lost. */
  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#abort.abort(new Error("the data plane was closed"));
    const links = [...this.#incoming.values(), ...this.#outgoing.values()];
    const calls = [...this.#calls].map((connection) => connection.close(true));
    await Promise.all([...calls, ...links.map((link) => link.close()), this.#server[Symbol.asyncDispose]()]);
    this.#checkDrained();
  }
}
