// What drivers that run as Ray Jobs dial in tests: a gRPC server with that one method.

import { Server, ServerCredentials, type ServerDuplexStream, type ServiceDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import { once } from "node:events";
import { DriverDoor } from "../job-driver/driver-door.ts";

const frame = { fields: { json: { type: "string", id: 1 } } };
const drive = { comment: "", requestType: "Frame", requestStream: true, responseType: "Frame", responseStream: true };
const service = fromJSON({ nested: { test: { nested: { Frame: frame, Drivers: { methods: { Drive: drive } } } } } }, { keepCase: true })["test.Drivers"] as unknown as ServiceDefinition;

interface Frame {
  readonly json: string;
}

export interface DriverServer extends AsyncDisposable {
  readonly door: DriverDoor;
  readonly port: number;
}

export interface DriverServerOptions {
  /** What drivers are told to dial; default: this server. */
  readonly target?: string;
  /** Contents of PEM files. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

export async function startDriverServer({ target, tls }: DriverServerOptions = {}): Promise<DriverServer> {
  const door = new DriverDoor();
  const server = new Server();
  server.addService(service, {
    Drive: (call: ServerDuplexStream<Frame, Frame>) => {
      const frames = framesOf(call);
      const send = async (json: string) => { if (!call.write({ json })) await once(call, "drain"); };
      door.attach({ frames, send }).then(() => call.end(), (error: Error) => call.emit("error", { code: 16, details: error.message }));
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = tls ? ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }]) : ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => { if (error) reject(error); else resolve(bound); });
  });
  door.open(() => ({ target: target ?? `127.0.0.1:${port}`, path: "/test.Drivers/Drive", ...(tls ? { tls: { ca: tls.ca, serverName: "localhost" } } : {}) }));
  return {
    door, port,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

async function* framesOf(call: AsyncIterable<Frame>): AsyncGenerator<string, void, undefined> {
  for await (const { json } of call) yield json;
}
