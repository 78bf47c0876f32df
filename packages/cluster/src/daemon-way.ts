// The way to a daemon that listens on loopback of another host: a Unix socket here, whose every connection becomes a
// stream through SSH. It is as private as the login: the socket lies in a folder of our user alone.
import { isLoopback } from "@sage/core";
import type { DaemonSettings } from "@sage/config";
import { openTunnel, type Tunnel } from "@sage/ssh-deploy";
import { dialable } from "./daemon-status.ts";
import { DaemonNotListeningError } from "./errors.ts";
import type { ClusterSession, Target } from "./session.ts";

/**
 * @param daemon - where the daemon is said to be: a host of the cluster, whose own loopback is dialled.
 * @returns for this machine, its own loopback; undefined if that is named already, or the host is none of the cluster's.
 * @throws DaemonNotListeningError if the host is reached and nothing listens there; what opening the host throws.
 */
export async function openDaemonWay(session: ClusterSession, { host, port, bindHost, tunnel }: Pick<DaemonSettings, "host" | "port" | "bindHost" | "tunnel">): Promise<(AsyncDisposable & Pick<Tunnel, "address">) | undefined> {
  const target = targetOf(session, host) ?? (tunnel === "always" ? session.head : undefined);
  if (!target) return undefined;
  if (target.isLocal) return isLoopback(bindHost) && !isLoopback(host) ? { address: `${dialable(bindHost)}:${port}`, [Symbol.asyncDispose]: async () => {} } : undefined;
  const opened = await session.host(target);
  const to = { host: dialable(bindHost), port };
  try {
    (await opened.forward(to, session.signal)).destroy(); // a socket here accepts whether or not somebody listens there
  } catch (error) {
    session.signal.throwIfAborted();
    throw new DaemonNotListeningError(target.name, port, error);
  }
  return openTunnel(opened, to);
}

function targetOf(session: ClusterSession, host: string): Target | undefined {
  return session.targets.find((target) => target.host.host === host || target.name === host);
}
