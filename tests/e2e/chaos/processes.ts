// What the harness does to processes, and what it knows of them.

import { readFileSync } from "node:fs";

export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}

/** Behind the name in /proc/PID/stat: the state first, the start time as the 20th. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

/** A zombie is none: whoever inherits a killed daemon's children may take its time to look at them. */
export const isAlive = (pid: number): boolean => /^[^ZX]/.test(statOf(pid)[0] ?? "");

/** Processes that were seen. A pid alone is not enough: a busy machine gives it to another one within minutes. */
export class SeenProcesses {
  readonly #startOf = new Map<number, string>();

  see(pid: number): void {
    const start = statOf(pid)[19];
    if (start !== undefined && !this.#startOf.has(pid)) this.#startOf.set(pid, start);
  }

  /** Those that still run. */
  get left(): readonly number[] {
    return [...this.#startOf].filter(([pid, start]) => isAlive(pid) && statOf(pid)[19] === start).map(([pid]) => pid);
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
