// From an address to a live session: the handshake, or taking over the session of a crashed owner.

import { randomBytes } from "node:crypto";
import { Secret, silentLogger, withRetries, type Logger } from "@sage/core";
import { RayInitError, RayProtocolError, RayUnreachableError } from "../errors.ts";
import { writePickle } from "../pickle/pickle-writer.ts";
import { pyCall } from "../pickle/python-values.ts";
import { parseRayAddress } from "./address.ts";
import type { RayTarget, RayTls } from "./channel.ts";
import { Datapath, type Answer } from "./datapath.ts";
import { defaultTimeoutMs, type CallOptions } from "./limits.ts";
import { Link } from "./link.ts";
import type { RuntimeEnv } from "./options.ts";
import { RaySession, type ServerInfo } from "./session.ts";

export interface ConnectOptions {
  /** What the cluster was started with in token mode (Ray 2.52 and later). */
  readonly token?: Secret | string | undefined;
  /** For clusters that run with RAY_USE_TLS=1: Ray wants a certificate of the client's too. */
  readonly tls?: RayTls;
  /** Where names of actors live; default: a namespace of this session's own. */
  readonly namespace?: string;
  /** Of the session's own process and of all its tasks and actors. */
  readonly runtimeEnv?: RuntimeEnv;
  /** Kept by Ray with the session's job; shown by its dashboard. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Ends the connecting; not the session. */
  readonly signal?: AbortSignal;
  /** How long one attempt to connect may take, in milliseconds; default 60,000. */
  readonly connectTimeoutMs?: number;
  /** Default limit of the session's calls, in milliseconds; default 60,000. */
  readonly callTimeoutMs?: number;
  /** How long the server keeps the session after a broken connection, in milliseconds; default 30,000; whole seconds. */
  readonly gracePeriodMs?: number;
  /** Largest object that is fetched, in bytes; default 1 GiB. */
  readonly maxObjectBytes?: number;
  /** Goes on with the session of a crashed owner, inside its grace period, instead of making a new one. */
  readonly takeOver?: {
    readonly clientId: string;
    /** Not below the owner's last {@link RaySession.lastRequestId}; add a margin where it is not known exactly. */
    readonly afterRequestId: number;
  };
  readonly log?: Logger;
}

/** Inits fail now and then when another session is live (ray-project/ray#63202); another client id always helped. */
const attempts = 5;

/**
 * Opens a session with the cluster at `ray://host:port`.
 * @throws {@link RayAddressError}, {@link RayUnreachableError}, {@link RayAuthError}, {@link RayInitError} (the runtime
 *   environment cannot be made, for one), {@link RaySessionLostError} when a take-over comes too late
 */
export async function connectRay(address: string, options: ConnectOptions = {}): Promise<RaySession> {
  const { token, tls, signal, log = silentLogger } = options;
  const target: RayTarget = { address: parseRayAddress(address), tls, token: typeof token === "string" ? new Secret(token) : token };
  return withRetries((attempt) => {
    if (attempt > 1) log.info("connecting to Ray again", { address: target.address, attempt });
    return connectOnce(target, options, log);
  }, { attempts: options.takeOver ? 1 : attempts, baseMs: 300, maxMs: 3_000, retryIf: mayWorkLater, ...(signal ? { signal } : {}) });
}

async function connectOnce(target: RayTarget, options: ConnectOptions, log: Logger): Promise<RaySession> {
  const { takeOver, gracePeriodMs = 30_000, maxObjectBytes = 2 ** 30, callTimeoutMs = defaultTimeoutMs, connectTimeoutMs = defaultTimeoutMs, signal } = options;
  const clientId = takeOver?.clientId ?? randomBytes(16).toString("hex");
  let link: Link | undefined;
  const datapath = new Datapath({
    target, clientId, graceMs: gracePeriodMs, maxObjectBytes, log, ...(takeOver ? { afterRequestId: takeOver.afterRequestId } : {}),
    onLateAnswer: (answer) => { if (link) releaseMade(link, answer); },
  });
  const limits: CallOptions = { timeoutMs: connectTimeoutMs, ...(signal ? { signal } : {}) };
  try {
    if (!takeOver) await init(datapath, target, options, Math.round(gracePeriodMs / 1_000), limits);
    const { connectionInfo } = await datapath.request("connecting to Ray", { connectionInfo: {} }, limits);
    if (!connectionInfo) throw new RayProtocolError("no connection info");
    datapath.establish(connectionInfo.rayVersion);
    link = new Link({ target, clientId, datapath, log, callTimeoutMs });
    const { rayVersion, rayCommit, pythonVersion } = connectionInfo;
    return new RaySession(link, { rayVersion, rayCommit, pythonVersion } satisfies ServerInfo, maxObjectBytes);
  } catch (error) {
    await datapath.close();
    throw error;
  }
}

async function init(datapath: Datapath, target: RayTarget, options: ConnectOptions, reconnectGracePeriod: number, limits: CallOptions): Promise<void> {
  const { init: answer } = await datapath.request("connecting to Ray", { init: { jobConfig: jobConfig(options), rayInitKwargs: "{}", reconnectGracePeriod } }, limits);
  if (!answer) throw new RayProtocolError("no answer to init");
  if (!answer.ok) throw new RayInitError(target.address, answer.msg);
}

function jobConfig({ namespace, runtimeEnv, metadata }: ConnectOptions): Buffer {
  return writePickle(pyCall("ray.job_config", "JobConfig.from_json", {
    client_job: true, ray_namespace: namespace, runtime_env: runtimeEnv, metadata,
  }));
}

/** The server's own trouble with starting a process (by version), or nobody listening yet. */
function mayWorkLater(error: unknown): boolean {
  if (error instanceof RayInitError) return /Starting Ray client server failed|ZombieProcess|NoSuchProcess|Server already created/.test(error.remoteTraceback);
  return error instanceof RayUnreachableError;
}

/** What a call has made whose caller had given up: nobody else would release it. */
function releaseMade(link: Link, { put, taskTicket }: Answer): void {
  const ids = put?.valid ? [put.id] : taskTicket?.valid ? taskTicket.returnIds : [];
  for (const id of ids) if (!link.references.isHeld(Buffer.from(id).toString("hex"))) link.references.releaseNow(Buffer.from(id));
}
