// Workers that are started before anybody needs them: a job that takes one does not wait for Ray, Python and Node.
//
// Invariants:
//   P1. A warm worker serves one job, once. It reserves what a slot without wishes does; other slots get none from here.
//   P2. It is nobody's loss: when a start waits for resources, the warm ones are given up.
//   P3. It ends with the daemon: at once when that ends in order, else by its lease.

import { TaskGroup, type Clock, type Logger } from "@sage/core";
import type { RayControl, SchedulingStrategy, WorkerHost, WorkerHostInfo } from "@sage/ray-control";
import { randomBytes } from "node:crypto";
import { demandOf, fits, type Demand } from "./ray-placement.ts";
import { endActor } from "./ray-worker.ts";

export interface Warm {
  readonly name: string;
  readonly host: WorkerHost;
  readonly info: WorkerHostInfo;
}

export interface WarmPoolOptions {
  readonly perHost: number;
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of a worker that waits for its first line. */
  readonly keepSeconds: number;
  session(signal: AbortSignal): Promise<RayControl>;
  launch(name: string, demand: Demand, where: SchedulingStrategy, signal: AbortSignal): Promise<Warm>;
  onName(name: string, isOurs: boolean): void;
}

/** How often it is looked at whether every host has its warm workers, and their leases are lengthened. */
const roundMs = 10_000;
/** Behind a start the host has other work than the next warm worker. */
const pauseMs = 1_500;
/** A host that has no room gets its warm worker later. */
const launchLimitMs = 30_000;
const defaultDemand = demandOf();

export class WarmPool implements AsyncDisposable {
  readonly #options: WarmPoolOptions;
  readonly #warm = new Set<Warm>();
  readonly #starting = new Map<string, number>();
  readonly #background: TaskGroup;
  /** Until then no new ones: resources are needed. */
  #restsUntilMs = 0;

  constructor(options: WarmPoolOptions) {
    this.#options = options;
    this.#background = new TaskGroup((error) => options.logger.warn("the pool of warm workers has a fault", { error }));
    if (options.perHost > 0) this.#background.start((signal) => this.#mind(signal));
  }

  /** One for a slot of this demand, from the host with most of them left; undefined: there is none. */
  take(demand: Demand, isSuspect: (nodeId: string) => boolean): Warm | undefined {
    if (JSON.stringify(demand) !== JSON.stringify(defaultDemand)) return undefined; // P1
    const able = [...this.#warm].filter(({ info }) => !isSuspect(info.nodeId));
    const onNode = (nodeId: string) => able.filter(({ info }) => info.nodeId === nodeId).length;
    const [taken] = able.sort((a, b) => onNode(b.info.nodeId) - onNode(a.info.nodeId));
    if (taken) this.#warm.delete(taken);
    this.#restsUntilMs = Math.max(this.#restsUntilMs, this.#options.clock.monotonicMs() + pauseMs);
    return taken;
  }

  /** P2. Whether there was one to give up. */
  async giveUp(): Promise<boolean> {
    this.#restsUntilMs = this.#options.clock.monotonicMs() + 3 * roundMs;
    const all = [...this.#warm];
    this.#warm.clear();
    await Promise.all(all.map((each) => this.#end(each)));
    return all.length > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#background[Symbol.asyncDispose]();
    await this.giveUp();
  }

  async #mind(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    for (let keptAtMs = 0; ;) {
      try {
        if (clock.monotonicMs() >= this.#restsUntilMs) await this.#fill(signal);
        if (clock.monotonicMs() - keptAtMs >= roundMs) {
          keptAtMs = clock.monotonicMs();
          await Promise.all([...this.#warm].map((each) => this.#keep(each, signal)));
        }
      } catch (error) {
        if (signal.aborted) return;
        logger.info("no warm workers for now", { error });
        await clock.sleep(roundMs, signal);
      }
      await clock.sleep(pauseMs, signal);
    }
  }

  async #fill(signal: AbortSignal): Promise<void> {
    const { perHost, session } = this.#options;
    const open = await session(signal);
    const [nodes, free] = await Promise.all([open.nodes({ signal }), open.availableResources({ signal })]);
    if ((free["CPU"] ?? 0) < 1) return; // P2
    for (const node of nodes.filter((each) => fits(defaultDemand, each))) {
      const has = [...this.#warm].filter(({ info }) => info.nodeId === node.nodeId).length + (this.#starting.get(node.nodeId) ?? 0);
      for (let i = has; i < perHost; i++) this.#start(node.nodeId);
    }
  }

  #start(nodeId: string): void {
    const { prefix, launch, onName } = this.#options;
    const name = `${prefix}warm/${randomBytes(6).toString("hex")}`;
    this.#starting.set(nodeId, (this.#starting.get(nodeId) ?? 0) + 1);
    onName(name, true);
    this.#background.start(async (signal) => {
      try {
        const warm = await launch(name, defaultDemand, { nodeId, soft: false }, AbortSignal.any([signal, AbortSignal.timeout(launchLimitMs)]));
        if (signal.aborted) await this.#end(warm);
        else this.#warm.add(warm);
      } catch (error) {
        onName(name, false);
        if (!signal.aborted) this.#options.logger.info("a warm worker did not come up", { nodeId, error });
      } finally {
        this.#starting.set(nodeId, (this.#starting.get(nodeId) ?? 1) - 1);
      }
    });
  }

  async #keep(warm: Warm, signal: AbortSignal): Promise<void> {
    try {
      await warm.host.keep(this.#options.keepSeconds, { signal, timeoutMs: roundMs });
    } catch {
      if (!this.#warm.delete(warm)) return; // it has work by now
      await this.#end(warm);
    }
  }

  async #end({ name, host }: Warm): Promise<void> {
    const { session, onName } = this.#options;
    host.actor.release();
    try {
      await endActor(await session(AbortSignal.timeout(5_000)), name, { timeoutMs: 5_000 });
    } catch {
      // its lease ends it
    } finally {
      onName(name, false);
    }
  }
}
