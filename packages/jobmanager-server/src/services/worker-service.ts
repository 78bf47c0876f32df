// The Workers service: lets a worker in by its Hello, then hands its messages to the attempt that waits for it.

import { deferred, type Clock } from "@sage/core";
import { downloadPurpose, uploadPurpose } from "@sage/protocol";
import type { CallContext, DaemonMessageInit, Handlers, RayFrame, Send, StateChunk, StateRequest, WorkerMessage, WorkersHandlers } from "@sage/protocol";
import { DriverRefusedError, type DriverDoor } from "@sage/ray-control";
import type { WorkerRegistry } from "../jobs/worker-registry.ts";
import { WorkerRefusedError } from "../jobs/worker-registry.ts";
import { orAborted } from "../waits.ts";

/** Who has said nothing for so long after connecting is no worker. */
const helloTimeoutMs = 10_000;

/** @param door - where drivers on Ray come in; absent: none is waited for. */
export function workerService(registry: WorkerRegistry, clock: Clock, { bidi, clientStream, serverStream, unary }: Handlers, door?: DriverDoor): WorkersHandlers {
  return {
    Attach: bidi(async (messages: AsyncIterable<WorkerMessage>, send: Send<DaemonMessageInit>, { signal }: CallContext) => {
      const incoming = messages[Symbol.asyncIterator]();
      await send({ challenge: { daemonNonce: registry.daemonNonce } });
      const hello = await firstHello(incoming, clock);
      await registry.whenOpen;
      const closed = deferred();
      const { welcome, session } = registry.attach(hello, { send, close: () => closed.resolve() });
      try {
        await send({ welcome });
        await Promise.race([orAborted(closed.promise, signal), pump(incoming, session)]);
      } finally {
        session.onClosed();
      }
    }),
    Pulse: unary((request) => {
      registry.pulse(request);
      return {};
    }),
    DriveRay: bidi(async (messages: AsyncIterable<RayFrame>, send: Send<RayFrame>, { signal }: CallContext) => {
      const incoming = messages[Symbol.asyncIterator]();
      const first = await soon(incoming, clock);
      if (!door || !first) throw new DriverRefusedError();
      const frames = jsonOf(first, incoming);
      await orAborted(door.attach({ frames, send: async (json) => { await send({ json }); } }), signal);
    }),
    StateUpload: clientStream(async (chunks: AsyncIterable<StateChunk>) => {
      await registry.whenOpen;
      const incoming = chunks[Symbol.asyncIterator]();
      const first = await soon(incoming, clock);
      if (!first?.owner) throw new WorkerRefusedError();
      return registry.filesOf(first.owner, uploadPurpose(first.checkpointId, first.name, first.sha256)).receive(first, dataOf(first.data, incoming));
    }),
    StateDownload: serverStream(async function* ({ owner, sha256 }: StateRequest) {
      await registry.whenOpen;
      yield* registry.filesOf(owner, downloadPurpose("StateDownload", sha256)).state(sha256);
    }),
    ArtifactDownload: serverStream(async function* ({ owner, sha256 }: StateRequest) {
      await registry.whenOpen;
      yield* registry.filesOf(owner, downloadPurpose("ArtifactDownload", sha256)).artifact(sha256);
    }),
  };

  async function pump(incoming: AsyncIterator<WorkerMessage>, session: { onMessage(message: WorkerMessage): Promise<void> | undefined }): Promise<void> {
    for (let next = await incoming.next(); !next.done; next = await incoming.next()) {
      const busy = session.onMessage(next.value);
      if (busy) await busy;
    }
  }
}

async function firstHello(incoming: AsyncIterator<WorkerMessage>, clock: Clock) {
  const first = await soon(incoming, clock);
  if (!first?.hello) throw new WorkerRefusedError();
  return first.hello;
}

/** The first message; undefined if there is none in time. */
async function soon<T>(incoming: AsyncIterator<T>, clock: Clock): Promise<T | undefined> {
  const timer = new AbortController();
  const late = clock.sleep(helloTimeoutMs, timer.signal).then(() => undefined, () => undefined);
  try {
    const first = await Promise.race([incoming.next(), late]);
    return !first || first.done ? undefined : first.value;
  } finally {
    timer.abort();
  }
}

async function* jsonOf(first: RayFrame, rest: AsyncIterator<RayFrame>): AsyncGenerator<string, void, undefined> {
  yield first.json;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value.json;
}

async function* dataOf(first: Uint8Array, rest: AsyncIterator<StateChunk>): AsyncGenerator<Uint8Array, void, undefined> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value.data;
}
