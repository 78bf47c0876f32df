// What is known of a host, read from what the probe printed.
import { parseProcesses, type ProcessState } from "./processes.ts";

export interface HostFacts {
  readonly user: string;
  readonly uid: number;
  readonly home: string;
  readonly shell: string;
  readonly hostName: string;
  /** "Linux". */
  readonly system: string;
  /** "x86_64", "aarch64". */
  readonly arch: string;
  readonly kernel: string;
  /** "Debian GNU/Linux 12 (bookworm)"; empty if it does not say. */
  readonly distribution: string;
  /** "2.36"; undefined on hosts with another C library. */
  readonly glibc: string | undefined;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly memoryFreeBytes: number;
  /** Those of the tools that Sage looks for which are there: tar, sha256sum, flock, setsid, timeout, awk, python3, gcc. */
  readonly tools: readonly string[];
  /** How far the host's clock is ahead of this machine's, give or take `clockErrorMs`. */
  readonly clockOffsetMs: number;
  readonly clockErrorMs: number;
  readonly dirs: readonly DirFacts[];
  /** Of the ports that were asked for, those where somebody listens. */
  readonly portsInUse: readonly PortFacts[];
  readonly pythons: readonly PythonFacts[];
  readonly rays: readonly PythonFacts[];
  readonly node: { readonly path: string; readonly version: string } | undefined;
  /** Node binaries that were shipped earlier, by hash. */
  readonly runtimes: readonly string[];
  readonly currentRelease: string | undefined;
  /** Processes that Sage started, running or not. */
  readonly processes: readonly ProcessState[];
}

export interface DirFacts {
  /** As it was asked for. */
  readonly path: string;
  readonly exists: boolean;
  /** Whether our user may write there, or make it. */
  readonly writable: boolean;
  readonly freeBytes: number;
  readonly isLink: boolean;
  /** The cluster whose mark it carries. */
  readonly mark: string | undefined;
}

export interface PortFacts {
  readonly port: number;
  /** Known only for processes of our user. */
  readonly process: { readonly name: string; readonly pid: number } | undefined;
}

export interface PythonFacts {
  /** As it was asked for. */
  readonly asked: string;
  /** The command that was found. */
  readonly path: string;
  /** Of Python; undefined if the command does not lead to a Python that runs. */
  readonly version: string | undefined;
  /** The interpreter. */
  readonly python: string | undefined;
  /** Undefined: no Ray in it. */
  readonly rayVersion: string | undefined;
}

/** @throws an Error if `text` is not a whole answer. */
export function parseProbe(text: string, times: { readonly sentAtMs: number; readonly heardAtMs: number }): HostFacts {
  const lines = text.split("\n").map((line) => line.split("\t"));
  if (!text.endsWith("\nend\n")) throw new Error("the probe's answer is not whole");
  const all = (key: string) => lines.filter((line) => line[0] === key).map((line) => line.slice(1));
  const one = (key: string, at = 0) => all(key)[0]?.[at] ?? "";
  const hostMs = Number(BigInt(one("clock") || "0") / 1_000_000n);
  const nodePath = one("node");
  return {
    user: one("who"), uid: Number(one("who", 1)), home: one("who", 2), shell: one("who", 3),
    system: one("system"), arch: one("system", 1), kernel: one("system", 2), hostName: one("system", 3),
    distribution: one("distribution"), glibc: one("glibc") || undefined, cpus: Number(one("cpus")),
    memoryBytes: Number(one("memory")) * 1024, memoryFreeBytes: Number(one("memory", 1)) * 1024,
    tools: one("tools").split(" ").filter(Boolean),
    clockOffsetMs: Math.round(hostMs - (times.sentAtMs + times.heardAtMs) / 2), clockErrorMs: Math.ceil((times.heardAtMs - times.sentAtMs) / 2),
    dirs: all("dir").map(([path = "", exists, writable, kib, link, mark]) => ({
      path, exists: exists === "yes", writable: writable === "yes", freeBytes: Number(kib) * 1024, isLink: link === "yes", mark: mark || undefined,
    })),
    portsInUse: all("port").map(([port, users]) => ({ port: Number(port), process: parseSocketUser(users ?? "") })),
    pythons: all("python").map(toPython), rays: all("ray").map(toPython),
    node: nodePath === "" ? undefined : { path: nodePath, version: one("node", 1).replace(/^v/, "") },
    runtimes: all("runtime").map(([hash = ""]) => hash),
    currentRelease: one("current").replace("releases/", "") || undefined,
    processes: parseProcesses(text),
  };
}

function toPython([asked = "", path = "", version, python, ray]: readonly string[]): PythonFacts {
  return { asked, path, version: version || undefined, python: python || undefined, rayVersion: ray || undefined };
}

/** `users:(("raylet",pid=12,fd=3))`, as `ss` prints it. */
function parseSocketUser(text: string): PortFacts["process"] {
  const [, name, pid] = /\(\("([^"]*)",pid=(\d+)/.exec(text) ?? [];
  return name === undefined || pid === undefined ? undefined : { name, pid: Number(pid) };
}
