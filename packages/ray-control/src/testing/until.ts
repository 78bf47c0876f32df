import { readFile } from "node:fs/promises";
import { systemClock } from "@sage/core";

/** The first truthy answer of `probe`, asked again and again; for facts of other processes that no event tells. */
export async function until<T>(what: string, probe: () => Promise<T | undefined | false> | T | undefined | false, limitMs = 60_000): Promise<T> {
  const deadlineMs = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (systemClock.monotonicMs() > deadlineMs) throw new Error(`it never came true that ${what}`);
    await systemClock.sleep(50);
  }
}

/** Whether a process of this machine is there, zombies left out. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  return stat !== undefined && !/\) [ZX] /.test(stat);
}
