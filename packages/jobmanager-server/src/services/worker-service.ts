// The Workers service: lets a worker in by its Hello, then hands its messages to the attempt that waits for it.

import { deferred, type Clock } from "@sage/core";
import type { CallContext, DaemonMessageInit, Handlers, Send, WorkerMessage, WorkersHandlers } from "@sage/protocol";
import type { WorkerRegistry } from "../jobs/worker-registry.ts";
import { WorkerRefusedError } from "../jobs/worker-registry.ts";
import { orAborted } from "../waits.ts";

/** Who has said nothing for so long after connecting is no worker. */
const helloTimeoutMs = 10_000;

export function workerService(registry: WorkerRegistry, clock: Clock, { bidi, clientStream, serverStream }: Handlers): WorkersHandlers {
  return {
    Attach: bidi(async (messages: AsyncIterable<WorkerMessage>, send: Send<DaemonMessageInit>, { signal }: CallContext) => {
      const incoming = messages[Symbol.asyncIterator]();
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
    StateUpload: clientStream(() => Promise.reject(new WorkerRefusedError())), // workers of the process driver share the daemon's disk
    StateDownload: serverStream(() => { throw new WorkerRefusedError(); }),
  };

  async function pump(incoming: AsyncIterator<WorkerMessage>, session: { onMessage(message: WorkerMessage): Promise<void> | undefined }): Promise<void> {
    for (let next = await incoming.next(); !next.done; next = await incoming.next()) {
      const busy = session.onMessage(next.value);
      if (busy) await busy;
    }
  }
}

async function firstHello(incoming: AsyncIterator<WorkerMessage>, clock: Clock) {
  const timer = new AbortController();
  const late = clock.sleep(helloTimeoutMs, timer.signal).then(() => undefined, () => undefined);
  try {
    const first = await Promise.race([incoming.next(), late]);
    if (!first || first.done || !first.value.hello) throw new WorkerRefusedError();
    return first.value.hello;
  } finally {
    timer.abort();
  }
}
