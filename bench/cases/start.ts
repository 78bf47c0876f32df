// How soon something happens: a whole `sage run` of five records, from the shell's view; and a job of a daemon that has
// been up for a while, from the client's submit (bundling included) to the moment its first record is made.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { firstRecords } from "./first-record.ts";
import { median, type CaseResult } from "./results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = 9;
/** Between two jobs: the daemon may make ready for the next one. */
const pauseMs = 1_500;

export async function startCase(): Promise<CaseResult[]> {
  const limit = { unit: "ms", peer: "the limit set for it" };
  return [
    { case: "start: sage run of five records", value: median(await runs()), ...limit, peerValue: 400 },
    { case: "start: submit to first record", value: median(await firstRecords({ rounds, pauseMs })), ...limit, peerValue: 100 },
  ];
}
startCase.cores = 2;

async function runs(): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const output = await outputOf(join(root, "scripts/sage.mjs"), "run", join(root, "bench/programs/five-records.ts"));
    took.push(performance.now() - started);
    if (output !== "2\n4\n6\n8\n10\n") throw new Error(`five records gave ${JSON.stringify(output)}`);
  }
  return took;
}

const outputOf = (...words: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => { execFile(process.execPath, [...words], (error, stdout) => (error ? reject(error) : resolve(stdout))); });
