// The door of a service to the workers that call it.
//
// Invariants:
//   K1. A caller hears `ready` before it may call, and of each of its calls once: the result, or the error.
//   K2. Calls of one caller start in the order in which it made them; one that nobody waits for any more does not start.

import type { CallConnection } from "../exchange/call-connection.ts";
import { FrameType, makeFrame } from "../exchange/frame.ts";
import { answerFrame, callOf, failureFrame } from "./call-frames.ts";
import { ServiceValueError } from "./errors.ts";
import type { HostedService } from "./hosted-service.ts";

export class ServiceCallers {
  readonly #service: HostedService;
  readonly #programDir: string;
  readonly #connections = new Set<CallConnection>();
  readonly #routes = new Set<string>();
  #isReady = false;

  constructor(service: HostedService, programDir: string) {
    this.#service = service;
    this.#programDir = programDir;
  }

  admit(connection: CallConnection): void {
    const drops = new Map<number, () => void>();
    this.#connections.add(connection);
    this.#routes.add(connection.route);
    connection.hear((type, call, payload) => {
      if (type === FrameType.call) this.#take(connection, call, payload, drops);
      else if (type === FrameType.forget) drops.get(call)?.();
    });
    void connection.closed.then(() => {
      this.#connections.delete(connection);
      for (const drop of drops.values()) drop();
    });
    if (this.#isReady) connection.send(makeFrame(FrameType.ready, 0));
  }

  /** How callers have come here: `direct`, `relayed`, both, or nothing yet. */
  get routes(): string {
    return [...this.#routes].sort().join(", ");
  }

  /** The service is set up. */
  open(): void {
    this.#isReady = true;
    for (const connection of this.#connections) connection.send(makeFrame(FrameType.ready, 0));
  }

  /** Behind the last answer. */
  async close(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.close(true)));
  }

  #take(connection: CallConnection, call: number, payload: Buffer, drops: Map<number, () => void>): void {
    const { method, caller, args } = callOf(payload);
    const onQueued = (drop: () => void) => drops.set(call, drop);
    this.#service.call(method, args, caller, onQueued)
      .then((result) => this.#answer(connection, call, method, result), (error: unknown) => connection.send(failureFrame(call, error, this.#programDir)))
      .catch((error: unknown) => connection.send(failureFrame(call, error, this.#programDir)))
      .finally(() => drops.delete(call));
  }

  #answer(connection: CallConnection, call: number, method: string, result: unknown): void {
    let frame: Buffer;
    try {
      frame = answerFrame(call, result);
    } catch (error) {
      throw new ServiceValueError(`the result of ${this.#service.name}.${method}`, error);
    }
    connection.send(frame);
  }
}
