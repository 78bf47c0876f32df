// What the system says of a process: enough to tell whether a recorded pid still is the process that was recorded.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

export interface ProcessFacts {
  /** Milliseconds since the epoch, to about a second. */
  readonly startedAtMs: number;
  readonly commandLine: string;
}

/** Undefined if no such process lives; one that has ended and waits to be reaped does not live. */
export async function processFacts(pid: number): Promise<ProcessFacts | undefined> {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

const ticksPerSecond = 100; // USER_HZ, fixed in Linux' ABI on the platforms that Node runs on

async function fromProc(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const [stat, words, system] = await Promise.all([readFile(`/proc/${pid}/stat`, "utf8"), readFile(`/proc/${pid}/cmdline`, "utf8"), readFile("/proc/stat", "utf8")]);
    // The name in parentheses may hold anything; the fields behind it are numbers. State is the 3rd field, start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const bootSeconds = Number(/^btime (\d+)$/m.exec(system)?.[1] ?? 0);
    return { startedAtMs: bootSeconds * 1_000 + (Number(fields[19]) * 1_000) / ticksPerSecond, commandLine: words.split("\0").join(" ").trim() };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): Promise<ProcessFacts | undefined> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "lstart=", "-o", "stat=", "-o", "command=", "-p", String(pid)], { env: { ...process.env, LC_ALL: "C" } }, (error, stdout) => {
      const parts = /^(\w+ +\w+ +\d+ +[\d:]+ +\d+) +(\S+) +(.*)$/m.exec(stdout.trim());
      if (error || !parts || parts[2]!.startsWith("Z")) return resolve(undefined);
      resolve({ startedAtMs: Date.parse(parts[1]!), commandLine: parts[3]! });
    });
  });
}
