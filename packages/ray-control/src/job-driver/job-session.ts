// A cluster through a driver of ours that runs there as a Ray Job: what `connectRayJob` gives.

import type { ActorSpec } from "../client/actors.ts";
import { toNode, type RayNode } from "../client/cluster-info.ts";
import type { CallOptions } from "../client/limits.ts";
import { toDriverOptions } from "../client/options.ts";
import type { ServerInfo } from "../client/session.ts";
import { RayCommandError } from "../errors.ts";
import type { RayActor, RayControl } from "../ray-control.ts";
import type { RayDashboard } from "../rest/dashboard.ts";
import type { DriverCalls } from "./driver-calls.ts";

export interface JobSessionParts {
  readonly server: ServerInfo;
  readonly calls: DriverCalls;
  readonly dashboard: RayDashboard;
  /** `host:port` of the dashboard. */
  readonly address: string;
  /** Resolves when the job is over and forgotten, or that has taken too long. */
  cleanUp(): Promise<void>;
}

/**
 * As a session over ray://, for actors alone: arguments and results are what JSON can carry, and an actor's class comes as
 * source. Everything that is made here and is not detached ends with it.
 */
export class RayJobSession implements RayControl {
  readonly server: ServerInfo;
  readonly address: string;
  readonly ended: Promise<unknown>;
  readonly kv: RayControl["kv"];
  readonly #parts: JobSessionParts;
  #closed: Promise<void> | undefined;

  /** Made by `connectRayJob` only. */
  constructor(parts: JobSessionParts) {
    this.server = parts.server;
    this.address = parts.address;
    this.ended = parts.calls.ended;
    this.kv = { uploadPackage: (zip, options = {}) => parts.dashboard.uploadPackage(zip, options) };
    this.#parts = parts;
  }

  async actor({ source, className, options = {}, kwargs = {}, ...limits }: ActorSpec, ...args: unknown[]): Promise<RayActor> {
    if (source === undefined) throw new RayCommandError("a driver that runs as a Ray Job takes classes as source, not by the name of a module");
    return this.#actor(await this.#parts.calls.call("actor", { source, class: className, options: toDriverOptions(options), args, kwargs }, limits));
  }

  async namedActor(name: string, { namespace, ...limits }: CallOptions & { readonly namespace?: string } = {}): Promise<RayActor> {
    return this.#actor(await this.#parts.calls.call("named", { name, namespace }, limits));
  }

  async listNamedActors({ allNamespaces = false, ...limits }: CallOptions & { readonly allNamespaces?: boolean } = {}): Promise<{ name: string; namespace: string }[]> {
    return (await this.#parts.calls.call("names", { allNamespaces }, limits)) as { name: string; namespace: string }[];
  }

  async nodes(limits: CallOptions = {}): Promise<RayNode[]> {
    return ((await this.#parts.calls.call("nodes", {}, limits)) as Record<string, unknown>[]).map(toNode);
  }

  async clusterResources(limits: CallOptions = {}): Promise<Record<string, number>> {
    return (await this.#parts.calls.call("total", {}, limits)) as Record<string, number>;
  }

  async availableResources(limits: CallOptions = {}): Promise<Record<string, number>> {
    return (await this.#parts.calls.call("free", {}, limits)) as Record<string, number>;
  }

  async dashboardUrl(): Promise<string> {
    return this.address;
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#parts.calls.close();
      await this.#parts.cleanUp();
    })();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #actor(actor: unknown): RayActor {
    const { calls } = this.#parts;
    let isReleased = false;
    const release = () => {
      if (!isReleased) calls.tell("release", { actor });
      isReleased = true;
    };
    return {
      call: (method, args = [], limits = {}) => calls.call("call", { actor, method, args, kwargs: {} }, limits),
      kill: async (limits = {}) => void (await calls.call("kill", { actor, noRestart: true }, limits)),
      release,
      [Symbol.asyncDispose]: async () => release(),
    };
  }
}
