// Connects to a peer and shows it, and is shown, that both belong to one attempt of one job.

import { randomBytes } from "node:crypto";
import { Socket } from "node:net";
import { deferred, isSageError, withRetries } from "@sage/core";
import type { ExchangeCounters } from "./counters.ts";
import { feed, socketBufferBytes } from "./data-connection.ts";
import type { OwnFacts } from "./data-server.ts";
import { PeerRefusedError, PeerUnreachableError } from "./errors.ts";
import { FrameParser, FrameType, makeFrame } from "./frame.ts";
import { decodeChallenge, encodeHello, handshakeLimitBytes, isProof, nonceBytes, proofOf, reasonOf, rolesOf, type Purpose } from "./handshake.ts";
import { dialOptions } from "./peer-address.ts";

export interface PeerAddress {
  readonly workerIndex: number;
  /** As the peer's `DataPlane.address` says it. */
  readonly address: string;
  /** Default: records. */
  readonly purpose?: Purpose;
}

const handshakeTimeoutMs = 5_000;

/** Takes over the socket of a peer that has proved itself, before anything more is read from it. */
export type Adopt = (socket: Socket, parser: FrameParser) => void;

/**
 * Dials until the peer answers, for at most `timeoutMs`.
 *
 * @throws {@link PeerUnreachableError}, {@link PeerRefusedError}, or `signal.reason`.
 */
export async function dialPeer(
  peer: PeerAddress, own: OwnFacts, counters: ExchangeCounters, adopt: Adopt, timeoutMs: number, signal?: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  let last: unknown;
  const dial = async () => {
    try {
      await dialOnce(peer, own, counters, adopt, either);
    } catch (error) {
      if (!deadline.aborted) last = error;
      throw error;
    }
  };
  try {
    await withRetries(dial, {
      attempts: Number.POSITIVE_INFINITY, baseMs: 20, maxMs: 500, signal: either, retryIf: (error) => !isSageError(error),
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (isSageError(error)) throw error;
    throw new PeerUnreachableError(peer.workerIndex, peer.address, timeoutMs, last ?? error);
  }
}

async function dialOnce(peer: PeerAddress, own: OwnFacts, counters: ExchangeCounters, adopt: Adopt, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const socket = new Socket({ writableHighWaterMark: socketBufferBytes } as ConstructorParameters<typeof Socket>[0]);
  const hello = encodeHello({
    jobId: own.jobId, attempt: own.attempt, from: own.workerIndex, to: peer.workerIndex, nonce: randomBytes(nonceBytes),
  });
  const { purpose = "records" } = peer;
  const roles = rolesOf(purpose);
  const welcomed = deferred();
  let proven = false;
  const parser = new FrameParser((type, _channel, payload) => {
    const challenge = type === FrameType.challenge ? decodeChallenge(payload) : undefined;
    if (challenge !== undefined) {
      proven = isProof(challenge.proof, proofOf(own.secret, roles.listener, hello, challenge.nonce));
      if (proven) socket.write(makeFrame(FrameType.proof, 0, proofOf(own.secret, roles.dialler, hello, challenge.nonce)));
      else welcomed.reject(new PeerRefusedError(peer.workerIndex, "it does not know the job's secret"));
    } else if (type === FrameType.welcome && proven) {
      adopt(socket, parser);
      welcomed.resolve();
    } else {
      welcomed.reject(new PeerRefusedError(peer.workerIndex, type === FrameType.refused ? reasonOf(payload[0]) : "it speaks another protocol"));
    }
  }, handshakeLimitBytes);
  const onError = (error: Error) => welcomed.reject(error);
  const onClose = () => welcomed.reject(new Error("the peer closed the connection"));
  const onAbort = () => welcomed.reject(signal.reason);
  const timer = setTimeout(() => welcomed.reject(new Error(`no answer to hello within ${handshakeTimeoutMs} ms`)), handshakeTimeoutMs);
  socket.on("error", onError);
  socket.once("close", onClose);
  signal.addEventListener("abort", onAbort, { once: true });
  feed(socket, parser, counters);
  try {
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    socket.connect(dialOptions(peer.address), () => socket.write(makeFrame(purpose === "records" ? FrameType.hello : FrameType.callHello, 0, hello)));
    await welcomed.promise;
  } catch (error) {
    parser.stopped = true;
    socket.on("error", () => {});
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    socket.off("error", onError);
    socket.off("close", onClose);
  }
}
