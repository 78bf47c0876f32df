// Where Sage's things lie on a host. Paths may start with `~/` until `absolute` is asked.
import type { ClusterHost, DaemonSettings } from "@sage/config";

/** The Ray that Sage was tested with. */
export const testedRayVersion = "2.60.0";

/** Names of process records: what is started is ended by them. */
export const recordNames = { head: "ray-head", worker: "ray-worker", daemon: "jobmanager" } as const;

export const recordsDir = (host: ClusterHost): string => `${host.sageHome}/run`;
export const lockPath = (host: ClusterHost): string => `${host.sageHome}/deploy.lock`;
/** Releases of the user's project. */
export const projectRoot = (host: ClusterHost): string => `${host.sageHome}/app`;
/** Releases of the daemon's own program. */
export const daemonRoot = (host: ClusterHost): string => `${host.sageHome}/daemon`;
/** Releases of the worker's program, on every host. */
export const workerRoot = (host: ClusterHost): string => `${host.sageHome}/worker`;
/** Sage's folder on a host where nothing else is said. */
export const usualHome = "~/.sage";
/** The daemon's data: where `sage jobmanager` there would have it, unless the node has a data folder of its own. @param home - `SAGE_HOME` there */
export const daemonHomeOn = (host: ClusterHost, home: string | undefined): string => (host.dataDir === undefined ? home || usualHome : host.sageHome);
export const rayVenv = (host: ClusterHost, version: string): string => `${host.sageHome}/ray-${version}`;
/** Ray's token, where Ray asks for one. */
export const rayTokenPath = (host: ClusterHost): string => `${host.sageHome}/ray-token`;
export const rayLog = (host: ClusterHost): string => `${host.logDir}/${recordNames[host.role]}.log`;
export const daemonLog = ({ daemonHome }: { readonly daemonHome: string }): string => `${daemonHome}/logs/jobmanager/daemon.out`;

/** A path without `~`, for programs that do not know it. */
export function absolute(path: string, home: string): string {
  return path === "~" ? home : path.startsWith("~/") ? `${home}/${path.slice(2)}` : path;
}

/** The configured one, else one beside the daemon's own two, fixed, so that workers find a daemon again that was started anew. */
export const workersPort = ({ port, httpPort, workersPort: set }: Pick<DaemonSettings, "port" | "httpPort" | "workersPort">): number => set ?? [port + 2, port + 3].find((free) => free !== httpPort)!;
