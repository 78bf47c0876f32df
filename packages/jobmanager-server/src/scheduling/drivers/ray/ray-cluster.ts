// The daemon's one way to its Ray cluster, opened when it is first needed, and anew when it was lost: a session with the
// client server (ray://), or a driver that runs there as a Ray Job (http://, the dashboard's address).
//
// Rule: nothing of the session's is needed beyond it. Workers are detached actors, found again by their names.

import { withRetries, type Clock, type Logger, type Secret } from "@sage/core";
import { connectRay, connectRayJob, RaySessionClosedError, type DriverDoor, type RayControl } from "@sage/ray-control";
import { isDashboard } from "./ray-address.ts";
import { orAborted } from "../../../waits.ts";

export interface RayClusterOptions {
  /** `ray://host:port`, or `http://host:port` of the dashboard. */
  readonly address: string;
  /** Where a driver that runs as a Ray Job comes in. */
  readonly door: DriverDoor;
  /** Tells this daemon from others: letters and digits. */
  readonly owner: string;
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
  #session: Promise<RayControl> | undefined;
  /** Called with each new session, before anybody else has it. */
  onSession: ((session: RayControl) => void) | undefined;

  constructor(options: RayClusterOptions) {
    this.address = options.address;
    this.#options = options;
  }

  /** Rejects when the daemon lets go of the cluster. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @throws RayUnreachableError, RayAuthError, RayInitError, RayRestError, RayDriverFailedError; the signal's reason */
  session(signal?: AbortSignal): Promise<RayControl> {
    this.#closing.signal.throwIfAborted();
    this.#session ??= this.#connect();
    return signal ? orAborted(this.#session, signal) : this.#session;
  }

  async #connect(): Promise<RayControl> {
    const { address, logger } = this.#options;
    try {
      const session = await this.#open();
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

  #open(): Promise<RayControl> {
    const { address, token, door, owner, logger } = this.#options;
    const options = { namespace: rayNamespace, connectTimeoutMs, signal: this.#closing.signal, log: logger, ...(token ? { token } : {}) };
    return isDashboard(address) ? connectRayJob(address, { ...options, door, owner }) : connectRay(address, { ...options, gracePeriodMs });
  }

  /** Connects, trying again for as long as it takes; rejects with the signal's reason alone. */
  untilSession(signal: AbortSignal): Promise<RayControl> {
    return withRetries(() => this.session(signal), { attempts: Infinity, baseMs: 500, maxMs: 5_000, clock: this.#options.clock, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new RaySessionClosedError());
    const session = await this.#session?.catch(() => undefined);
    await session?.close();
  }
}
