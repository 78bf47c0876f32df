// One worker of an attempt: its process, its stream, and how far it has come.

import { deferred, type WorkerId } from "@sage/core";
import type { DaemonMessageInit } from "@sage/protocol";
import type { WorkerHandle } from "../scheduling/worker-driver.ts";
import type { WorkerLink } from "./worker-registry.ts";

export class AttemptWorker {
  readonly index: number;
  readonly id: WorkerId;
  /** Settled in this order; each at most once. */
  readonly ready = deferred();
  readonly deployed = deferred();
  readonly finished = deferred();
  /** Its tasks do nothing any more, whatever the reason. */
  readonly quiet = deferred();
  handle: WorkerHandle | undefined;
  link: WorkerLink | undefined;
  linkClosed = deferred();
  dataAddress = "";
  lastSeenMs = 0;
  isReady = false;
  isFinished = false;
  /** Whether it can take snapshots. */
  snapshots = false;

  readonly #waiting: DaemonMessageInit[] = [];

  constructor(index: number, id: WorkerId) {
    this.index = index;
    this.id = id;
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
