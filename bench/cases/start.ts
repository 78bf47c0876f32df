// How soon something happens: a whole `sage run` of five records, from the shell's view; and a job of a daemon that has
// been up for a while, from the client's submit (bundling included) to the moment its first record is made.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { connectJobManager } from "../../packages/jobmanager-client/src/index.ts";
import { median, type CaseResult } from "./results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = 9;
/** Between two jobs: the daemon may make ready for the next one. */
const pauseMs = 1_500;

export async function startCase(): Promise<CaseResult[]> {
  const limit = { unit: "ms", peer: "the limit set for it" };
  return [
    { case: "start: sage run of five records", value: median(await runs()), ...limit, peerValue: 400 },
    { case: "start: submit to first record", value: median(await submits()), ...limit, peerValue: 100 },
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

async function submits(): Promise<number[]> {
  const home = await mkdtemp(join(tmpdir(), "sage-bench-"));
  const daemon = spawn(process.execPath, [join(root, "packages/jobmanager-server/dist/daemon.mjs"), "--port", "0", "--home", home, "--http-port", "off"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = (await once(createInterface({ input: daemon.stdout }), "line")) as [string];
    await using client = await connectJobManager({ port: (JSON.parse(line) as { port: number }).port });
    const entry = pathToFileURL(join(root, "bench/programs/first-record.ts"));
    const took: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      await sleep(pauseMs);
      const submittedAtMs = Date.now();
      const job = await client.submit({ entry });
      await job.done();
      for await (const { text } of job.logs({})) {
        const atMs = /at (\d+)/.exec(text)?.[1];
        if (atMs !== undefined && round > 0) took.push(Number(atMs) - submittedAtMs); // the first submit also starts esbuild
      }
    }
    if (took.length !== rounds) throw new Error(`${took.length} of ${rounds} jobs said when`);
    return took;
  } finally {
    daemon.kill();
    await once(daemon, "exit");
    await rm(home, { recursive: true, force: true });
  }
}
