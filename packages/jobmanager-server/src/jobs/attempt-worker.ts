// One worker of an attempt: its process, its stream, and how far it has come.

import { deferred, type WorkerId } from "@sage/core";
import type { DaemonMessageInit, PlanService } from "@sage/protocol";
import type { WorkerHandle } from "../scheduling/worker-driver.ts";
import type { WorkerLink } from "./worker-registry.ts";

export class AttemptWorker {
  readonly index: number;
  /** What it is for, if that is a service; undefined: operators. */
  readonly service: PlanService | undefined;
  id: WorkerId;
  /** Settled in this order; each at most once. */
  ready = deferred();
  readonly deployed = deferred();
  readonly finished = deferred();
  /** Its tasks do nothing any more, whatever the reason. */
  readonly quiet = deferred();
  handle: WorkerHandle | undefined;
  link: WorkerLink | undefined;
  linkClosed = deferred();
  dataAddress = "";
  lastSeenMs = 0;
  /** When what blocked its event loop last began, since the epoch. */
  blockedAtMs: number | undefined;
  /** When it last said that its event loop is blocked; monotonic. */
  lastPulseMs = -Infinity;
  isReady = false;
  isFinished = false;
  /** Its host is being asked whether it is there. */
  isSuspected = false;
  /** Its host is not: nothing of it is waited for. */
  isCutOff = false;
  /** Whether it can take snapshots. */
  snapshots = false;

  readonly #waiting: DaemonMessageInit[] = [];

  constructor(index: number, id: WorkerId, service?: PlanService) {
    this.index = index;
    this.id = id;
    this.service = service;
  }

  /** Its process is gone, and another one takes its place. */
  renew(id: WorkerId): void {
    if (this.isReady) this.ready = deferred();
    this.id = id;
    this.handle = this.link = undefined;
    this.linkClosed = deferred();
    this.isReady = false;
    this.#waiting.length = 0;
  }

  get host(): string {
    return this.handle?.host ?? "";
  }

  /** Without a stream the message waits for the next one. */
  send(message: DaemonMessageInit): void {
    if (this.link) void this.link.send(message); // control messages are few and small: none needs to wait
    else this.#waiting.push(message);
  }

  /** Sends what has waited for a stream. */
  flush(): void {
    for (const message of this.#waiting.splice(0)) this.send(message);
  }

  kill(): void {
    this.handle?.kill();
  }
}
