// Which Ray a host runs: the one that the configuration names, one that lies beside its Python or in its conda
// environment, or one of the right version that is on the PATH; else Sage's own venv, which is made where it lacks.
import { dirname } from "node:path/posix";
import type { ClusterHost } from "@sage/config";
import type { RayProgram } from "@sage/ray-control";
import { usualPythons, type HostFacts, type PythonFacts } from "@sage/ssh-deploy";
import { absolute, rayVenv } from "./layout.ts";

/** Where conda, mamba and micromamba (of 2.0: below `~/.local/share`) put themselves, and the environments of those who may not write there (`~/.conda`). */
const condaRoots = ["miniconda3", "anaconda3", "miniforge3", "mambaforge"].flatMap((name) => [`~/${name}`, `/opt/${name}`, `/usr/local/${name}`]).concat("/opt/conda", "~/micromamba", "~/.local/share/mamba", "~/.conda");

/** Commands that may be this host's Ray, the best first; the last is Sage's own. */
export function rayCandidates(host: ClusterHost, version: string): string[] {
  const own = `${rayVenv(host, version)}/bin/ray`;
  if (host.rayCommand !== undefined) return [host.rayCommand];
  return [
    ...(host.pythonPath?.includes("/") ? [`${dirname(host.pythonPath)}/ray`] : []),
    ...(host.condaEnv === undefined ? [] : condaBins(host.condaEnv).map((bin) => `${bin}/ray`)),
    own, "ray",
  ];
}

/** Pythons from which a venv can be made, the best first. */
export function pythonCandidates(host: ClusterHost): string[] {
  if (host.pythonPath !== undefined) return [host.pythonPath];
  return [...(host.condaEnv === undefined ? [] : condaBins(host.condaEnv).map((bin) => `${bin}/python`)), ...usualPythons];
}

/** The version that all hosts shall have: the configured one; else that of a Ray which the head's user brought; else ours. */
export function wantedVersion(configured: string | undefined, head: ClusterHost, headFacts: HostFacts | undefined, tested: string): string {
  if (configured !== undefined) return configured;
  const brings = head.rayCommand !== undefined || head.pythonPath !== undefined || head.condaEnv !== undefined;
  const found = brings ? headFacts?.rays.find(({ asked, rayVersion }) => rayVersion !== undefined && asked !== "ray") : undefined;
  return found?.rayVersion ?? tested;
}

/** The Ray of this version that the host has. */
export function foundRay(facts: HostFacts, host: ClusterHost, version: string): PythonFacts | undefined {
  const candidates = rayCandidates(host, version);
  return candidates.map((asked) => facts.rays.find((ray) => ray.asked === asked && ray.rayVersion === version)).find((ray) => ray !== undefined);
}

/** How its commands are called once the plan's steps are done. */
export function rayProgramOf(facts: HostFacts, host: ClusterHost, version: string): RayProgram {
  const found = foundRay(facts, host, version);
  return found ? { rayCommand: found.path } : { venv: absolute(rayVenv(host, version), facts.home) };
}

/** Whether the environment that the configuration names was found; also where it names none. */
export function hasCondaEnv({ rays, pythons }: Pick<HostFacts, "rays" | "pythons">, { condaEnv, rayCommand, pythonPath }: ClusterHost): boolean {
  if (condaEnv === undefined || rayCommand !== undefined || pythonPath !== undefined) return true;
  const bins = condaBins(condaEnv);
  return [...rays, ...pythons].some(({ asked, version }) => version !== undefined && bins.includes(dirname(asked)));
}

function condaBins(env: string): string[] {
  if (env.includes("/")) return [`${env}/bin`];
  return condaRoots.map((root) => (env === "base" ? `${root}/bin` : `${root}/envs/${env}/bin`));
}
