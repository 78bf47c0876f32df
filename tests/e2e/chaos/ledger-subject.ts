// The job under test: each of two instances counts, and writes every number with its checksum into a ledger that is
// committed with checkpoints. The fault-free ledger is known beforehand, so whatever is missing, double or changed shows.

import { callUnary } from "../../../packages/protocol/src/index.ts";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleText, planOf, submission, upload } from "../../../packages/jobmanager-server/src/testing/test-daemon.ts";
import type { Subject, SubjectPlace } from "./subject.ts";

/** Two scripted workers without a runtime: what daemon and protocol owe them. */
export async function submitLedger({ client, dir, deadlineMs }: SubjectPlace): Promise<Subject> {
  const ledger = join(dir, "ledger");
  await upload(client(), bundleText);
  const request = submission("ledger", planOf(), {
    checkpoints: { intervalMs: 100, keep: 3 }, restart: { exponential: { initialMs: 20, maxMs: 200, attempts: 1_000 } },
    env: { LEDGER: ledger, LIMIT: "1000000000", PAUSE_MS: "1" },
  });
  const { jobId } = await callUnary(client(), "Submit", request, { deadlineMs });
  return {
    jobId, mistakes: () => mistakesIn(ledger),
    async end() {
      await callUnary(client(), "Stop", { jobId, drain: true }, { deadlineMs });
    },
  };
}

/** What is wrong with it; empty: it is the fault-free one, up to where the sources were drained. */
async function mistakesIn(ledger: string): Promise<{ readonly numbers: number; readonly mistakes: readonly string[] }> {
  const next = [0, 0];
  const mistakes: string[] = [];
  for (const name of (await readdir(ledger)).sort()) {
    if (name.endsWith(".part")) continue;
    const index = Number(name.split("-")[0]);
    for (const line of (await readFile(join(ledger, name), "utf8")).trim().split("\n")) {
      const number = Number(line);
      if (number !== next[index] && mistakes.length < 10) mistakes.push(`${name}: ${line} where ${next[index]} should be`);
      next[index] = number + 1;
    }
  }
  if (next.some((count) => count === 0)) mistakes.push("an instance has written nothing");
  return { numbers: next[0]! + next[1]!, mistakes };
}
