// A worker process that an earlier daemon has started: no child of this one, so it is looked at now and then.

import { readFile, rm } from "node:fs/promises";
import type { KeptWorker, WorkerExit, WorkerHandle } from "../worker-driver.ts";

const lookEveryMs = 200;

/** When a process began, as the kernel counts; undefined if it is gone or this system does not say. */
export async function beganOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // the name may hold anything
  const [state] = fields;
  return state === "Z" || state === "X" ? undefined : fields[19]; // starttime, field 22 of proc(5)
}

/** Undefined if the process is gone. */
export async function adoptProcess({ pid, began, host, tempDir }: KeptWorker): Promise<WorkerHandle | undefined> {
  const lives = async () => (await beganOf(pid)) === began;
  if (!(await lives())) {
    await rm(tempDir, { recursive: true, force: true });
    return undefined;
  }
  const kill = () => killGroup(pid);
  const exited = (async (): Promise<WorkerExit> => {
    while (await lives()) await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    return { code: null, signal: null };
  })();
  const gone = exited.then(async (exit) => {
    kill(); // children that outlive it
    await rm(tempDir, { recursive: true, force: true }).catch(() => {}); // swept at the next start
    return exit;
  });
  return { kept: { pid, began, host, tempDir }, host, pid, exited, gone, kill, lastOutput: () => "" };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // nobody of the group is left
  }
}
