// Actors: made from a Python class, found by name, called, killed, released.

import type { CallOptions } from "./limits.ts";
import type { Link } from "./link.ts";
import { ObjectRef } from "./object-ref.ts";
import { getById } from "./objects.ts";
import { toRayOptions, type ActorOptions, type MethodOptions } from "./options.ts";
import type { RayActor } from "../ray-control.ts";
import type { CodeStore, PythonSource } from "./python-code.ts";
import { schedule } from "./scheduling.ts";

export type ActorSpec = PythonSource & CallOptions & {
  readonly className: string;
  readonly options?: ActorOptions;
  /** Keyword arguments of the constructor. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
};

export interface MethodCallOptions extends CallOptions {
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly options?: MethodOptions;
}

/** Makes an actor; it starts in the background: the first call says whether its constructor threw. */
export async function createActor(link: Link, code: CodeStore, spec: ActorSpec, args: readonly unknown[]): Promise<ActorHandle> {
  const { className, options: { concurrencyGroups, ...options } = {}, kwargs, ...limits } = spec;
  const classOptions = concurrencyGroups === undefined ? {} : toRayOptions({ concurrencyGroups });
  const payloadId = await code.idOf(spec, className, limits, JSON.stringify(classOptions));
  const [id] = await schedule(link, { type: "ACTOR", name: className, payloadId, args, kwargs, options: toRayOptions(options), classOptions }, limits);
  return new ActorHandle(link, id!);
}

/** @throws {@link RayActorNotFoundError} */
export async function findActor(link: Link, name: string, { namespace, ...limits }: CallOptions & { readonly namespace?: string }): Promise<ActorHandle> {
  const [id] = await schedule(link, { type: "NAMED_ACTOR", name, ...(namespace === undefined ? {} : { namespace }) }, limits);
  return new ActorHandle(link, id!);
}

/**
 * An actor in the cluster. An actor that is not detached ends when its last handle is released, and with the session.
 * Disposing of a handle releases it.
 */
export class ActorHandle implements RayActor {
  /** Hexadecimal. */
  readonly id: string;
  readonly #link: Link;
  #isReleased = false;

  /** Made by a session only. */
  constructor(link: Link, id: string) {
    this.id = id;
    this.#link = link;
    link.references.hold(id, this);
  }

  get bytes(): Buffer {
    return Buffer.from(this.id, "hex");
  }

  /**
   * Calls a method and gives what it returns.
   * @throws {@link RayTaskError} if it threw; {@link RayActorDiedError}, {@link RayActorUnavailableError}; {@link RayRequestError} if there is no such method
   */
  async call(method: string, args: readonly unknown[] = [], call: MethodCallOptions = {}): Promise<unknown> {
    const [id, ...more] = await this.#schedule(method, args, call);
    for (const other of more) this.#link.references.releaseNow(Buffer.from(other, "hex"));
    if (id === undefined) return null; // numReturns: 0
    try {
      return await getById(this.#link, id, call);
    } finally {
      this.#link.references.releaseNow(Buffer.from(id, "hex"));
    }
  }

  /** Calls a method and gives a reference to what it will return. Calls run in the order of their submission. */
  async submit(method: string, args: readonly unknown[] = [], call: MethodCallOptions = {}): Promise<ObjectRef> {
    return (await this.submitMany(method, args, { ...call, options: { ...call.options, numReturns: 1 } }))[0]!;
  }

  /** As {@link submit}, for methods that return several objects (`options.numReturns`). */
  async submitMany(method: string, args: readonly unknown[] = [], call: MethodCallOptions = {}): Promise<ObjectRef[]> {
    return (await this.#schedule(method, args, call)).map((id) => new ObjectRef(this.#link, id));
  }

  #schedule(method: string, args: readonly unknown[], { kwargs, options = {}, ...limits }: MethodCallOptions): Promise<string[]> {
    return schedule(this.#link, { type: "METHOD", name: method, payloadId: this.bytes, args, kwargs, options: methodOptions(options) }, limits);
  }

  /** Ends the actor's process at once. With `noRestart: false`, Ray starts it again if it has restarts left. */
  async kill({ noRestart = true, ...limits }: CallOptions & { readonly noRestart?: boolean } = {}): Promise<void> {
    await this.#link.unary("Terminate", { clientId: this.#link.clientId, actor: { id: this.bytes, noRestart } }, limits);
  }

  /** Twice is harmless. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#link.references.release(this.id, this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}

/** One return value is what every method has: saying so would only cost bytes. */
function methodOptions({ numReturns, ...others }: MethodOptions): Record<string, unknown> {
  return toRayOptions(numReturns === undefined || numReturns === 1 ? others : { ...others, numReturns });
}
