// A worker process at work: attached to its daemon, it does what it is told until it is told to close.
//
// Invariants:
//   W1. A worker runs one job, once.
//   W2. A job that is here always ends with a word to the daemon; `run` returns only behind it, or when nobody listens.

import { TaskGroup, systemClock } from "@sage/core";
import type { DaemonMessage, WorkerBoot } from "@sage/protocol";
import type { DataPlane } from "../exchange/index.ts";
import type { DaemonLink } from "./daemon-link.ts";
import { CpuProfiles } from "./cpu-profiles.ts";
import { JobRun } from "./job-run.ts";
import type { LogLines } from "./log-lines.ts";
import { Relay } from "./relay.ts";

export interface WorkerOptions {
  readonly boot: WorkerBoot;
  readonly link: DaemonLink;
  readonly plane: DataPlane;
  readonly lines: LogLines;
  /** Of the module that the watching thread loads; absent: nobody watches for what blocks the event loop. */
  readonly entry?: string;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #relay: Relay;
  readonly #profiles = new CpuProfiles();
  #job: JobRun | undefined;
  #early: { readonly error: unknown } | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#relay = new Relay((relayed) => { void options.link.send({ relayed }); });
  }

  /** Resolves when the daemon says Close. @throws DaemonLostError when it is gone for the grace period. */
  async run(): Promise<void> {
    const { link } = this.#options;
    await using background = new TaskGroup((error) => this.fail(error));
    background.start((signal) => this.#beat(signal));
    for await (const message of link.messages(() => this.#repeat())) {
      if (message.close) return;
      this.#obey(message);
    }
  }

  /** An error outside of everything: fails the job that is here, or that comes. */
  fail(error: unknown): void {
    if (this.#job) this.#job.fail(error);
    else this.#early ??= { error };
  }

  /** Ends the job without a daemon that hears of it; resolves when user code has ended. */
  async abandon(reason: string): Promise<void> {
    this.#job?.cancel(reason);
    await this.#job?.ended;
  }

  #repeat(): void {
    this.#relay.broke();
    this.#job?.repeat();
  }

  #obey(message: DaemonMessage): void {
    const { boot, link, plane, lines, entry } = this.#options;
    const job = this.#job;
    if (message.deploy && !job) {
      this.#job = new JobRun({ boot, daemonNonce: link.daemonNonce, deploy: message.deploy, plane, lines, entry, relay: this.#relay, send: (each) => link.send(each) });
      if (this.#early) this.#job.fail(this.#early.error);
    } else if (message.start) job?.start();
    else if (message.cancel) this.#cancel(message.cancel.reason);
    else if (message.resultCredit) job?.grant(message.resultCredit);
    else if (message.triggerCheckpoint) void job?.checkpoints.trigger(message.triggerCheckpoint);
    else if (message.checkpointCommitted) job?.checkpoints.committed(message.checkpointCommitted.checkpointId);
    else if (message.checkpointAborted) job?.checkpoints.aborted(message.checkpointAborted.checkpointId);
    else if (message.drain) job?.drain();
    else if (message.peerMoved) job?.peerMoved(message.peerMoved);
    else if (message.relayed) this.#relay.receive(message.relayed);
    else if (message.profile) void this.#profiles.take(message.profile, job?.program).then((profiled) => profiled && link.send({ profiled }));
    else if (message.alignmentLimits) job?.align(message.alignmentLimits.groups);
    else if (message.loopEnd) job?.endLoop(message.loopEnd.loopId);
    else if (message.loopQuery) void link.send({ loopReport: { round: message.loopQuery.round, loops: [...(job?.loops() ?? [])] } });
  }

  #cancel(reason: string): void {
    if (this.#job) this.#job.cancel(reason);
    else void this.#options.link.send({ cancelled: {} });
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { link } = this.#options;
    for (;;) {
      link.sendNow({ heartbeat: { tasks: this.#job?.metrics() ?? [], services: this.#job?.serviceViews() ?? [], rssBytes: process.memoryUsage.rss() } });
      await systemClock.sleep(link.heartbeatIntervalMs, signal);
    }
  }
}
