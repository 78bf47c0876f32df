// How this command reaches daemons: directly, or through SSH where the daemon listens on loopback of a host of the
// configured cluster (`daemon.tunnel`). A tunnel is opened at its first use and kept to the command's end.
import { mayNeedTunnel, readDaemonAddress } from "@sage/config/daemon-settings";
import type { ClusterSession } from "@sage/cluster";
import { isSageError } from "@sage/core";
import type { ClusterCall } from "./with-cluster.ts";

export class DaemonWays implements AsyncDisposable {
  readonly #call: Pick<ClusterCall, "env" | "io" | "clock" | "signal">;
  readonly #tunnels = new Map<string, Promise<AsyncDisposable & { readonly address: string } | undefined>>();
  #session: Promise<ClusterSession | undefined> | undefined;

  constructor(call: Pick<ClusterCall, "env" | "io" | "clock" | "signal">) {
    this.#call = call;
  }

  /**
   * What to dial for a daemon; undefined: the daemon itself.
   *
   * @throws what opening the host throws; SAGE_DAEMON_UNREACHABLE if nothing listens there.
   */
  async to({ host, port }: { readonly host?: string | undefined; readonly port?: number | undefined }): Promise<string | undefined> {
    const settings = await readDaemonAddress({ env: this.#call.env, flags: { "daemon.host": host, "daemon.port": port } });
    if (!mayNeedTunnel(settings)) return undefined;
    const session = await (this.#session ??= this.#open(settings.tunnel === "always"));
    if (!session) return undefined;
    const { openDaemonWay } = await import("@sage/cluster");
    const key = `${settings.host} ${settings.port}`;
    const opening = this.#tunnels.get(key) ?? openDaemonWay(session, settings);
    this.#tunnels.set(key, opening);
    return (await opening)?.address;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const tunnels = await Promise.allSettled(this.#tunnels.values());
    for (const one of tunnels) if (one.status === "fulfilled") await one.value?.[Symbol.asyncDispose]();
    await (await this.#session?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  /** Undefined: no cluster is configured, and nobody insists on one. */
  async #open(insists: boolean): Promise<ClusterSession | undefined> {
    const { loadCluster } = await import("@sage/config");
    const { openSession } = await import("./with-cluster.ts");
    try {
      const { cluster } = await loadCluster({ env: this.#call.env });
      return await openSession(cluster, { ...this.#call, options: {}, forPrograms: true, isShort: true });
    } catch (error) {
      if (insists || !isSageError(error) || error.code !== "SAGE_CONFIG") throw error;
      return undefined;
    }
  }
}
