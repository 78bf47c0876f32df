// From the facts of a host and what is wanted of it to the steps that lead there. Pure: `--dry-run` shows what `apply`
// would do, and what is right already has no step.
import type { HostFacts } from "./host-facts.ts";

export interface Wanted {
  readonly cluster: string;
  readonly sageHome: string;
  /** Folders that have to be there. */
  readonly dirs: readonly { readonly path: string; readonly minFreeBytes?: number }[];
  /** Folders that this cluster marks as its own. */
  readonly tempDirs: readonly string[];
  /** Ports that have to be free, or used by a process that Sage started there. */
  readonly ports: readonly { readonly port: number; readonly purpose: string }[];
  /** Shipped where the host has no Node of at least this major version. `arch` is that of the binary: "x86_64". */
  readonly node?: { readonly minMajor: number; readonly arch: string; readonly hash: string };
  /** Installed where the host has no Ray of this version. */
  readonly ray?: { readonly version: string; readonly venv: string };
  readonly release?: { readonly root: string; readonly id: string };
  /** Default 5,000. */
  readonly maxClockOffsetMs?: number;
}

export type Step =
  | { readonly kind: "make-dir"; readonly path: string }
  | { readonly kind: "mark-temp-dir"; readonly path: string; readonly cluster: string }
  | { readonly kind: "ship-node"; readonly hash: string }
  | { readonly kind: "install-ray"; readonly version: string; readonly python: string; readonly venv: string }
  | { readonly kind: "ship-release"; readonly root: string; readonly id: string }
  | { readonly kind: "switch-release"; readonly root: string; readonly id: string };

export interface Problem {
  readonly what: string;
  readonly fix: string;
  /** Whether the steps cannot succeed before it is solved. */
  readonly blocks: boolean;
}

export interface HostPlan {
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
}

/** The oldest C library and Python that what is shipped runs on. */
const minGlibc = "2.28";
const minPython = "3.9";

export function planHost(facts: HostFacts, wanted: Wanted): HostPlan {
  const steps: Step[] = [];
  const problems: Problem[] = [];
  const block = (what: string, fix: string) => void problems.push({ what, fix, blocks: true });
  const warn = (what: string, fix: string) => void problems.push({ what, fix, blocks: false });

  if (facts.system !== "Linux") block(`it runs ${facts.system}`, "Use a Linux host.");
  const absent = ["tar", "sha256sum", "flock", "setsid", "timeout", "awk"].filter((tool) => !facts.tools.includes(tool));
  if (absent.length > 0) block(`it lacks ${absent.join(", ")}`, "Install coreutils, util-linux, tar and awk there.");
  const offsetMs = Math.max(0, Math.abs(facts.clockOffsetMs) - facts.clockErrorMs);
  if (offsetMs > (wanted.maxClockOffsetMs ?? 5_000)) warn(`its clock is ${(offsetMs / 1000).toFixed(1)} s ${facts.clockOffsetMs > 0 ? "ahead" : "behind"}`, "Start a time service there (chrony, systemd-timesyncd).");

  planDirs(facts, wanted, steps, block);
  planPorts(facts, wanted, block);
  planNode(facts, wanted, steps, block);
  planRay(facts, wanted, steps, block);
  const { release } = wanted;
  if (release && facts.currentRelease !== release.id) {
    steps.push({ kind: "ship-release", ...release }, { kind: "switch-release", ...release });
  }
  return { steps, problems };
}

type Note = (what: string, fix: string) => void;

function planDirs(facts: HostFacts, wanted: Wanted, steps: Step[], block: Note): void {
  for (const { path, minFreeBytes = 0 } of wanted.dirs) {
    const dir = facts.dirs.find((each) => each.path === path);
    if (!dir) throw new Error(`${path} was not probed`);
    if (!dir.writable) block(`${facts.user} may not write ${path}`, `Run there: sudo install -d -o ${facts.user} ${path}`);
    else if (dir.freeBytes < minFreeBytes) block(`${path} has ${mib(dir.freeBytes)} MiB free, ${mib(minFreeBytes)} MiB are needed`, "Make room, or choose another folder.");
    else if (!dir.exists) steps.push({ kind: "make-dir", path });
  }
  for (const path of wanted.tempDirs) {
    const dir = facts.dirs.find((each) => each.path === path);
    if (!dir) throw new Error(`${path} was not probed`);
    const unfit = unfitTempDir(path, facts.home);
    if (unfit !== undefined) block(`${path} cannot be a temp_dir: ${unfit}`, "Name a folder of its own for this cluster as temp_dir, such as /var/tmp/ray.");
    else if (dir.isLink) block(`${path} is a symbolic link`, "Name the folder itself as temp_dir.");
    else if (dir.mark !== undefined && dir.mark !== wanted.cluster) block(`${path} belongs to the cluster ${dir.mark}`, "Give each cluster a temp_dir of its own.");
    else if (!dir.writable) block(`${facts.user} may not write ${path}`, `Run there: sudo install -d -o ${facts.user} ${path}`);
    else if (dir.mark === undefined) steps.push({ kind: "mark-temp-dir", path, cluster: wanted.cluster });
  }
}

/** Why a folder is never marked or emptied, as far as its path says; see temp-dirs.ts. */
function unfitTempDir(path: string, home: string): string | undefined {
  const real = path.replace(/^~(?=\/|$)/, home).replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
  if (real === "/") return "it is the root folder";
  if (!real.slice(1).includes("/")) return "it lies right below the root folder";
  if (`${home}/`.startsWith(`${real}/`)) return "the home folder lies in it";
  return undefined;
}

function planPorts(facts: HostFacts, wanted: Wanted, block: Note): void {
  const ours = new Set(facts.processes.flatMap(({ members }) => members));
  for (const { port, purpose } of wanted.ports) {
    const used = facts.portsInUse.find((each) => each.port === port);
    if (!used || (used.process && ours.has(used.process.pid))) continue;
    const by = used.process ? `${used.process.name} (process ${used.process.pid})` : "a process of another user";
    block(`port ${port}, for ${purpose}, is in use by ${by}`, "End that process, or choose another port.");
  }
}

function planNode(facts: HostFacts, { node }: Wanted, steps: Step[], block: Note): void {
  if (!node || Number(facts.node?.version.split(".")[0] ?? 0) >= node.minMajor || facts.runtimes.includes(node.hash)) return;
  if (facts.arch !== node.arch) block(`it has no Node ${node.minMajor}, and its processor (${facts.arch}) is another than this machine's (${node.arch})`, `Install Node ${node.minMajor} or later there.`);
  else if (facts.glibc === undefined || isOlder(facts.glibc, minGlibc)) block(`it has no Node ${node.minMajor}, and its C library (${facts.glibc === undefined ? "not glibc" : `glibc ${facts.glibc}`}) is too old for the one that would be shipped`, `Install Node ${node.minMajor} or later there, or a newer system.`);
  else steps.push({ kind: "ship-node", hash: node.hash });
}

function planRay(facts: HostFacts, { ray }: Wanted, steps: Step[], block: Note): void {
  if (!ray || facts.rays.some(({ rayVersion }) => rayVersion === ray.version)) return;
  const other = facts.rays.find(({ rayVersion, path }) => rayVersion !== undefined && !path.startsWith(ray.venv));
  if (other) return block(`${other.path} is Ray ${other.rayVersion}; ${ray.version} is wanted, and equal on all hosts`, `Install ray==${ray.version} there, set ray.version, or take ray_command out of the configuration.`);
  const python = facts.pythons.find(({ version }) => version !== undefined && !isOlder(version, minPython));
  if (!python) block(`it has no Python ${minPython} or later`, "Install python3 and python3-venv there, or set remote.python_path.");
  else steps.push({ kind: "install-ray", version: ray.version, python: python.path, venv: ray.venv });
}

/** Whether a dotted version is lower than another. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(".").map(Number));
  for (let i = 0; i < Math.max(a!.length, b!.length); i++) if ((a![i] ?? 0) !== (b![i] ?? 0)) return (a![i] ?? 0) < (b![i] ?? 0);
  return false;
}

/** A step as `--dry-run` and progress lines show it. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case "make-dir": return `make ${step.path}`;
    case "mark-temp-dir": return `mark ${step.path} as the cluster's`;
    case "ship-node": return "send a Node binary";
    case "install-ray": return `install Ray ${step.version} into ${step.venv}`;
    case "ship-release": return `send release ${step.id.slice(0, 8)}`;
    case "switch-release": return `switch to release ${step.id.slice(0, 8)}`;
  }
}

const mib = (bytes: number) => Math.floor(bytes / 1024 / 1024);
