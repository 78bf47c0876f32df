// One daemon per home: an open transaction on a tiny SQLite file, whose lock the kernel lets go when the process ends,
// however it ends. So there is no stale lock. Who holds it is written beside it, for the error of the next one.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { HomeLockedError } from "../errors.ts";
import { openDb } from "./db.ts";

/** @throws {@link HomeLockedError} naming the holder's pid and host. */
export async function lockHome(home: string): Promise<AsyncDisposable> {
  const dir = join(home, "jobmanager");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const holderFile = join(dir, "lock.json");
  const db = openDb(join(dir, "lock.db"));
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch {
    db[Symbol.dispose]();
    throw new HomeLockedError(home, await holderOf(holderFile));
  }
  await writeFile(holderFile, JSON.stringify({ pid: process.pid, host: hostname() }), { mode: 0o600 });
  let held = true;
  return {
    async [Symbol.asyncDispose]() {
      if (!held) return;
      held = false;
      db.exec("ROLLBACK");
      db[Symbol.dispose]();
    },
  };
}

async function holderOf(path: string): Promise<string> {
  try {
    const { pid, host } = JSON.parse(await readFile(path, "utf8")) as { pid: number; host: string };
    return `pid ${pid} on ${host}`;
  } catch {
    return "its pid is not known yet";
  }
}
