// Who may attach: a worker that the daemon waits for and that knows its job's secret.
//
// Invariants:
//   W1. Whatever is wrong with a Hello, the answer is the same: nobody learns which jobs or attempts there are.
//   W2. A Hello of an earlier attempt never counts for a later one, and none counts twice; a worker has one stream, its
//       newest.
//   W3. Who has seen a proof can do nothing with it: it holds for one call, for what that call asks, and for this daemon
//       from its start to its end.

import { deferred, SageError } from "@sage/core";
import { randomBytes } from "node:crypto";
import type { AttemptFiles } from "./attempt-files.ts";
import {
  attachPurpose, daemonProof, pulsePurpose, sameProof, workerProof,
  type DaemonMessageInit, type Hello, type ProvenFacts, type PulseRequest, type Send, type StateOwner, type WelcomeInit, type WorkerMessage,
} from "@sage/protocol";
import { ReplayWindow } from "./replay-window.ts";

export class WorkerRefusedError extends SageError {
  constructor() {
    super("this daemon waits for no such worker", { code: "SAGE_WORKER_REFUSED", fault: "cluster" });
  }
}

/** The daemon's end of a worker's stream. */
export interface WorkerLink {
  readonly send: Send<DaemonMessageInit>;
  /** Ends the stream. */
  close(): void;
}

/** What a worker's stream is to the attempt that it belongs to. */
export interface WorkerSession {
  /** A promise means: read no more before it has resolved. */
  onMessage(message: WorkerMessage): Promise<void> | undefined;
  onClosed(): void;
}

/** An attempt that waits for its workers. */
export interface AttachPoint {
  readonly jobId: string;
  readonly attempt: number;
  readonly secretHex: string;
  /** For workers that share no disk with the daemon. */
  readonly files: AttemptFiles;
  /** Undefined if this worker is not waited for. */
  attach(hello: Hello, link: WorkerLink): WorkerSession | undefined;
  /** One of its workers lives, but something blocks it. */
  onPulse?(workerIndex: number, workerId: string, pulse: PulseRequest): void;
}

/** With more of them all are asked for heartbeats half as often: 10,000 a second would take most of a core. */
const manyWorkers = 2_500;
/** With so few again, as often as before. */
const fewerWorkers = 2_000;

export interface WorkerTiming {
  /** What a daemon with very many workers asks for is twice as long; it stays below the silence that makes one suspicious. */
  readonly heartbeatIntervalMs: number;
  readonly gracePeriodMs: number;
}

export class WorkerRegistry {
  /** Of this daemon's life: W3. */
  readonly daemonNonce = randomBytes(16);
  readonly #points = new Map<string, AttachPoint>();
  /** W3: by attempt, then by worker and thread. */
  readonly #calls = new WeakMap<AttachPoint, Map<string, ReplayWindow>>();
  readonly #timing: WorkerTiming;
  readonly #opened = deferred();
  /** Streams that are open. */
  readonly #attached = new Set<WorkerLink>();
  #areMany = false;

  constructor(timing: WorkerTiming) {
    this.#timing = timing;
  }

  /** Lets the workers of `point` in until the result is disposed of. */
  add(point: AttachPoint): Disposable {
    this.#points.set(point.jobId, point);
    return { [Symbol.dispose]: () => { if (this.#points.get(point.jobId) === point) this.#points.delete(point.jobId); } };
  }

  /** Workers that come before this wait: they may belong to attempts that are being taken over. */
  open(): void {
    this.#opened.resolve();
  }

  /** Resolves when whoever is waited for is known. */
  get whenOpen(): Promise<void> {
    return this.#opened.promise;
  }

  /** The files of the attempt that `owner` has proved to belong to. @param purpose - all that is asked. @throws {@link WorkerRefusedError} */
  filesOf(owner: StateOwner | null | undefined, purpose: string): AttemptFiles {
    return this.#pointOf(owner, purpose).files;
  }

  #pointOf(owner: StateOwner | null | undefined, purpose: string): AttachPoint {
    const point = owner && this.#points.get(owner.jobId);
    if (!point || !this.#isProven(point, owner, purpose, owner.serial) || !this.#isFirst(point, owner, purpose)) throw new WorkerRefusedError();
    return point;
  }

  #isProven({ secretHex, attempt }: AttachPoint, facts: ProvenFacts & { readonly proof: Uint8Array }, purpose: string, serial: number): boolean {
    return facts.nonce.length >= 16 && facts.attempt === attempt && sameProof(facts.proof, workerProof(secretHex, facts, { daemonNonce: this.daemonNonce, purpose, serial }));
  }

  #isFirst(point: AttachPoint, { workerId, serial }: StateOwner, purpose: string): boolean {
    const windows = this.#calls.get(point) ?? new Map<string, ReplayWindow>();
    this.#calls.set(point, windows);
    const caller = `${workerId} ${purpose === pulsePurpose ? "pulse" : "files"}`; // each thread counts for itself
    const window = windows.get(caller) ?? new ReplayWindow();
    windows.set(caller, window);
    return window.take(serial);
  }

  /** @throws {@link WorkerRefusedError} */
  attach(hello: Hello, link: WorkerLink): { readonly welcome: WelcomeInit; readonly session: WorkerSession } {
    const point = this.#points.get(hello.jobId);
    if (!point || !this.#isProven(point, hello, attachPurpose, 0)) throw new WorkerRefusedError();
    const session = point.attach(hello, link);
    if (!session) throw new WorkerRefusedError();
    if (this.#attached.size >= manyWorkers) this.#setPace(true);
    this.#attached.add(link);
    const onClosed = () => {
      this.#attached.delete(link);
      if (this.#attached.size <= fewerWorkers) this.#setPace(false);
      session.onClosed();
    };
    const { gracePeriodMs } = this.#timing;
    return { welcome: { gracePeriodMs, heartbeatIntervalMs: this.#intervalMs, proof: daemonProof(point.secretHex, hello.nonce) }, session: { ...session, onClosed } };
  }

  get #intervalMs(): number {
    return this.#timing.heartbeatIntervalMs * (this.#areMany ? 2 : 1);
  }

  /** Those that are attached hear it, those that come are welcomed with it. */
  #setPace(areMany: boolean): void {
    if (areMany === this.#areMany) return;
    this.#areMany = areMany;
    for (const { send } of this.#attached) void send({ pace: { heartbeatIntervalMs: this.#intervalMs } });
  }

  /** @throws {@link WorkerRefusedError} */
  pulse(pulse: PulseRequest): void {
    const { owner } = pulse;
    const point = this.#pointOf(owner, pulsePurpose);
    if (owner) point.onPulse?.(owner.workerIndex, owner.workerId, pulse);
  }
}
