// The page's websocket to the daemon: subscriptions that outlive it, and what is known of its state.
//
// Invariants:
//   C1. A subscription lives until its owner ends it: when the connection comes back it is asked for again, as its owner
//       wants it then (a log from its last line on).
//   C2. Every message is acknowledged only when the page has painted it, so the daemon never sends faster than we show.
//   C3. Silence is noticed: the daemon speaks every two seconds, so a connection that says nothing is called slow, and
//       after a while replaced.

import type { ErrorJson, GatewayServerMessage, ServerJson, SubscribeRequest } from "@sage/protocol/json";
import { Store } from "./store.ts";

export type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  /** Nothing has come for a while. */
  | { readonly kind: "slow"; readonly sinceMs: number }
  | { readonly kind: "lost"; readonly attempt: number; readonly retryAtMs: number }
  /** The daemon does not know this page. */
  | { readonly kind: "no-session" };

export type DataMessage = Extract<GatewayServerMessage, { readonly type: "data" }>;

export interface Subscriber {
  /** Asked at every (re)connect. */
  readonly request: () => SubscribeRequest;
  readonly onData: (message: DataMessage) => void;
  readonly onEnd?: () => void;
  readonly onError?: (error: ErrorJson) => void;
}

const slowAfterMs = 6_000;
const deadAfterMs = 20_000;
const firstRetryMs = 400;
const lastRetryMs = 5_000;

export class Connection {
  readonly state = new Store<ConnectionState>({ kind: "connecting" });
  readonly server = new Store<ServerJson | undefined>(undefined);
  /** How far the daemon's clock is ahead of ours, in ms. */
  clockSkewMs = 0;
  readonly #subscribers = new Map<number, Subscriber>();
  #socket: WebSocket | undefined;
  #nextId = 1;
  #attempt = 0;
  #lastHeardMs = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.subscribe({ request: () => ({ topic: "server" }), onData: (message) => { if (message.topic === "server") this.#onServer(message.server); } });
    setInterval(() => this.#watchSilence(), 1_000);
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.retryNow(); });
    void this.#connect();
  }

  /** The daemon's time, in ms since the epoch. */
  nowMs(): number {
    return Date.now() + this.clockSkewMs;
  }

  /** @returns what ends it. */
  subscribe(subscriber: Subscriber): () => void {
    const id = this.#nextId++;
    this.#subscribers.set(id, subscriber);
    this.#send({ type: "subscribe", id, ...subscriber.request() });
    return () => {
      if (this.#subscribers.delete(id)) this.#send({ type: "unsubscribe", id });
    };
  }

  retryNow(): void {
    if (this.state.value.kind !== "lost" && this.state.value.kind !== "no-session") return;
    clearTimeout(this.#retry);
    void this.#connect();
  }

  async #connect(): Promise<void> {
    this.#retry = undefined;
    try {
      const answer = await fetch("/api/v1/server", { signal: AbortSignal.timeout(8_000), cache: "no-store" });
      if (answer.status === 401) return this.state.set({ kind: "no-session" });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.#onServer((await answer.json()) as ServerJson);
    } catch {
      return this.#onLost();
    }
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/ws`);
    this.#socket = socket;
    this.#lastHeardMs = performance.now();
    socket.addEventListener("open", () => {
      this.#attempt = 0;
      this.state.set({ kind: "open" });
      for (const [id, subscriber] of this.#subscribers) this.#send({ type: "subscribe", id, ...subscriber.request() });
    });
    socket.addEventListener("message", ({ data }) => { if (socket === this.#socket) this.#onMessage(JSON.parse(String(data)) as GatewayServerMessage); });
    socket.addEventListener("close", () => { if (socket === this.#socket) this.#onLost(); });
  }

  #onMessage(message: GatewayServerMessage): void {
    this.#lastHeardMs = performance.now();
    if (this.state.value.kind === "slow") this.state.set({ kind: "open" });
    switch (message.type) {
      case "hello":
        return this.#onServer(message.server);
      case "data": {
        this.#subscribers.get(message.id)?.onData(message);
        const { id } = message;
        afterPaint(() => this.#send({ type: "ack", id }));
        return;
      }
      case "end":
        return this.#subscribers.get(message.id)?.onEnd?.();
      case "error":
        if (message.id !== undefined) this.#subscribers.get(message.id)?.onError?.(message.error);
    }
  }

  #onServer(server: ServerJson): void {
    this.clockSkewMs = Date.parse(server.now) - Date.now();
    this.server.set(server);
  }

  #onLost(): void {
    this.#socket = undefined;
    if (this.#retry !== undefined) return;
    const waitMs = Math.min(lastRetryMs, firstRetryMs * 2 ** this.#attempt) * (0.7 + 0.3 * Math.random());
    this.#attempt++;
    this.state.set({ kind: "lost", attempt: this.#attempt, retryAtMs: Date.now() + waitMs });
    this.#retry = setTimeout(() => void this.#connect(), waitMs);
  }

  #watchSilence(): void {
    const socket = this.#socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    const silentMs = performance.now() - this.#lastHeardMs;
    if (silentMs > deadAfterMs) {
      socket.close();
      this.#onLost();
    } else if (silentMs > slowAfterMs) this.state.set({ kind: "slow", sinceMs: Date.now() - silentMs });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

/** Hidden pages paint nothing; they go on by a timer. */
function afterPaint(work: () => void): void {
  if (document.hidden) setTimeout(work, 250);
  else requestAnimationFrame(() => setTimeout(work));
}
