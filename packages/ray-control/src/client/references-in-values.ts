// Handles inside arguments and results: Ray's pickles carry them as persistent ids, which hold a `PickleStub`.

import { PersistentId, PyGlobal, PyObject, PyTuple, pyCall } from "../pickle/python-values.ts";
import { ActorHandle } from "./actors.ts";
import type { Link } from "./link.ts";
import { ObjectRef } from "./object-ref.ts";

const stubModule = "ray.util.client.client_pickler";

/** For the writer: a stub in the place of a handle. */
export function toStub(link: Link, value: object): unknown {
  if (value instanceof ObjectRef) return stub(link, "Object", value.bytes);
  if (value instanceof ActorHandle) return stub(link, "Actor", value.bytes);
  return undefined;
}

const stub = (link: Link, type: string, id: Buffer) => new PersistentId(pyCall(stubModule, "PickleStub", type, link.clientId, id, null, null));

/** For the reader: a handle in the place of a stub; the server holds what it sends until we release it. */
export function toReference(link: Link, value: PyObject | PersistentId): unknown {
  if (!(value instanceof PersistentId)) return undefined;
  const [type, , id] = stubFields(value.value);
  if (!(id instanceof Uint8Array)) return undefined;
  const hex = Buffer.from(id).toString("hex");
  return type === "Object" ? new ObjectRef(link, hex) : type === "Actor" ? new ActorHandle(link, hex) : undefined;
}

/** A named tuple, made by `copyreg._reconstructor(PickleStub, tuple, fields)` or by a plain call. */
function stubFields(value: unknown): readonly unknown[] {
  if (!(value instanceof PyObject) || !(value.callee instanceof PyGlobal)) return [];
  const [first, , fields] = value.args;
  if (isStub(value.callee)) return value.args;
  return value.callee.path === "copyreg._reconstructor" && first instanceof PyGlobal && isStub(first) && fields instanceof PyTuple ? fields.items : [];
}

const isStub = ({ module, name }: PyGlobal): boolean => module === stubModule && name === "PickleStub";
