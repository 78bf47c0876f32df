// Which services of a job live in this worker, and how it reaches those that live in others.

import { deferred, isSageError, systemClock } from "@sage/core";
import type { GraphService } from "@sage/graph";
import { remoteServicesOf, type Deploy, type Peer, type Plan, type WorkerBoot } from "@sage/protocol";
import type { CallConnection, DataPlane } from "../exchange/index.ts";
import type { HostedService } from "../services/hosted-service.ts";
import type { JobService, ServiceMetrics } from "../services/job-service.ts";
import { RemoteService } from "../services/remote-service.ts";
import { ServiceCallers } from "../services/service-callers.ts";
import type { Elsewhere, ServiceHost } from "../services/service-host.ts";
import type { Relay } from "./relay.ts";

/** How long to try to dial the worker of a service before its calls go by way of the daemon, in milliseconds. */
const dialTimeoutMs = 3_000;
/** Before a connection that has ended is made again. */
const againMs = 100;

export interface JobServicesOptions {
  readonly plan: Plan;
  readonly boot: WorkerBoot;
  readonly deploy: Deploy;
  readonly plane: DataPlane;
  readonly relay: Relay;
  readonly programDir: string;
  readonly signal: AbortSignal;
}

export class JobServices implements Elsewhere {
  /** The service that this worker is for; undefined: it runs operators. */
  readonly own: string | undefined;
  readonly #options: JobServicesOptions;
  readonly #workers: ReadonlyMap<string, number>;
  readonly #addresses: Map<number, string>;
  readonly #standIns = new Map<number, RemoteService>();
  readonly #drained = deferred();
  #callers: ServiceCallers | undefined;

  constructor(options: JobServicesOptions) {
    const { plan, boot, deploy } = options;
    this.#options = options;
    this.#workers = new Map(remoteServicesOf(plan).map(({ name }, at) => [name, plan.slots + at]));
    this.own = [...this.#workers].find(([, worker]) => worker === boot.workerIndex)?.[0];
    this.#addresses = new Map(deploy.peers.map(({ workerIndex, dataAddress }) => [workerIndex, dataAddress]));
  }

  /** Resolves when nobody calls this worker's service any more. */
  get drained(): Promise<void> {
    return this.#drained.promise;
  }

  drain(): void {
    this.#drained.resolve();
  }

  /** A remote service was made anew elsewhere. */
  moved({ workerIndex, dataAddress }: Peer): void {
    this.#addresses.set(workerIndex, dataAddress);
    this.#standIns.get(workerIndex)?.moved();
  }

  standIn(service: GraphService): JobService | undefined {
    const worker = this.#workers.get(service.name);
    if (worker === undefined || service.name === this.own) return undefined;
    const { programDir, signal } = this.#options;
    const standIn = new RemoteService({ service, programDir, signal, dial: (until) => this.#dial(worker, until) });
    this.#standIns.set(worker, standIn);
    return standIn;
  }

  restartsOf(service: string): number {
    return service === this.own ? this.#options.deploy.serviceRestarts : 0;
  }

  onReady(service: HostedService): void {
    if (service.name !== this.own) return;
    const callers = (this.#callers = new ServiceCallers(service, this.#options.programDir));
    for (const door of [this.#options.plane, this.#options.relay]) door.acceptCalls((connection) => callers.admit(connection));
    callers.open();
  }

  /** Of the services that live here. */
  metrics(host: ServiceHost | undefined): readonly (ServiceMetrics & { readonly remote: boolean; readonly route: string })[] {
    return (host?.metrics() ?? []).map((service) => {
      const remote = service.name === this.own;
      return { ...service, remote, route: remote ? (this.#callers?.routes ?? "") : "" };
    });
  }

  async #dial(workerIndex: number, signal: AbortSignal): Promise<CallConnection> {
    const { plane, relay } = this.#options;
    await systemClock.sleep(this.#standIns.get(workerIndex)?.hasConnected ? againMs : 0, signal);
    try {
      return await plane.openCalls({ workerIndex, address: this.#addresses.get(workerIndex) ?? "" }, dialTimeoutMs, signal);
    } catch (error) {
      if (signal.aborted || !isSageError(error)) throw error;
      return relay.open(workerIndex);
    }
  }
}
