// Whether the hosts reach one another at the ports that Ray uses. A port at which nobody listens refuses at once: that
// is an answer. Silence, or "no route", is a firewall or a network that does not lead there.
import { script } from "@sage/ssh-deploy";
import { nodeAddress } from "./ray-node.ts";
import { rayPorts } from "./prepare.ts";
import type { ClusterSession, Target } from "./session.ts";

export interface BlockedPair {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** One of the ports that Ray gives to its worker processes. */
const someWorkerPort = 10_050;

const tryAll = `
command -v python3 >/dev/null || exit 91
exec python3 -c '
import socket, sys
from concurrent.futures import ThreadPoolExecutor
def blocked(place):
    host, port = place.rsplit("|", 1)
    try:
        socket.create_connection((host, int(port)), 3).close()
    except ConnectionRefusedError:
        pass
    except OSError:
        return place
with ThreadPoolExecutor(32) as pool:
    for place in pool.map(blocked, sys.argv[1:]):
        if place: print(place)
' "$@"
`;

export async function blockedPairs(session: ClusterSession, targets: readonly Target[]): Promise<{ readonly blocked: readonly BlockedPair[]; readonly unknown: readonly string[] }> {
  const addresses = await session.each(targets, (host, { target, signal }) => nodeAddress(host, target.host, signal));
  const places = targets.flatMap((target, at) => {
    const outcome = addresses.outcomes[at]!;
    if (outcome.kind === "failed") return [];
    const ports = [...rayPorts(target.host).filter(({ port }) => port !== session.cluster.head.dashboardPort).map(({ port }) => port), someWorkerPort];
    return ports.map((port) => ({ target, address: outcome.value, port }));
  });
  const unknown: string[] = [];
  const report = await session.each(targets, async (host, { target, signal }): Promise<BlockedPair[]> => {
    const mine = places.filter((place) => place.target !== target);
    const { stdout, exitCode } = await host.run(script(tryAll, mine.map(({ address, port }) => `${address}|${port}`)), { signal, anyExit: true });
    if (exitCode !== 0) unknown.push(target.name);
    const silent = new Set(stdout.split("\n"));
    return mine.filter(({ address, port }) => silent.has(`${address}|${port}`)).map((place) => ({ from: target.name, to: place.target.name, port: place.port }));
  });
  return { blocked: report.done.flatMap(({ value }) => value), unknown };
}
