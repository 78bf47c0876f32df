// What running actors on a cluster takes, whichever way leads there: a session over ray:// (`connectRay`), or a driver of
// ours that runs there as a Ray Job (`connectRayJob`).

import type { CallOptions } from "./client/limits.ts";
import type { ActorSpec } from "./client/actors.ts";
import type { RayNode } from "./client/cluster-info.ts";
import type { ServerInfo } from "./client/session.ts";

/** An actor in the cluster. One that is not detached ends when its last handle is released, and with the way to it. */
export interface RayActor extends AsyncDisposable {
  /**
   * Calls a method and gives what it returns.
   * @throws RayTaskError if it threw; RayActorDiedError, RayActorUnavailableError; RayRequestError if there is no such method
   */
  call(method: string, args?: readonly unknown[], options?: CallOptions): Promise<unknown>;
  /** Ends the actor's process at once. */
  kill(options?: CallOptions): Promise<void>;
  /** Twice is harmless. */
  release(): void;
}

export interface RayControl extends AsyncDisposable {
  readonly server: ServerInfo;
  /** `host:port` */
  readonly address: string;
  /** Resolves when this way has ended, with the reason: a RaySessionClosedError or a RaySessionLostError. */
  readonly ended: Promise<unknown>;
  readonly kv: {
    /** Uploads a zip unless it is there, named by its content; gives the URI for `runtimeEnv.working_dir`. */
    uploadPackage(zip: Uint8Array, options?: CallOptions): Promise<string>;
  };
  /** @throws RayActorNameTakenError; RayRequestError for code that does not load, or bad options */
  actor(spec: ActorSpec, ...args: unknown[]): Promise<RayActor>;
  /** @throws RayActorNotFoundError */
  namedActor(name: string, options?: CallOptions & { readonly namespace?: string }): Promise<RayActor>;
  listNamedActors(options?: CallOptions & { readonly allNamespaces?: boolean }): Promise<{ name: string; namespace: string }[]>;
  nodes(options?: CallOptions): Promise<RayNode[]>;
  /** All resources of the living nodes, by Ray's names. */
  clusterResources(options?: CallOptions): Promise<Record<string, number>>;
  /** What of them is free. What is used up is missing. */
  availableResources(options?: CallOptions): Promise<Record<string, number>>;
  /** Where the cluster says its dashboard is, `host:port`; empty without one. */
  dashboardUrl(options?: CallOptions): Promise<string>;
  /** Twice is harmless. */
  close(): Promise<void>;
}
