// The daemon's address for workers on other hosts, and a door of their own where the daemon itself listens on loopback.
//
// Rule: that door has the Workers service alone. Whoever comes proves a job's secret; nobody can submit through it.

import { startGrpcServer, type ServerTls, type WorkersHandlers } from "@sage/protocol";
import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { isLoopback } from "@sage/core";

export interface AdvertiseOptions {
  /** This host as the cluster sees it; default: the address from which this host reaches the cluster. */
  readonly advertiseHost?: string;
  /** Of the door of its own; 0 (default): any free one. Workers come back to it after a restart of the daemon. */
  readonly workersPort?: number;
}

export interface WorkersDoor extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
}

/** @param cluster - a `host:port` of the cluster. @param daemon - where the daemon's own server listens. @throws ListenError */
export async function openWorkersDoor(cluster: string, workers: WorkersHandlers, daemon: { readonly host: string; readonly port: number; readonly tls?: ServerTls | undefined }, options: AdvertiseOptions): Promise<WorkersDoor> {
  const host = options.advertiseHost ?? (await ownAddressTowards(cluster));
  const { address: ip } = await lookup(host).catch(() => ({ address: host }));
  const at = (port: number) => `${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (isLoopback(ip) || !isLoopback(daemon.host)) return { address: at(daemon.port), [Symbol.asyncDispose]: async () => {} };
  const isOwn = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === ip));
  const server = await startGrpcServer({ workers }, { host: isOwn ? ip : "0.0.0.0", port: options.workersPort ?? 0, ...(daemon.tls ? { tls: daemon.tls } : {}) });
  return { address: at(server.port), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** By opening a connection; loopback if nobody answers. */
function ownAddressTowards(cluster: string): Promise<string> {
  const { hostname, port } = new URL(`tcp://${cluster}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port), timeout: 3_000 });
    const end = (address: string) => {
      socket.destroy();
      resolve(address);
    };
    socket.once("connect", () => end(socket.localAddress ?? "127.0.0.1")).once("error", () => end("127.0.0.1")).once("timeout", () => end("127.0.0.1"));
  });
}
