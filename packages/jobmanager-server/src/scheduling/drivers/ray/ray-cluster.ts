// The daemon's one session with its Ray cluster: opened when it is first needed, and anew when it was lost.
//
// Rule: nothing of the session's is needed beyond it. Workers are detached actors, found again by their names.

import { withRetries, type Clock, type Logger, type Secret } from "@sage/core";
import { connectRay, RaySessionClosedError, type RaySession } from "@sage/ray-control";
import { orAborted } from "../../../waits.ts";

export interface RayClusterOptions {
  /** `ray://host:port` */
  readonly address: string;
  readonly token?: Secret;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where the names of all of Sage's actors live. */
export const rayNamespace = "sage";
/** Longest wait for one attempt to connect, in milliseconds: a head makes a process for each session. */
const connectTimeoutMs = 60_000;
/** How long the server keeps a session whose connection broke, in milliseconds. */
const gracePeriodMs = 10_000;

export class RayCluster implements AsyncDisposable {
  readonly address: string;
  readonly #options: RayClusterOptions;
  readonly #closing = new AbortController();
  #session: Promise<RaySession> | undefined;
  /** Called with each new session, before anybody else has it. */
  onSession: ((session: RaySession) => void) | undefined;

  constructor(options: RayClusterOptions) {
    this.address = options.address;
    this.#options = options;
  }

  /** Rejects when the daemon lets go of the cluster. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @throws RayUnreachableError, RayAuthError, RayInitError; the signal's reason */
  session(signal?: AbortSignal): Promise<RaySession> {
    this.#closing.signal.throwIfAborted();
    this.#session ??= this.#connect();
    return signal ? orAborted(this.#session, signal) : this.#session;
  }

  async #connect(): Promise<RaySession> {
    const { address, token, logger } = this.#options;
    try {
      const session = await connectRay(address, {
        namespace: rayNamespace, connectTimeoutMs, gracePeriodMs, signal: this.#closing.signal, log: logger, ...(token ? { token } : {}),
      });
      logger.info("connected to Ray", { address, rayVersion: session.server.rayVersion });
      void session.ended.then((reason) => {
        this.#session = undefined;
        if (!(reason instanceof RaySessionClosedError)) logger.warn("the session with Ray is lost", { address, error: reason });
      });
      this.onSession?.(session);
      return session;
    } catch (error) {
      this.#session = undefined;
      logger.warn("Ray cannot be reached", { address, error });
      throw error;
    }
  }

  /** Connects, trying again for as long as it takes; rejects with the signal's reason alone. */
  untilSession(signal: AbortSignal): Promise<RaySession> {
    return withRetries(() => this.session(signal), { attempts: Infinity, baseMs: 500, maxMs: 5_000, clock: this.#options.clock, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new RaySessionClosedError());
    const session = await this.#session?.catch(() => undefined);
    await session?.close();
  }
}
