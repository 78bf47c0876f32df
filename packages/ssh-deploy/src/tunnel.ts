// A door on this machine to what listens on a host: each connection to it becomes a stream through SSH.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { Cleanup } from "@sage/core";
import type { ForwardTarget, Host } from "./host.ts";

export interface TunnelOptions {
  /**
   * "socket" (default): a Unix socket in a folder of our user alone. "port": a port of the loopback interface, which every
   * user of this machine can reach; for browsers and programs that know nothing else.
   */
  readonly listen?: "socket" | "port";
  /** For "port"; default 0: any. */
  readonly port?: number;
  /** Hears why a connection through the tunnel failed; the connection itself is just closed. */
  readonly onError?: (error: unknown) => void;
}

export interface Tunnel extends AsyncDisposable {
  /** `unix:/tmp/…/s`, as gRPC takes it, or `127.0.0.1:40123`. */
  readonly address: string;
}

export async function openTunnel(host: Host, to: ForwardTarget, options: TunnelOptions = {}): Promise<Tunnel> {
  const { listen = "socket", port = 0, onError = () => {} } = options;
  await using cleanup = new Cleanup();
  const ended = new AbortController();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    host.forward(to, ended.signal).then(
      (stream) => {
        pipeline(stream, socket, () => stream.destroy());
        pipeline(socket, stream, () => {});
      },
      (error: unknown) => {
        socket.destroy();
        if (!ended.signal.aborted) onError(error);
      },
    );
  });
  let path: string | undefined;
  if (listen === "socket") {
    const dir = await mkdtemp(join(tmpdir(), "sage-tunnel-")); // mode 0700
    cleanup.defer(() => rm(dir, { recursive: true, force: true }));
    path = join(dir, "s");
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path === undefined ? { host: "127.0.0.1", port } : { path }, resolve);
  });
  cleanup.defer(() => new Promise((resolve) => {
    ended.abort(new Error("the tunnel was closed"));
    for (const socket of sockets) socket.destroy();
    server.close(resolve);
  }));
  const owned = cleanup.move();
  return {
    address: path === undefined ? `127.0.0.1:${(server.address() as AddressInfo).port}` : `unix:${path}`,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
