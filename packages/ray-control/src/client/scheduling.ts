// Everything that becomes a ticket: actors, methods, tasks, look-ups by name.

import { RayProtocolError } from "../errors.ts";
import type { ClientTask } from "../gen/ray/rpc/ClientTask.ts";
import { PyTuple } from "../pickle/python-values.ts";
import type { CallOptions } from "./limits.ts";
import type { Link } from "./link.ts";

export interface Order {
  readonly type: NonNullable<ClientTask["type"]>;
  readonly name: string;
  /** The class, the function or the actor. */
  readonly payloadId?: Buffer;
  readonly namespace?: string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  readonly options?: Readonly<Record<string, unknown>>;
  /** What Ray takes with a class alone, not with the making of an actor; counts once for each `payloadId`. */
  readonly classOptions?: Readonly<Record<string, unknown>>;
}

const nothing = Buffer.alloc(0);

/** The ids (hex) of what was made; nobody holds them yet. */
export async function schedule(link: Link, order: Order, limits: CallOptions): Promise<string[]> {
  const { type, name, payloadId = nothing, namespace = "", args = [], kwargs = {}, options = {}, classOptions = {} } = order;
  const data = link.toPickle(new PyTuple([args, kwargs]));
  const pickledOptions = Object.keys(options).length > 0 ? { options: { pickledOptions: link.toPickle(options) } } : {};
  const baseline = Object.keys(classOptions).length > 0 ? { baselineOptions: { pickledOptions: link.toPickle(classOptions) } } : {};
  const { taskTicket } = await link.request(name, { task: { type, name, payloadId, namespace, clientId: link.clientId, data, ...pickledOptions, ...baseline } }, limits);
  if (!taskTicket) throw new RayProtocolError("no ticket for a task");
  if (!taskTicket.valid) throw link.errorOf(taskTicket.error);
  return taskTicket.returnIds.map((id) => Buffer.from(id).toString("hex"));
}
