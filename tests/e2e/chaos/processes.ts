// What the harness does to processes, and what it knows of them.

import { readFileSync } from "node:fs";

export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

/** A zombie is none: whoever inherits a killed daemon's children may take its time to look at them. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Resident memory in bytes; 0: it has ended. */
export function rssBytesOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

export const orphansAmong = (pids: Iterable<number>): readonly string[] => {
  const left = [...pids].filter(isAlive);
  return left.length === 0 ? [] : [`processes are left: ${left.join(", ")}`];
};
