// The way to the daemon's pages on the head, for a browser here: ports of this machine that lead through SSH, and the
// key that the daemon keeps in its home for programs of its own user.
import { Cleanup, Secret } from "@sage/core";
import { dashboardKeyFileName } from "@sage/protocol/files";
import { openTunnel, script, type ForwardTarget, type Host } from "@sage/ssh-deploy";
import { readReady } from "./daemon-status.ts";
import { DaemonPagesMissingError } from "./errors.ts";
import { listensOn } from "./head-view.ts";
import type { ClusterSession } from "./session.ts";

export interface DashboardWay extends AsyncDisposable {
  /** The port here that leads to the daemon's pages. */
  readonly port: number;
  /** What the daemon takes from programs. */
  readonly key: Secret;
  readonly head: string;
  /** The port here that leads to Ray's own dashboard; undefined: nothing listens there. */
  readonly rayPort: number | undefined;
}

/**
 * @param onError - hears why a connection through the tunnel failed.
 * @throws DaemonPagesMissingError if no daemon runs there, or it has no pages.
 */
export async function openDashboardWay(session: ClusterSession, onError: (error: unknown) => void): Promise<DashboardWay> {
  const { cluster: { head }, signal } = session;
  const host = await session.host(session.head);
  const ready = await readReady(host, session.head.daemonHome, signal);
  if (!ready) throw new DaemonPagesMissingError(session.head.name, "no JobManager runs there", "Start it: sage jobmanager start --remote");
  if (ready.httpPort === undefined) throw new DaemonPagesMissingError(session.head.name, "its JobManager was started without a door for browsers", "Start it again: sage jobmanager restart --remote");
  const { stdout } = await host.run(script('cat "$(at "$1")" 2>/dev/null || :', [`${session.head.daemonHome}/${dashboardKeyFileName}`]), { signal });
  if (stdout.trim() === "") throw new DaemonPagesMissingError(session.head.name, `there is no key ${session.head.daemonHome}/${dashboardKeyFileName}`, "Start it again: sage jobmanager restart --remote");
  await using cleanup = new Cleanup();
  const door = async (to: ForwardTarget & { readonly port: number }) => {
    const open = (port: number) => openTunnel(host, to, { listen: "port", port, onError });
    const tunnel = cleanup.use(await open(to.port).catch(() => open(0)));
    return Number(tunnel.address.slice(tunnel.address.lastIndexOf(":") + 1));
  };
  const ray = { host: listensOn(head), port: head.dashboardPort };
  const port = await door({ host: "127.0.0.1", port: ready.httpPort });
  const rayPort = (await isThere(host, ray, signal)) ? await door(ray) : undefined;
  const owned = cleanup.move();
  return { port, key: new Secret(stdout.trim()), head: session.head.name, rayPort, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

async function isThere(host: Host, to: ForwardTarget, signal: AbortSignal): Promise<boolean> {
  try {
    (await host.forward(to, signal)).destroy();
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
