// Doors on this machine to what listens on loopback of the head: Ray's dashboard, its client server, the JobManager.
import { Cleanup } from "@sage/core";
import { openTunnel, type ForwardTarget } from "@sage/ssh-deploy";
import { dialable } from "./daemon-status.ts";
import { listensOn } from "./head-view.ts";
import type { ClusterSession } from "./session.ts";

export interface Door {
  readonly what: string;
  /** `127.0.0.1:40123` */
  readonly address: string;
  readonly leadsTo: string;
}

export interface Doors extends AsyncDisposable {
  readonly doors: readonly Door[];
}

/** Each at the same port as there, if it is free here; else at any. */
export async function openDoors(session: ClusterSession, onError: (error: unknown) => void): Promise<Doors> {
  const { head, daemon } = session.cluster;
  const wanted: readonly (readonly [string, ForwardTarget & { readonly port: number }])[] = [
    ["Ray's dashboard", { host: listensOn(head), port: head.dashboardPort }], ["Ray's client server", { host: "127.0.0.1", port: head.clientServerPort }],
    ["JobManager", { host: dialable(daemon.bindHost), port: daemon.port }], ["JobManager's dashboard", { host: "127.0.0.1", port: daemon.httpPort }],
  ];
  const host = await session.host(session.head);
  await using cleanup = new Cleanup();
  const doors: Door[] = [];
  for (const [what, to] of wanted) {
    const open = (port: number) => openTunnel(host, to, { listen: "port", port, onError });
    const tunnel = cleanup.use(await open(to.port).catch(() => open(0)));
    doors.push({ what, address: tunnel.address, leadsTo: `${session.head.name}:${to.port}` });
  }
  const owned = cleanup.move();
  return { doors, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}
