// A session with a Ray cluster: what `connectRay` gives.

import { ActorHandle, createActor, findActor, type ActorSpec } from "./actors.ts";
import { dashboardUrlOf, nodesOf, resourcesOf, runtimeContextOf, type RayNode, type RuntimeContext } from "./cluster-info.ts";
import { KeyValues } from "./key-values.ts";
import type { CallOptions } from "./limits.ts";
import type { Link } from "./link.ts";
import { logLines, type RayLogLine } from "./log-stream.ts";
import { ObjectRef } from "./object-ref.ts";
import { getById, getMany, putPickle, waitFor, type Waited } from "./objects.ts";
import { toRayOptions, type TaskOptions } from "./options.ts";
import { PlacementGroup, placementTask, type PlacementGroupSpec } from "./placement-group.ts";
import { CodeStore, type PythonSource } from "./python-code.ts";
import { toReference, toStub } from "./references-in-values.ts";
import type { RayControl } from "../ray-control.ts";
import { schedule } from "./scheduling.ts";

export interface ServerInfo {
  readonly rayVersion: string;
  readonly rayCommit: string;
  readonly pythonVersion: string;
}

export type TaskSpec = PythonSource & CallOptions & {
  readonly functionName: string;
  readonly options?: TaskOptions;
  readonly kwargs?: Readonly<Record<string, unknown>>;
};

/**
 * Everything that is made here and is not detached ends with the session. Calls are limited by the session's
 * `callTimeoutMs` unless they say otherwise, and end early by their signal. A broken connection is repaired inside the
 * grace period: calls then just take longer, and each takes effect once.
 */
export class RaySession implements RayControl {
  readonly server: ServerInfo;
  /** The cluster's key-value store, and packages for runtime environments. */
  readonly kv: KeyValues;
  readonly #link: Link;
  readonly #code: CodeStore;
  readonly #maxObjectBytes: number;
  #closed: Promise<void> | undefined;

  /** Made by `connectRay` only. */
  constructor(link: Link, server: ServerInfo, maxObjectBytes: number) {
    link.toStub = (value) => toStub(link, value);
    link.toReference = (value) => toReference(link, value);
    this.server = server;
    this.kv = new KeyValues(link);
    this.#link = link;
    this.#code = new CodeStore(link);
    this.#maxObjectBytes = maxObjectBytes;
  }

  /** `host:port` */
  get address(): string {
    return this.#link.target.address;
  }

  /** With {@link lastRequestId}, what another process needs to take this session over if this one crashes. */
  get clientId(): string {
    return this.#link.clientId;
  }

  get lastRequestId(): number {
    return this.#link.datapath.lastRequestId;
  }

  /** Resolves when the session has ended, with the reason: a {@link RaySessionClosedError} or a {@link RaySessionLostError}. */
  get ended(): Promise<unknown> {
    return this.#link.datapath.ended;
  }

  // — actors

  /**
   * Makes an actor from a Python class: `{ source, className }` or `{ module, className }`. The actor starts in the
   * background: its first call says whether the constructor threw, and waits until a node has room for it.
   * @throws {@link RayActorNameTakenError}; {@link RayRequestError} for code that does not load, or bad options
   */
  actor(spec: ActorSpec, ...args: unknown[]): Promise<ActorHandle> {
    return createActor(this.#link, this.#code, spec, args);
  }

  /** @throws {@link RayActorNotFoundError} */
  namedActor(name: string, options: CallOptions & { readonly namespace?: string } = {}): Promise<ActorHandle> {
    return findActor(this.#link, name, options);
  }

  /** The handle of an actor that this session holds, after a take-over. */
  actorById(id: string): ActorHandle {
    return new ActorHandle(this.#link, id);
  }

  async listNamedActors(options: CallOptions & { readonly allNamespaces?: boolean } = {}): Promise<{ name: string; namespace: string }[]> {
    const { listNamedActors } = await this.#link.request("listNamedActors", { listNamedActors: { allNamespaces: options.allNamespaces ?? false } }, options);
    const found = JSON.parse(listNamedActors?.actorsJson ?? "[]") as (string | { name: string; namespace: string })[];
    return found.map((each) => (typeof each === "string" ? { name: each, namespace: "" } : each));
  }

  // — tasks

  /** Runs a Python function and gives what it returns. @throws {@link RayTaskError} and others */
  async call(spec: TaskSpec, ...args: unknown[]): Promise<unknown> {
    await using ref = await this.submit(spec, ...args);
    return await this.get(ref, spec);
  }

  /** Runs a Python function; gives a reference to what it will return. */
  async submit(spec: TaskSpec, ...args: unknown[]): Promise<ObjectRef> {
    return (await this.submitMany({ ...spec, options: { ...spec.options, numReturns: 1 } }, ...args))[0]!;
  }

  /** As {@link submit}, for functions that return several objects (`options.numReturns`). */
  async submitMany(spec: TaskSpec, ...args: unknown[]): Promise<ObjectRef[]> {
    const { functionName, options = {}, kwargs, ...limits } = spec;
    const payloadId = await this.#code.idOf(spec, functionName, limits);
    const ids = await schedule(this.#link, { type: "FUNCTION", name: functionName, payloadId, args, kwargs, options: toRayOptions(options) }, limits);
    return ids.map((id) => new ObjectRef(this.#link, id));
  }

  /** Asks a task to stop: `force` ends its process. Its result is then a {@link RayTaskCancelledError}. */
  async cancel(ref: ObjectRef, { force = false, recursive = true, ...limits }: CallOptions & { readonly force?: boolean; readonly recursive?: boolean } = {}): Promise<void> {
    await this.#link.unary("Terminate", { clientId: this.clientId, taskObject: { id: ref.bytes, force, recursive } }, limits);
  }

  // — objects

  /** Stores a value in the cluster; for what several calls take as an argument. */
  async put(value: unknown, limits: CallOptions = {}): Promise<ObjectRef> {
    return new ObjectRef(this.#link, await putPickle(this.#link, this.#link.toPickle(value), limits));
  }

  /** Waits for a value. @throws what its task threw; {@link RayObjectLostError} */
  async get(ref: ObjectRef, limits: CallOptions = {}): Promise<unknown> {
    try {
      return await getById(this.#link, ref.id, limits);
    } finally {
      ref.keep();
    }
  }

  /** Waits for all; rejects with the first error. Quicker than one `get` each. */
  getAll(refs: readonly ObjectRef[], limits: CallOptions = {}): Promise<unknown[]> {
    return getMany(this.#link, refs, this.#maxObjectBytes, limits);
  }

  /** Waits until `count` of the objects are there (default 1) or the time is up, which is no error. */
  wait(refs: readonly ObjectRef[], { count = 1, ...limits }: CallOptions & { readonly count?: number } = {}): Promise<Waited> {
    return waitFor(this.#link, refs, count, limits);
  }

  // — the cluster

  nodes(limits: CallOptions = {}): Promise<RayNode[]> {
    return nodesOf(this.#link, limits);
  }

  /** All resources of the living nodes, by Ray's names: CPU, GPU, memory (bytes), custom ones. */
  clusterResources(limits: CallOptions = {}): Promise<Record<string, number>> {
    return resourcesOf(this.#link, "CLUSTER_RESOURCES", limits);
  }

  /** What of them is free. What is used up is missing. */
  availableResources(limits: CallOptions = {}): Promise<Record<string, number>> {
    return resourcesOf(this.#link, "AVAILABLE_RESOURCES", limits);
  }

  runtimeContext(limits: CallOptions = {}): Promise<RuntimeContext> {
    return runtimeContextOf(this.#link, limits);
  }

  /** `host:port` as the head knows it; empty without a dashboard. */
  dashboardUrl(limits: CallOptions = {}): Promise<string> {
    return dashboardUrlOf(this.#link, limits);
  }

  /** Reserves resources together. Waits for the request, not for the resources: see `isReady`. */
  placementGroup(spec: PlacementGroupSpec): Promise<PlacementGroup> {
    return PlacementGroup.create((functionName, args, limits) => this.call({ ...placementTask(functionName), ...limits }, ...args), spec);
  }

  /** What workers of this session print from now on; ends with the session, the signal, or the loop. */
  logs(options: { readonly signal?: AbortSignal; readonly level?: number } = {}): AsyncGenerator<RayLogLine, void, undefined> {
    return logLines(this.#link, options);
  }

  /** Resolves when Ray has heard of every release so far. */
  releasesSent(): Promise<void> {
    return this.#link.references.flush();
  }

  /** Ends the session: what it holds is gone when this resolves. Twice is harmless. */
  close(): Promise<void> {
    this.#closed ??= this.#link.datapath.close();
    return this.#closed;
  }

  /** Lets go without a word, as a crash would: another process can take the session over inside its grace period. */
  abandon(): void {
    this.#link.datapath.abandonSession();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
