// Workers on a Ray cluster: a small actor per slot starts the worker's process on its host, watches it, and ends it.
//
// Names: `sage/<daemon>/<job>/<slot>/<attempt>` in the namespace "sage"; <daemon> stands for host and home of the daemon,
// so that its successor knows its own.
//
// Invariants:
//   D1. An actor of ours that no job of this daemon knows is ended: at the start, and with every new session.
//   D2. An actor whose daemon died before it gave it work ends by its lease; a worker at work, by its grace period.

import { messageOf, systemClock, type Clock, type Logger, type Secret } from "@sage/core";
import { workerBootVersion, type WorkerBoot } from "@sage/protocol";
import { findWorkerHost, parseRayAddress, RayActorNotFoundError, startWorkerHost, type ActorOptions, type RayNode, type RaySession, type SchedulingStrategy, type WorkerHost, type WorkerHostInfo } from "@sage/ray-control";
import { createHash } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";
import type { KeptWorker, WorkerDriver, WorkerHandle, WorkerSpec } from "../worker-driver.ts";
import { refusedEnvNames } from "../worker-env.ts";
import { RayCluster, rayNamespace } from "./ray/ray-cluster.ts";
import { rayDashboardUrl } from "./ray/ray-dashboard-url.ts";
import { RayNodes } from "./ray/ray-nodes.ts";
import { demandOf, optionsOf, requireFeasible, waitText, type Demand } from "./ray/ray-placement.ts";
import { RayProgram, type RayProgramOptions } from "./ray/ray-program.ts";
import { WarmPool, type Warm } from "./ray/warm-pool.ts";
import { endActor, RayWorker, type RayWorkerParts } from "./ray/ray-worker.ts";

export interface RayDriverOptions {
  /** `ray://host:port` */
  readonly address: string;
  readonly token?: Secret;
  /** Of the daemon: with the host's name it tells this daemon's actors from another's. */
  readonly home: string;
  readonly program: RayProgramOptions;
  /** Where workers listen for one another; default: any free port. */
  readonly dataPorts?: { readonly from: number; readonly to: number };
  /** "spread" (default): over as many hosts as there are; "pack": Ray fills hosts up. */
  readonly placement?: "spread" | "pack";
  /** Workers on each host that are started before a job needs them; default 0. */
  readonly warmWorkers?: number;
  readonly clock?: Clock;
  readonly logger: Logger;
}

/** An actor without work ends by itself after so long. */
const leaseSeconds = 60;
/** And one whose worker has ended. */
const lingerSeconds = 30;
/** Lines of output that an actor keeps while nobody reads them. */
const tailLines = 2_000;
/** After so long a start that still waits is looked into, in milliseconds. */
const patienceMs = 2_000;
const lookAgainMs = 5_000;
const adoptTimeoutMs = 10_000;
/** How long a host that we have chosen may take to bring an actor up, in milliseconds; then the next one is tried. */
const fullHostMs = 10_000;

/** How long a warm worker may take to hear of its job, in milliseconds; then another one is taken. */
const warmPatienceMs = 3_000;

class FullHostError extends Error {}

/** Where the next try goes; undefined: wherever Ray wants. */
type PlaceFor = (nodes: readonly RayNode[], turn: number) => Promise<SchedulingStrategy | undefined>;

interface Wait {
  /** Undefined: as long as it takes. */
  readonly limitMs: number | undefined;
  /** Hears why it waits. */
  readonly onWaiting?: ((why: string) => void) | undefined;
}

/** `host:port` of an address. @param address - `ray://host:port`, or `auto` for this host. @throws RayAddressError */
export function rayTarget(address: string): string {
  return address === "auto" ? "127.0.0.1:10001" : parseRayAddress(address);
}

export function rayDriver(options: RayDriverOptions): WorkerDriver {
  return new RayDriver(options);
}

class RayDriver implements WorkerDriver {
  readonly name = "ray";
  readonly isElsewhere = true;
  readonly #options: RayDriverOptions;
  readonly #clock: Clock;
  readonly #cluster: RayCluster;
  readonly #program: RayProgram;
  readonly #prefix: string;
  readonly #nodes: RayNodes;
  /** Names that belong to a worker of this daemon. */
  readonly #known = new Set<string>();
  readonly #warm: WarmPool;
  #sweeps = false;

  constructor(options: RayDriverOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#nodes = new RayNodes(this.#clock);
    this.#program = new RayProgram(options.program);
    this.#prefix = `sage/${createHash("sha256").update(`${hostname()}\0${options.home}`).digest("hex").slice(0, 12)}/`;
    const { address, token, logger } = options;
    this.#cluster = new RayCluster({ address, clock: this.#clock, logger, ...(token ? { token } : {}) });
    this.#cluster.onSession = (session) => { if (this.#sweeps) void this.#sweepWith(session); };
    this.#warm = new WarmPool({
      perHost: options.warmWorkers ?? 0, prefix: this.#prefix, clock: this.#clock, logger, keepSeconds: leaseSeconds,
      session: (signal) => this.#cluster.session(signal),
      launch: async (name, demand, where, signal) => ({ name, ...(await this.#launch(name, demand, async () => where, () => ({ limitMs: undefined }), signal)) }),
      onName: (name, isOurs) => void (isOurs ? this.#known.add(name) : this.#known.delete(name)),
    });
    this.#cluster.session().catch(() => {}); // jobs find it open; who needs it meanwhile hears why there is none
  }

  async start(spec: WorkerSpec, signal: AbortSignal): Promise<WorkerHandle> {
    const demand = demandOf(spec.resources);
    return (await this.#startWarm(spec, demand, signal)) ?? this.#startCold(spec, demand, signal);
  }

  async #startWarm(spec: WorkerSpec, demand: Demand, signal: AbortSignal): Promise<WorkerHandle | undefined> {
    for (;;) {
      const warm = this.#warm.take(demand, (nodeId) => this.#nodes.isSuspect(nodeId));
      if (!warm) return undefined;
      try {
        return this.#own(await this.#give(warm, spec, AbortSignal.any([signal, AbortSignal.timeout(warmPatienceMs)])), warm.name, demand);
      } catch (error) {
        signal.throwIfAborted();
        this.#options.logger.info("a warm worker was of no use", { actor: warm.name, host: warm.info.hostname, error });
        void this.#drop(warm.name);
      }
    }
  }

  async #startCold(spec: WorkerSpec, demand: Demand, signal: AbortSignal): Promise<WorkerHandle> {
    const { jobId, workerIndex, attempt } = spec.boot;
    const name = `${this.#prefix}${jobId}/${workerIndex}/${attempt}`;
    this.#known.add(name);
    try {
      const started = await this.#launch(name, demand, async (nodes, turn) => this.#nodes.avoiding(nodes, demand, turn), (where) => ({ limitMs: where ? fullHostMs : undefined, onWaiting: spec.onWaiting?.bind(spec) }), signal);
      return this.#own(await this.#give({ name, ...started }, spec, signal), name, demand);
    } catch (error) {
      void this.#drop(name);
      throw error;
    }
  }

  async adopt(kept: KeptWorker): Promise<WorkerHandle | undefined> {
    const { actor: name, pid, began: nodeId, host, tempDir } = kept;
    if (name === undefined) return undefined;
    try {
      const signal = AbortSignal.timeout(adoptTimeoutMs);
      const session = await this.#cluster.session(signal);
      const found = await findWorkerHost(session, name, { namespace: rayNamespace, signal });
      await found.info({ signal });
      const worker = new RayWorker(found, { name, pid, nodeId, host, tempDir }, this.#partsWith(() => undefined));
      return this.#own(worker, name, {});
    } catch (error) {
      if (!(error instanceof RayActorNotFoundError)) this.#options.logger.warn("a worker of an earlier daemon cannot be taken over", { actor: name, host, error });
      return undefined;
    }
  }

  #own(worker: RayWorker, name: string, demand: Demand): RayWorker {
    this.#known.add(name);
    this.#nodes.placed(name, worker.nodeId, demand);
    void worker.gone.then(() => {
      this.#known.delete(name);
      this.#nodes.gone(name);
    });
    return worker;
  }

  #partsWith(onOutput: WorkerSpec["onOutput"]): RayWorkerParts {
    return { cluster: this.#cluster, logger: this.#options.logger, onOutput, onSilentHost: (nodeId) => this.#nodes.suspect(nodeId) };
  }

  sweep(): void {
    this.#sweeps = true;
    this.#cluster.session().then((session) => this.#sweepWith(session), () => {}); // with the next session, then
  }

  async rayDashboard(signal: AbortSignal): Promise<string> {
    const session = await this.#cluster.session(signal);
    const own = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
    return rayDashboardUrl(await session.dashboardUrl({ signal }), session.address, [hostname(), ...own]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#warm[Symbol.asyncDispose]();
    await this.#cluster[Symbol.asyncDispose]();
  }

  /** An actor whose worker waits for its first line. */
  async #launch(name: string, demand: Demand, placeFor: PlaceFor, waitAt: (where: SchedulingStrategy | undefined) => Wait, signal: AbortSignal): Promise<{ host: WorkerHost; info: WorkerHostInfo }> {
    for (let turn = 0; ; turn++) {
      const session = await this.#cluster.session(signal);
      const nodes = await session.nodes({ signal });
      requireFeasible(demand, nodes);
      const where = await placeFor(nodes, turn);
      const program = await this.#program.startable(session, signal);
      const { argv, runtimeEnv } = program;
      const options: ActorOptions = {
        ...optionsOf(demand), name, namespace: rayNamespace, lifetime: "detached", maxRestarts: 0,
        schedulingStrategy: where ?? (this.#options.placement === "pack" ? "DEFAULT" : "SPREAD"), ...(runtimeEnv ? { runtimeEnv } : {}),
      };
      const host = await startWorkerHost(session, { argv, env: { NODE_OPTIONS: null }, tempDir: true, splitOutput: true, leaseSeconds, lingerSeconds, tailLines, options, signal });
      try {
        return { host, info: await this.#untilUp(session, host, demand, waitAt(where), signal) };
      } catch (error) {
        host.actor.release();
        await endActor(session, name, { timeoutMs: 5_000 }).catch(() => {}); // its lease ends it
        if (!(error instanceof FullHostError)) this.#program.learn(error, program);
      }
    }
  }

  /** Waits for the actor, for as long as hosts exist that could take it; on a host that we chose, not for long. */
  async #untilUp(session: RaySession, host: WorkerHost, demand: Demand, { limitMs, onWaiting }: Wait, signal: AbortSignal): Promise<WorkerHostInfo> {
    const up = new AbortController();
    const either = AbortSignal.any([signal, up.signal]);
    const impatience = (async (): Promise<never> => {
      if (limitMs !== undefined) {
        await this.#clock.sleep(limitMs, either);
        throw new FullHostError();
      }
      for (let isTold = false, waitMs = patienceMs; ; waitMs = lookAgainMs) {
        await this.#clock.sleep(waitMs, either);
        const [nodes, free, total] = await Promise.all([session.nodes({ signal: either }), session.availableResources({ signal: either }), session.clusterResources({ signal: either })]);
        requireFeasible(demand, nodes);
        const lacks = Object.entries(demand).some(([name, amount]) => (free[name] ?? 0) < amount);
        if (!onWaiting || (await this.#warm.giveUp()) || !lacks || isTold) continue;
        onWaiting(waitText(demand, free, total));
        isTold = true;
      }
    })();
    impatience.catch(() => {});
    try {
      return await Promise.race([host.info({ timeoutMs: Infinity, signal }), impatience]);
    } finally {
      up.abort(new Error("it is up"));
    }
  }

  /** Tells the worker its job; from then on it minds itself. */
  async #give({ name, host, info }: Warm, spec: WorkerSpec, signal: AbortSignal): Promise<RayWorker> {
    const { dataPorts } = this.#options;
    const session = await this.#cluster.session(signal);
    const address = (await session.nodes({ signal })).find(({ nodeId }) => nodeId === info.nodeId)?.address ?? "127.0.0.1";
    const bad = new Set(refusedEnvNames(spec.env));
    const boot: WorkerBoot = {
      version: workerBootVersion, ...spec.boot, host: info.hostname, tempDir: info.tempDir,
      dataListen: `tcp:${address.includes(":") ? `[${address}]` : address}:${dataPorts ? `${dataPorts.from}-${dataPorts.to}` : 0}`,
      env: Object.fromEntries(Object.entries(spec.env).filter(([key]) => !bad.has(key))), baseDir: spec.baseDir, sharesDisk: false,
    };
    await host.write(`${JSON.stringify(boot)}\n`, { signal });
    await host.keep(null, { signal });
    return new RayWorker(host, { name, host: info.hostname, pid: info.childPid, nodeId: info.nodeId, tempDir: info.tempDir }, this.#partsWith((stream, line) => spec.onOutput(stream, line)));
  }

  async #drop(name: string): Promise<void> {
    try {
      await endActor(await this.#cluster.session(), name, { timeoutMs: 10_000 });
    } catch (error) {
      this.#options.logger.warn("an actor that was not used is left to its lease", { actor: name, error: messageOf(error) });
    } finally {
      this.#known.delete(name);
    }
  }

  /** D1 */
  async #sweepWith(session: RaySession): Promise<void> {
    try {
      const left = (await session.listNamedActors()).map(({ name }) => name).filter((name) => name.startsWith(this.#prefix) && !this.#known.has(name));
      for (const name of left) {
        this.#options.logger.info("ends an actor that an earlier daemon has left", { actor: name });
        await endActor(session, name, { timeoutMs: 10_000 });
      }
    } catch (error) {
      this.#options.logger.warn("what earlier daemons have left on Ray could not be looked through", { error });
    }
  }
}

