// One page's websocket: its subscriptions, each sent one message at a time.
//
// Invariants:
//   G1. Of a subscription at most one message is under way; the next one is made when the page has acknowledged it.
//   G2. What a page sends is checked before it is used; a page that talks nonsense is told so, one that keeps silent to
//       pings is cut off.
//   G3. When the connection has gone, so has everything that was done for it.

import { TaskGroup, type Logger } from "@sage/core";
import { gatewayVersion, type GatewayServerMessage, type SubscribeRequest } from "@sage/protocol/json";
import { setMaxListeners } from "node:events";
import type { RawData, WebSocket } from "ws";
import { errorJson } from "./answers.ts";
import { BadRequestError } from "./errors.ts";
import { parseClientMessage } from "./client-message.ts";
import { serverJson } from "./server-facts.ts";
import { openTopic, type TopicParts } from "./topics.ts";

const mostSubscriptions = 64;
const pingEveryMs = 15_000;

interface Subscription {
  readonly abort: AbortController;
  acknowledged: (() => void) | undefined;
}

/** Serves a page until it has gone or `signal` fires. */
export async function servePage(socket: WebSocket, parts: TopicParts & { readonly logger: Logger }, signal: AbortSignal): Promise<void> {
  const connection = new PageConnection(socket, parts);
  const onAbort = () => socket.close(1001, "the daemon is going away");
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await connection.run();
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

class PageConnection {
  readonly #socket: WebSocket;
  readonly #parts: TopicParts & { readonly logger: Logger };
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #work: TaskGroup;

  constructor(socket: WebSocket, parts: TopicParts & { readonly logger: Logger }) {
    this.#socket = socket;
    this.#parts = parts;
    this.#work = new TaskGroup((error) => parts.logger.error("a page's subscription failed inside the daemon", { error }));
    setMaxListeners(0, this.#work.signal);
  }

  async run(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#socket.once("close", () => resolve());
    });
    this.#socket.on("error", () => this.#socket.terminate());
    this.#socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    this.#work.start((signal) => this.#keepAlive(signal));
    this.#send({ type: "hello", version: gatewayVersion, server: await serverJson(this.#parts) });
    await closed;
    await this.#work[Symbol.asyncDispose]();
  }

  async #keepAlive(signal: AbortSignal): Promise<void> {
    let alive = true;
    this.#socket.on("pong", () => { alive = true; });
    for (;;) {
      await this.#parts.clock.sleep(pingEveryMs, signal);
      if (!alive) return this.#socket.terminate();
      alive = false;
      this.#socket.ping();
    }
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    try {
      const message = parseClientMessage(isBinary ? "" : (data as Buffer).toString());
      if (message.type === "subscribe") this.#subscribe(message.id, message);
      else if (message.type === "unsubscribe") this.#subscriptions.get(message.id)?.abort.abort(new Error("unsubscribed"));
      else this.#subscriptions.get(message.id)?.acknowledged?.();
    } catch (error) {
      this.#send({ type: "error", error: errorJson(error) });
    }
  }

  #subscribe(id: number, request: SubscribeRequest): void {
    if (this.#subscriptions.has(id)) throw new BadRequestError(`subscription ${id} exists already`);
    if (this.#subscriptions.size >= mostSubscriptions) throw new BadRequestError(`a page has at most ${mostSubscriptions} subscriptions`);
    const subscription: Subscription = { abort: new AbortController(), acknowledged: undefined };
    this.#subscriptions.set(id, subscription);
    this.#work.start((closing) => this.#feed(id, request, subscription, AbortSignal.any([closing, subscription.abort.signal])));
  }

  async #feed(id: number, request: SubscribeRequest, subscription: Subscription, signal: AbortSignal): Promise<void> {
    try {
      for await (const data of openTopic(request, this.#parts, signal)) {
        const taken = new Promise<void>((resolve, reject) => {
          subscription.acknowledged = resolve;
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
        this.#send({ type: "data", id, ...data });
        await taken;
      }
      this.#send({ type: "end", id });
    } catch (error) {
      if (signal.aborted) return;
      const told = errorJson(error);
      if (told.code === "SAGE_INTERNAL") this.#parts.logger.error("a page's subscription failed inside the daemon", { topic: request.topic, error });
      this.#send({ type: "error", id, error: told });
    } finally {
      this.#subscriptions.delete(id);
    }
  }

  #send(message: GatewayServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
