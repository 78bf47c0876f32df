import { readFileSync } from "node:fs";

/** Processor time that a process has taken: clock ticks, which are 10 ms on Linux. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
