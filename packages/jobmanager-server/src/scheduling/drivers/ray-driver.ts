// Workers on a Ray cluster: a small actor per slot starts the worker's process on its host, watches it, and ends it.
//
// Names: `sage/<daemon>/<job>/<slot>/<attempt>` in the namespace "sage"; <daemon> stands for host and home of the daemon,
// so that its successor knows its own.
//
// Invariants:
//   D1. An actor of ours that no job of this daemon knows is ended: at the start, and with every new session.
//   D2. An actor whose daemon died before it gave it work ends by its lease; a worker at work, by its grace period.

import { messageOf, systemClock, type Clock, type Logger, type Secret } from "@sage/core";
import { workerBootVersion, type RayViewInit, type WorkerBoot } from "@sage/protocol";
import { findWorkerHost, RayActorNotFoundError, startWorkerHost, type ActorOptions, type DriverDoor, type RayControl, type RayNode, type SchedulingStrategy, type WorkerHost, type WorkerHostInfo } from "@sage/ray-control";
import { createHash } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";
import type { KeptWorker, WorkerDriver, WorkerHandle, WorkerSpec } from "../worker-driver.ts";
import { refusedEnvNames } from "../worker-env.ts";
import { isDashboard } from "./ray/ray-address.ts";
import { RayCluster, rayNamespace } from "./ray/ray-cluster.ts";
import { rayDashboardUrl } from "./ray/ray-dashboard-url.ts";
import { RayNodes } from "./ray/ray-nodes.ts";
import type { Room } from "./ray/claims.ts";
import { Gangs, type GangSpec } from "./ray/gangs.ts";
import { demandOf, lacks, optionsOf, requireFeasible, requireFeasibleTogether, waitText, type Demand } from "./ray/ray-placement.ts";
import { rayView } from "./ray/ray-view.ts";
import { RayProgram, type RayProgramOptions } from "./ray/ray-program.ts";
import { WarmPool, type Warm } from "./ray/warm-pool.ts";
import { endActor, RayWorker, type RayWorkerParts } from "./ray/ray-worker.ts";

export interface RayDriverOptions {
  /** `ray://host:port`, or `http://host:port` of the dashboard: then a driver that runs as a Ray Job carries the commands. */
  readonly address: string;
  /** Where that one comes in. */
  readonly door: DriverDoor;
  readonly token?: Secret;
  /** Of the daemon: with the host's name it tells this daemon's actors from another's. */
  readonly home: string;
  readonly program: RayProgramOptions;
  /** Where workers listen for one another; default: any free port. */
  readonly dataPorts?: { readonly from: number; readonly to: number };
  /** "spread" (default): over as many hosts as there are; "pack": on as few as have room. */
  readonly placement?: "spread" | "pack";
  /** Workers on each host that are started before a job needs them; default 0. */
  readonly warmWorkers?: number;
  readonly clock?: Clock;
  readonly logger: Logger;
}

/** An actor without work ends by itself after so long. */
const leaseSeconds = 60;
/** And one whose worker has ended. */
const lingerSeconds = 10;
/** Lines of output that an actor keeps while nobody reads them. */
const tailLines = 2_000;
/** After so long a start that still waits is looked into, in milliseconds. */
const patienceMs = 2_000;
const lookAgainMs = 5_000;
/** By a session; and by a driver, which is submitted first. */
const adoptTimeoutMs = 10_000;
const adoptByDriverMs = 30_000;
/** How long a host that we have chosen may take to bring an actor up, in milliseconds; then the next one is tried. */
const fullHostMs = 10_000;
/** The same where it was chosen to be filled up: it is worth a wait for a slow start. */
const packedHostMs = 30_000;

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
  /** A host that it could run on may come back: it is waited for. */
  readonly isPatient?: boolean;
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
  readonly #gangs: Gangs<Warm>;
  #sweeps = false;

  constructor(options: RayDriverOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#nodes = new RayNodes(this.#clock);
    this.#program = new RayProgram(options.program);
    const owner = createHash("sha256").update(`${hostname()}\0${options.home}`).digest("hex").slice(0, 12);
    this.#prefix = `sage/${owner}/`;
    const { address, door, token, logger } = options;
    this.#cluster = new RayCluster({ address, door, owner, clock: this.#clock, logger, ...(token ? { token } : {}) });
    this.#cluster.onSession = (session) => { if (this.#sweeps) void this.#sweepWith(session); };
    this.#warm = new WarmPool({
      perHost: options.warmWorkers ?? 0, prefix: this.#prefix, clock: this.#clock, logger, keepSeconds: leaseSeconds,
      session: (signal) => this.#cluster.session(signal),
      launch: async (name, demand, where, signal) => ({ name, ...(await this.#launch(name, demand, async () => where, () => ({ limitMs: undefined }), signal)) }),
      onName: (name, isOurs) => (isOurs ? void this.#known.add(name) : this.#forget(name)),
    });
    this.#gangs = new Gangs({ clock: this.#clock, logger, room: (signal) => this.#room(signal), makeRoom: () => this.#warm.giveUp() });
    this.#cluster.session().catch(() => {}); // jobs find it open; who needs it meanwhile hears why there is none
  }

  async start(spec: WorkerSpec, signal: AbortSignal): Promise<WorkerHandle> {
    const demand = demandOf(spec.resources);
    const up = await this.#gangs.together(gangOf(spec), {
      demand,
      check: async (demands, own) => void (await this.#nodesWhere((nodes) => requireFeasibleTogether(demands, nodes), spec, own)),
      launch: (own, claim) => this.#bringUp(spec, demand, own, claim),
      hold: (one, own) => this.#hold(one, own),
      drop: ({ name }) => this.#drop(name),
      ...(spec.onWaiting ? { onWaiting: spec.onWaiting.bind(spec) } : {}),
    }, signal);
    for (let next = up; ; next = await this.#bringUp(spec, demand, signal)) {
      const isWarm = next.name !== this.#nameOf(spec);
      try {
        return this.#own(await this.#give(next, spec, isWarm ? AbortSignal.any([signal, AbortSignal.timeout(warmPatienceMs)]) : signal), next.name, demand);
      } catch (error) {
        void this.#drop(next.name);
        signal.throwIfAborted();
        if (!isWarm) throw error;
        this.#options.logger.info("a warm worker was of no use", { actor: next.name, host: next.info.hostname, error });
      }
    }
  }

  #nameOf({ boot: { jobId, workerIndex, attempt } }: WorkerSpec): string {
    return `${this.#prefix}${jobId}/${workerIndex}/${attempt}`;
  }

  /** A worker that waits for its first line: a warm one, or one that is started now. */
  async #bringUp(spec: WorkerSpec, demand: Demand, signal: AbortSignal, claim = () => {}): Promise<Warm> {
    const name = this.#nameOf(spec);
    const packs = this.#options.placement === "pack";
    const place = (nodes: readonly RayNode[], turn: number) => (packs ? this.#nodes.packing(name, nodes, demand, turn) : this.#nodes.avoiding(nodes, demand, turn));
    const first = packs ? this.#nodes.packing(name, await (await this.#cluster.session(signal)).nodes({ signal }), demand, 0) : undefined;
    const warm = this.#warm.take(demand, (nodeId) => (first === undefined ? this.#nodes.isSuspect(nodeId) : nodeId !== first.nodeId));
    if (warm) {
      this.#nodes.placed(warm.name, warm.info.nodeId, demand);
      this.#nodes.gone(name);
      return warm;
    }
    this.#known.add(name);
    claim();
    try {
      const started = await this.#launch(name, demand, async (nodes, turn) => place(nodes, turn), (where) => ({ limitMs: where ? (packs ? packedHostMs : fullHostMs) : undefined, onWaiting: spec.onWaiting?.bind(spec), isPatient: spec.isRecovery === true }), signal);
      return { name, ...started };
    } catch (error) {
      await this.#drop(name);
      throw error;
    }
  }

  /** The cluster's nodes, once `check` finds nothing against them; a worker that is started again waits for that, and for Ray itself. @throws what `check` does */
  async #nodesWhere(check: (nodes: readonly RayNode[]) => void, { isRecovery, onWaiting }: { readonly isRecovery?: boolean; readonly onWaiting?: ((why: string) => void) | undefined }, signal: AbortSignal): Promise<readonly RayNode[]> {
    for (let isTold = false; ; isTold = true) {
      try {
        const nodes = await (await this.#cluster.session(signal)).nodes({ signal });
        check(nodes);
        return nodes;
      } catch (error) {
        signal.throwIfAborted();
        if (isRecovery !== true) throw error;
        if (!isTold) onWaiting?.(`waits for hosts: ${messageOf(error)}`);
      }
      await this.#clock.sleep(patienceMs, signal);
    }
  }

  /** Lengthens the lease of one that waits for the others of its job. */
  async #hold({ host }: Warm, signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#clock.sleep((leaseSeconds * 1_000) / 3, signal);
      await host.keep(leaseSeconds, { signal });
    }
  }

  async #room(signal: AbortSignal): Promise<Room> {
    const session = await this.#cluster.session(signal);
    const [free, total] = await Promise.all([session.availableResources({ signal }), session.clusterResources({ signal })]);
    return { free, total };
  }

  async adopt(kept: KeptWorker): Promise<WorkerHandle | undefined> {
    const { actor: name, pid, began: nodeId, host, tempDir } = kept;
    if (name === undefined) return undefined;
    try {
      const signal = AbortSignal.timeout(isDashboard(this.#options.address) ? adoptByDriverMs : adoptTimeoutMs);
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
    void worker.gone.then(() => this.#forget(name));
    return worker;
  }

  #forget(name: string): void {
    this.#known.delete(name);
    this.#nodes.gone(name);
  }

  #partsWith(onOutput: WorkerSpec["onOutput"]): RayWorkerParts {
    return { cluster: this.#cluster, logger: this.#options.logger, onOutput, hosts: this.#nodes };
  }

  sweep(): void {
    this.#sweeps = true;
    this.#cluster.session().then((session) => this.#sweepWith(session), () => {}); // with the next session, then
  }

  rayView(): Promise<RayViewInit> {
    return rayView(this.#options.address, (signal) => this.#cluster.session(signal));
  }

  async rayDashboard(signal: AbortSignal): Promise<string> {
    if (isDashboard(this.#options.address)) return this.#options.address;
    const session = await this.#cluster.session(signal);
    const own = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
    return rayDashboardUrl(await session.dashboardUrl({ signal }), session.address, [hostname(), ...own]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gangs[Symbol.asyncDispose]();
    await this.#warm[Symbol.asyncDispose]();
    await this.#cluster[Symbol.asyncDispose]();
  }

  /** An actor whose worker waits for its first line. @throws InfeasibleSlotError */
  async #launch(name: string, demand: Demand, placeFor: PlaceFor, waitAt: (where: SchedulingStrategy | undefined) => Wait, signal: AbortSignal): Promise<{ host: WorkerHost; info: WorkerHostInfo }> {
    for (let turn = 0; ;) {
      const { onWaiting, isPatient = false } = waitAt(undefined);
      const nodes = await this.#nodesWhere((all) => requireFeasible(demand, all), { onWaiting, isRecovery: isPatient }, signal);
      const session = await this.#cluster.session(signal);
      const where = await placeFor(nodes, turn);
      if (typeof where === "object" && "nodeId" in where) this.#nodes.placed(name, where.nodeId, demand); // who is placed next goes elsewhere
      const program = await this.#program.startable(session, signal);
      const { argv, runtimeEnv } = program;
      const options: ActorOptions = {
        ...optionsOf(demand), name, namespace: rayNamespace, lifetime: "detached", maxRestarts: 0,
        schedulingStrategy: where ?? (this.#options.placement === "pack" ? "DEFAULT" : "SPREAD"), ...(runtimeEnv ? { runtimeEnv } : {}),
      };
      const host = await startWorkerHost(session, { argv, env: { NODE_OPTIONS: null }, tempDir: true, splitOutput: true, leaseSeconds, lingerSeconds, tailLines, options, signal });
      try {
        const info = await this.#untilUp(session, host, demand, waitAt(where), signal);
        this.#nodes.answered(info.nodeId);
        return { host, info };
      } catch (error) {
        this.#nodes.gone(name);
        host.actor.release();
        await endActor(session, name, { timeoutMs: 5_000 }).catch(() => {}); // its lease ends it
        if (error instanceof FullHostError) turn++;
        else this.#program.learn(error, program);
      }
    }
  }

  /** Waits for the actor, for as long as hosts exist that could take it; on a host that we chose, not for long. */
  async #untilUp(session: RayControl, host: WorkerHost, demand: Demand, { limitMs, onWaiting, isPatient = false }: Wait, signal: AbortSignal): Promise<WorkerHostInfo> {
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
        if (!isPatient) requireFeasible(demand, nodes);
        if (!onWaiting || (await this.#warm.giveUp()) || !lacks(demand, free) || isTold) continue;
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
      this.#forget(name);
    }
  }

  /** D1 */
  async #sweepWith(session: RayControl): Promise<void> {
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

function gangOf({ gang }: WorkerSpec): GangSpec | undefined {
  return gang && { id: gang.id, demands: gang.of.map(({ resources }) => demandOf(resources)) };
}
