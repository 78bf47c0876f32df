// Values in the cluster's store: put, get, many at once, wait.

import { SageError, TimeoutError, systemClock } from "@sage/core";
import { RayProtocolError } from "../errors.ts";
import { defaultTimeoutMs, type CallOptions } from "./limits.ts";
import type { Link } from "./link.ts";
import { ObjectRef } from "./object-ref.ts";
import { Assembly } from "./transfer.ts";

/** How long the server may block one of its threads for us before we ask again. */
const serverWaitMs = 2_000;

/** Stores a pickle; gives the id (hex), which nobody holds yet. */
export async function putPickle(link: Link, pickle: Buffer, limits: CallOptions): Promise<string> {
  const { put } = await link.request("put", { put: { data: pickle, clientRefId: Buffer.alloc(0) } }, limits);
  if (!put) throw new RayProtocolError("no answer to a put");
  if (!put.valid) throw link.errorOf(put.error);
  return Buffer.from(put.id).toString("hex");
}

/** Waits for an object and decodes it. @throws what the task threw, or why the object is lost. */
export async function getById(link: Link, id: string, limits: CallOptions): Promise<unknown> {
  const { get } = await link.request("get", { get: { ids: [Buffer.from(id, "hex")] } }, limits);
  if (!get) throw new RayProtocolError("no answer to a get");
  if (!get.valid) throw link.errorOf(get.error);
  return link.fromPickle(get.data);
}

/** Many objects with one question: quicker than many, but an error does not say whose it is. */
export async function getMany(link: Link, refs: readonly ObjectRef[], maxBytes: number, limits: CallOptions): Promise<unknown[]> {
  try {
    return refs.length < 2 ? await Promise.all(refs.map((ref) => getById(link, ref.id, limits))) : await getTogether(link, refs, maxBytes, limits);
  } finally {
    for (const ref of refs) ref.keep();
  }
}

async function getTogether(link: Link, refs: readonly ObjectRef[], maxBytes: number, limits: CallOptions): Promise<unknown[]> {
  const { signal, timeoutMs = defaultTimeoutMs } = limits;
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    const leftMs = deadlineMs - systemClock.monotonicMs();
    const whole = await getOnce(link, refs, maxBytes, Math.max(0, Math.min(leftMs, serverWaitMs)), signal);
    if (whole) return link.fromPickle(whole) as unknown[];
    // Something failed, or is not ready. Asked one by one, each answers for itself; those that are ready cost little.
    const failed = await firstFailure(link, refs, Math.max(1, Math.min(serverWaitMs, deadlineMs - systemClock.monotonicMs())), signal);
    if (failed) throw failed;
    if (systemClock.monotonicMs() >= deadlineMs) throw new TimeoutError("get", timeoutMs);
  }
}

/** All values as one pickled list, or nothing if one of them failed or is not ready in time. */
async function getOnce(link: Link, refs: readonly ObjectRef[], maxBytes: number, waitMs: number, signal?: AbortSignal): Promise<Buffer | undefined> {
  const limit = new AbortController();
  const all = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  const timer = setTimeout(() => limit.abort(), waitMs + 30_000); // the transfer itself
  try {
    const assembly = new Assembly(maxBytes);
    for await (const part of link.serverStream("GetObject", { ids: refs.map((ref) => ref.bytes), timeout: waitMs / 1_000 }, all)) {
      if (!part.valid) return undefined;
      const whole = assembly.add(part, part.totalSize);
      if (whole) return whole;
    }
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SageError) throw error;
    return undefined; // a broken connection: the next question waits until it is repaired
  } finally {
    clearTimeout(timer);
  }
}

async function firstFailure(link: Link, refs: readonly ObjectRef[], waitMs: number, signal?: AbortSignal): Promise<unknown> {
  const stop = new AbortController();
  const limits: CallOptions = { signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal, timeoutMs: waitMs };
  try {
    await Promise.all(refs.map((ref) => getById(link, ref.id, limits)));
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof TimeoutError ? undefined : error;
  } finally {
    stop.abort(new Error("enough"));
  }
}

export interface Waited {
  readonly ready: readonly ObjectRef[];
  readonly pending: readonly ObjectRef[];
}

/** Until `count` of the objects are there, or the time is up: that is no error. */
export async function waitFor(link: Link, refs: readonly ObjectRef[], count: number, limits: CallOptions): Promise<Waited> {
  const { signal, timeoutMs = defaultTimeoutMs } = limits;
  const byId = new Map(refs.map((ref) => [ref.id, ref]));
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  const toRefs = (ids: readonly Uint8Array[]) => ids.map((id) => byId.get(Buffer.from(id).toString("hex"))!);
  for (;;) {
    const leftMs = Math.max(0, deadlineMs - systemClock.monotonicMs());
    const answer = await link.unary("WaitObject", {
      objectIds: [...byId.values()].map((ref) => ref.bytes), numReturns: Math.min(count, byId.size), timeout: Math.min(leftMs, serverWaitMs) / 1_000, clientId: link.clientId,
    }, { timeoutMs: serverWaitMs + 30_000, ...(signal ? { signal } : {}) });
    if (!answer.valid) throw new RayProtocolError("a wait that failed");
    const waited: Waited = { ready: toRefs(answer.readyObjectIds), pending: toRefs(answer.remainingObjectIds) };
    if (waited.ready.length >= Math.min(count, byId.size) || leftMs <= serverWaitMs) return waited;
  }
}
