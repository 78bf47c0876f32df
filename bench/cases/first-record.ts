// How soon a daemon that has been up for a while makes the first record of a job.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { connectJobManager } from "../../packages/jobmanager-client/src/index.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface FirstRecordOptions {
  readonly rounds: number;
  /** Between two jobs: the daemon may make ready for the next one. */
  readonly pauseMs: number;
  /** Of the daemon. */
  readonly flags?: readonly string[];
  /** Resolves when the next job may come, before the pause. */
  readonly ready?: () => Promise<unknown>;
}

/** Milliseconds from a client's submit, bundling included, to the moment that the job's first record is made; one of each round. */
export async function firstRecords({ rounds, pauseMs, flags = [], ready }: FirstRecordOptions): Promise<number[]> {
  const home = await mkdtemp(join(tmpdir(), "sage-bench-"));
  const daemon = spawn(process.execPath, [join(root, "packages/jobmanager-server/dist/daemon.mjs"), "--port", "0", "--home", home, "--http-port", "off", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = (await once(createInterface({ input: daemon.stdout }), "line")) as [string];
    await using client = await connectJobManager({ port: (JSON.parse(line) as { port: number }).port });
    const entry = pathToFileURL(join(root, "bench/programs/first-record.ts"));
    const took: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      await ready?.();
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
