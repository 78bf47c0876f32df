// A worker's stream to its daemon: opened with proofs on both sides, and opened again when it breaks.
//
// Invariants:
//   L1. Nothing but Hello is sent before the daemon has proved that it knows the secret; it covers the daemon's challenge,
//       so that nobody can attach with a Hello which he has seen.
//   L2. Messages are sent in the order of `send`, each on one stream; those sent when a stream breaks may be lost.
//   L3. Without a stream for the grace period, reading fails with DaemonLostError.

import { backoffMs, deferred, isSageError, systemClock, TimeoutError, type Clock, type Deferred } from "@sage/core";
import {
  daemonProof, helloProof, newNonce, openBidi, sameProof, clientOfBoot,
  type BidiCall, type DaemonMessage, type WorkerBoot, type WorkerMessageInit, type WorkersClient,
} from "@sage/protocol";
import { AttachRefusedError, DaemonImpostorError, DaemonLostError } from "./errors.ts";

/** Longest wait for the answer to a Hello, in milliseconds. */
const welcomeTimeoutMs = 10_000;

type Call = BidiCall<WorkerMessageInit, DaemonMessage>;

export interface DaemonLinkOptions {
  readonly boot: WorkerBoot;
  /** Of this worker's data plane. */
  readonly dataAddress: string;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

interface Attached {
  readonly call: Call;
  readonly messages: AsyncIterator<DaemonMessage>;
  heartbeatIntervalMs: number;
}

export class DaemonLink implements AsyncDisposable {
  readonly #options: DaemonLinkOptions;
  readonly #client: WorkersClient;
  readonly #clock: Clock;
  #attached: Attached | undefined;
  /** Of the daemon that was attached to last: 16 bytes, seen by all threads; proofs for other calls cover it. */
  readonly daemonNonce = new Uint8Array(new SharedArrayBuffer(16));
  #reattached: Deferred<Attached> = deferred<Attached>();

  private constructor(options: DaemonLinkOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#client = clientOfBoot(options.boot);
    this.#reattached.promise.catch(() => {}); // whoever sends hears it
  }

  /** @throws AttachRefusedError, DaemonImpostorError; DaemonLostError after the grace period; the signal's reason. */
  static async open(options: DaemonLinkOptions): Promise<DaemonLink> {
    const link = new DaemonLink(options);
    try {
      await link.#attach();
      return link;
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  get heartbeatIntervalMs(): number {
    return this.#attached?.heartbeatIntervalMs || 1_000;
  }

  /** Sends a message; while there is no stream it waits for the next one. Await a promise before sending more. */
  send(message: WorkerMessageInit): Promise<void> | undefined {
    if (this.#attached) return this.#attached.call.send(message);
    return this.#reattached.promise.then(({ call }) => call.send(message));
  }

  /** Sends a message that is worth nothing later: dropped while there is no stream. */
  sendNow(message: WorkerMessageInit): void {
    void this.#attached?.call.send(message);
  }

  /**
   * What the daemon sends, over all streams.
   *
   * @param onReattached - called when a stream replaces a broken one, before its messages.
   * @throws DaemonLostError and what `open` throws.
   */
  async *messages(onReattached: () => void): AsyncGenerator<DaemonMessage, void, undefined> {
    for (;;) {
      const attached = this.#attached ?? (await this.#attach());
      let broken: unknown = new Error("the daemon closed the stream");
      try {
        for (let next = await attached.messages.next(); !next.done; next = await attached.messages.next()) {
          const { pace } = next.value;
          if (pace) attached.heartbeatIntervalMs = pace.heartbeatIntervalMs;
          else yield next.value;
        }
      } catch (error) {
        this.#options.signal.throwIfAborted();
        broken = error;
      }
      this.#attached = undefined;
      await this.#attach(broken);
      onReattached();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { signal } = this.#options;
    this.#reattached.reject(signal.aborted ? signal.reason : new Error("closed"));
    this.#attached?.call.end();
    await this.#attached?.call[Symbol.asyncDispose]();
    this.#attached = undefined;
    await this.#client[Symbol.asyncDispose]();
  }

  /** Tries until the grace period is over. */
  async #attach(broken?: unknown): Promise<Attached> {
    const { boot, signal } = this.#options;
    const sinceMs = this.#clock.monotonicMs();
    for (let attempt = 1, cause = broken; ; attempt++) {
      if (cause !== undefined) await this.#clock.sleep(backoffMs(attempt, 100, 2_000), signal);
      try {
        this.#attached = await this.#hello();
        this.#reattached.resolve(this.#attached);
        this.#reattached = deferred<Attached>();
        this.#reattached.promise.catch(() => {});
        return this.#attached;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AttachRefusedError || error instanceof DaemonImpostorError) throw error;
        if (isSageError(error) && error.code === "SAGE_WORKER_REFUSED") throw new AttachRefusedError(error.message);
        cause = error;
        if (this.#clock.monotonicMs() - sinceMs >= boot.gracePeriodMs) throw new DaemonLostError(boot.daemonAddress, boot.gracePeriodMs, cause);
      }
    }
  }

  async #hello(): Promise<Attached> {
    const { boot, dataAddress, version, signal } = this.#options;
    const { jobId, attempt, workerIndex, workerId, host } = boot;
    const call: Call = openBidi(this.#client, "Attach", { signal });
    const late = new AbortController();
    try {
      const messages = call.messages[Symbol.asyncIterator]();
      const timeout = this.#clock.sleep(welcomeTimeoutMs, late.signal).then(() => { throw new TimeoutError("attaching to the daemon", welcomeTimeoutMs); });
      timeout.catch(() => {});
      const { challenge } = await answerOf(messages, timeout);
      if (challenge?.daemonNonce.length !== this.daemonNonce.length) throw new DaemonImpostorError(boot.daemonAddress);
      const nonce = newNonce();
      const proof = helloProof(boot.secretHex, { jobId, attempt, workerIndex, workerId, nonce }, challenge.daemonNonce);
      void call.send({ hello: { jobId, attempt, workerIndex, workerId, host, pid: process.pid, nonce, proof, dataAddress, version, snapshots: true } });
      const { welcome } = await answerOf(messages, timeout);
      if (!welcome || !sameProof(welcome.proof, daemonProof(boot.secretHex, nonce))) throw new DaemonImpostorError(boot.daemonAddress); // L1
      this.daemonNonce.set(challenge.daemonNonce);
      return { call, messages, heartbeatIntervalMs: welcome.heartbeatIntervalMs };
    } catch (error) {
      call.cancel();
      throw error;
    } finally {
      late.abort();
    }
  }
}

async function answerOf(messages: AsyncIterator<DaemonMessage>, timeout: Promise<never>): Promise<DaemonMessage> {
  const answer = await Promise.race([messages.next(), timeout]);
  if (answer.done) throw new Error("the daemon closed the stream");
  if (answer.value.refused) throw new AttachRefusedError(answer.value.refused.reason);
  return answer.value;
}
