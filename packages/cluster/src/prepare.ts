// What is asked of a host and wanted of it, before Ray starts there. Pure but for the probe.
import { isLoopback } from "@sage/core";
import type { Cluster, ClusterHost, HeadHost } from "@sage/config";
import { isOlder, planHost, probeHost, type Host, type HostFacts, type HostPlan, type NodeRuntime, type Problem, type Wanted } from "@sage/ssh-deploy";
import { rayVenv } from "./layout.ts";
import { hasTokenMode } from "./ray-token.ts";
import { foundRay, hasCondaEnv, pythonCandidates, rayCandidates } from "./ray-program.ts";

/** The oldest Node that Sage runs on. */
export const minNodeMajor = 20;
const minFreeBytes = 64 * 1024 * 1024;

export interface Preparation {
  readonly rayVersion: string;
  /** For hosts without Node. */
  readonly runtime?: NodeRuntime;
  /** The project's release. */
  readonly release?: { readonly root: string; readonly id: string };
  /** Whether ports and folders of a starting Ray are looked at too. */
  readonly starts: boolean;
}

const isHead = (host: ClusterHost): host is HeadHost => host.role === "head";

export function rayPorts(host: ClusterHost): { readonly port: number; readonly purpose: string }[] {
  if (!isHead(host)) return [];
  return [
    { port: host.rayPort, purpose: "Ray (head_port)" }, { port: host.dashboardPort, purpose: "Ray's dashboard (dashboard_port)" },
    { port: host.clientServerPort, purpose: "Ray's client server (client_server_port)" },
  ];
}

export async function askHost(host: Host, spec: ClusterHost, rayVersion: string, signal: AbortSignal): Promise<HostFacts> {
  return probeHost(host, {
    sageHome: spec.sageHome, dirs: [...new Set([spec.sageHome, spec.tempDir, spec.logDir])], ports: rayPorts(spec).map(({ port }) => port),
    pythons: pythonCandidates(spec), rays: rayCandidates(spec, rayVersion), node: true,
  }, { signal });
}

/** The facts without those that are beside the point: a Ray on the PATH that is another than ours is nobody's fault. */
export function planFor(cluster: Cluster, spec: ClusterHost, facts: HostFacts, preparation: Preparation): HostPlan {
  const { rayVersion, runtime, release, starts } = preparation;
  const candidates = rayCandidates(spec, rayVersion);
  const found = foundRay(facts, spec, rayVersion);
  const rays = found ? [found] : facts.rays.filter(({ asked }) => asked === spec.rayCommand);
  const order = pythonCandidates(spec);
  const pythons = facts.pythons.toSorted((a, b) => order.indexOf(a.asked) - order.indexOf(b.asked));
  const wanted: Wanted = {
    cluster: cluster.name, sageHome: spec.sageHome,
    dirs: [{ path: spec.sageHome, minFreeBytes }, { path: spec.logDir }],
    tempDirs: starts ? [spec.tempDir] : [], ports: starts ? rayPorts(spec) : [],
    ray: { version: rayVersion, venv: rayVenv(spec, rayVersion) },
    ...(runtime ? { node: { minMajor: minNodeMajor, arch: machineArch(), hash: runtime.sha256.slice(0, 16) } } : {}),
    ...(release ? { release } : {}),
  };
  const plan = planHost({ ...facts, rays, pythons }, wanted);
  return { steps: plan.steps, problems: [...plan.problems, ...missingPrograms(spec, facts, candidates, found !== undefined), ...(starts ? openDoors(cluster, spec, rayVersion) : [])] };
}

/** Who reaches a dashboard that asks for nothing may run programs: it is not opened to others. */
function openDoors(cluster: Cluster, spec: ClusterHost, rayVersion: string): Problem[] {
  if (!isHead(spec) || isLoopback(spec.dashboardHost) || hasTokenMode(cluster, rayVersion)) return [];
  const why = cluster.ray.auth === "off" ? "ray.auth is off" : `Ray ${rayVersion} knows no token; 2.52 and later do`;
  return [{ what: `Ray's dashboard would run programs for everyone who reaches ${spec.dashboardHost}:${spec.dashboardPort}: ${why}`, fix: "Run: sage config set head.dashboard_host 127.0.0.1; see it by: sage tunnel", blocks: true }];
}

/** What the configuration names by hand is not replaced in silence. */
function missingPrograms(spec: ClusterHost, facts: HostFacts, candidates: readonly string[], found: boolean): Problem[] {
  if (!hasCondaEnv(facts, spec)) {
    return [{ what: `conda_env ${spec.condaEnv} is no environment with a Python that runs${spec.condaEnv?.includes("/") ? "" : ", below any of conda's usual folders"}`, fix: "Name its folder (conda env list shows it there): sage config set remote.conda_env /FOLDER/envs/NAME; or remove conda_env: then Python is looked for.", blocks: true }];
  }
  if (found) return [];
  const [first = ""] = candidates;
  if (spec.rayCommand !== undefined && !facts.rays.some(({ asked }) => asked === spec.rayCommand)) {
    return [{ what: `ray_command ${first} is not there`, fix: "Install Ray there, correct ray_command, or remove it: then Sage installs a Ray of its own.", blocks: true }];
  }
  if (spec.pythonPath !== undefined && facts.pythons.length === 0) {
    return [{ what: `python_path ${spec.pythonPath} is no Python that runs`, fix: "Correct python_path, or remove it: then Python is looked for.", blocks: true }];
  }
  return [];
}

export const hasNode = (facts: HostFacts): boolean => facts.node !== undefined && !isOlder(facts.node.version, String(minNodeMajor));

/** This machine's processor in the words of `uname -m`. */
const machineArch = (): string => ({ x64: "x86_64", arm64: "aarch64" })[process.arch as string] ?? process.arch;
