// Real Ray for tests and benchmarks: each version in a venv of its own, made once under the project's ignored folder.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const cacheDir = join(projectRoot(dirname(fileURLToPath(import.meta.url))), ".cache/ray");

/** Old versions, with what their time's newest packages have broken since. Python 3.11 has wheels of all three. */
const requirements = {
  "2.9.3": ["setuptools==69.5.1", "grpcio==1.62.3", "click==8.1.8", "pydantic==1.10.26", "aiohttp==3.9.5", "protobuf==4.25.8", "numpy==1.26.4"],
  "2.44.1": ["setuptools==70.3.0", "grpcio==1.62.3", "click==8.1.8", "protobuf==4.25.8"],
  "2.60.0": ["grpcio==1.62.3"],
} as const;

export type RayVersion = keyof typeof requirements;
export const rayVersions = Object.keys(requirements) as RayVersion[];
export const newestRay: RayVersion = "2.60.0";

/** Where a version's venv is, or will be. */
export const venvPath = (version: RayVersion): string => join(cacheDir, version);

export async function isInstalled(version: RayVersion): Promise<boolean> {
  return access(join(venvPath(version), "bin/ray")).then(() => true, () => false);
}

/** Makes the venv unless it is there; takes a minute and needs a Python and its package index. */
export async function rayVenv(version: RayVersion, python = process.env["SAGE_TEST_PYTHON"] ?? "python3"): Promise<string> {
  const venv = venvPath(version);
  if (await isInstalled(version)) return venv;
  await rm(venv, { recursive: true, force: true }); // left by an installation that was cut short
  await mkdir(dirname(venv), { recursive: true });
  await run(python, ["-m", "venv", venv]);
  const pip = join(venv, "bin/python");
  await run(pip, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `ray[default]==${version}`, ...requirements[version]], { maxBuffer: 1 << 26 });
  return venv;
}

/** From wherever this runs: as a source, or in a bundle of the benchmarks. */
function projectRoot(dir: string): string {
  if (existsSync(join(dir, "pnpm-workspace.yaml"))) return dir;
  if (dirname(dir) === dir) throw new Error("this file is in no project");
  return projectRoot(dirname(dir));
}
