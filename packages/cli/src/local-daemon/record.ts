// What a daemon wrote about itself in its home, and whether the process that it names still is that daemon.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseDaemonReady, runFileName, type DaemonReady } from "@sage/protocol";
import { processFacts, type ProcessFacts } from "./process-facts.ts";

export type DaemonRecord = DaemonReady;

/** Undefined if no daemon has written one, or what is there is not one. */
export async function readRecord(home: string): Promise<DaemonRecord | undefined> {
  try {
    return parseDaemonReady(await readFile(join(home, runFileName), "utf8"));
  } catch {
    return undefined;
  }
}

/** Removes what a daemon left that could not do so itself. */
export async function removeRecord(home: string): Promise<void> {
  await rm(join(home, runFileName), { force: true });
}

/** The recorded daemon, if it lives. */
export async function livingDaemon(home: string): Promise<DaemonRecord | undefined> {
  const record = await readRecord(home);
  return record && isThatDaemon(record, await processFacts(record.pid)) ? record : undefined;
}

const clockSlackMs = 5_000;

/**
 * Whether a process is the recorded daemon. A pid that was given away again belongs to a process that started after
 * the record was written, or that is something else.
 */
export function isThatDaemon(record: DaemonRecord, facts: ProcessFacts | undefined): boolean {
  return facts !== undefined && facts.startedAtMs <= record.startedAtMs + clockSlackMs && /\bdaemon\.(?:mjs|js|ts)\b/.test(facts.commandLine);
}
