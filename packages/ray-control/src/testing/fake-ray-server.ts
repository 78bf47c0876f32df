// A server that speaks the data path of Ray's client protocol and answers as a test says: for what a real head does
// too seldom to be tested with one.

import { Server, ServerCredentials, type Metadata, type ServerDuplexStream, type ServiceDefinition } from "@grpc/grpc-js";
import { dataStreamer } from "../client/wire.ts";
import type { DataRequest__Output } from "../gen/ray/rpc/DataRequest.ts";
import type { DataResponse } from "../gen/ray/rpc/DataResponse.ts";

export type FakeStream = ServerDuplexStream<DataRequest__Output, DataResponse>;

export interface FakeRayServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Every request so far, of all streams. */
  readonly requests: readonly DataRequest__Output[];
  /** Metadata of each stream, in order. */
  readonly streams: readonly Metadata[];
  /** Resolves when a request (of now or later) fits. */
  seen(fits: (request: DataRequest__Output) => boolean): Promise<DataRequest__Output>;
  /** Breaks the streams of now. */
  breakStreams(code: number, details: string): void;
}

/** `onRequest` hears each request with its stream; without an answer from it, init and connection info get theirs. */
export async function startFakeRayServer(onRequest: (request: DataRequest__Output, stream: FakeStream) => DataResponse | "silent" | undefined): Promise<FakeRayServer> {
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  const requests: DataRequest__Output[] = [];
  const streams: Metadata[] = [];
  const open = new Set<FakeStream>();
  let wake: (() => void)[] = [];
  server.addService(dataStreamer as unknown as ServiceDefinition, {
    Datapath(stream: FakeStream) {
      streams.push(stream.metadata);
      open.add(stream);
      stream.on("data", (request: DataRequest__Output) => {
        requests.push(request);
        const answer = onRequest(request, stream) ?? usualAnswer(request);
        if (answer !== "silent") stream.write({ reqId: request.reqId, ...answer });
        for (const each of wake.splice(0)) each();
      });
      stream.on("end", () => stream.end());
      stream.on("close", () => open.delete(stream));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => { if (error) reject(error); else resolve(bound); });
  });
  return {
    address: `127.0.0.1:${port}`, requests, streams,
    async seen(fits) {
      for (;;) {
        const found = requests.find(fits);
        if (found) return found;
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    breakStreams(code, details) {
      for (const stream of open) stream.emit("error", { code, details });
    },
    async [Symbol.asyncDispose]() {
      wake = [];
      server.forceShutdown();
    },
  };
}

function usualAnswer(request: DataRequest__Output): DataResponse | "silent" {
  if (request.init) return { init: { ok: true } };
  if (request.connectionInfo) return { connectionInfo: { rayVersion: "2.60.0", pythonVersion: "3.11.0" } };
  if (request.connectionCleanup) return { connectionCleanup: {} };
  if (request.release) return { release: { ok: request.release.ids.map(() => true) } };
  if (request.put?.chunkId === (request.put?.totalChunks ?? 0) - 1) return { put: { valid: true, id: Buffer.alloc(28, request.reqId) } };
  return "silent";
}
