// Jobs on Ray: how soon the first record of a job is made on a cluster that is warm, beside Ray's own smallest job.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { connectJobManager } from "../../packages/jobmanager-client/src/index.ts";
import { RayDashboard } from "../../packages/ray-control/src/index.ts";
import { startRayHead, type RayHead } from "../../packages/ray-control/src/testing/ray-head.ts";
import { isInstalled, newestRay, venvPath } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { median, type CaseResult } from "./results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = 9;
const peerRounds = 3;
/** Between two jobs: the daemon gets ready for the next one when it is calm. */
const pauseMs = 2_500;

export async function raySubmitCase(): Promise<CaseResult[]> {
  await requireRay();
  await using head = await startRayHead(newestRay);
  const ours = await submits(head);
  const theirs: number[] = [];
  for (let round = 0; round < peerRounds; round++) theirs.push(await rayJob(head));
  const row = { case: "ray: submit to first record, warm", value: median(ours), unit: "ms" };
  return [{ ...row, peer: "the limit set for it", peerValue: 300 }, { ...row, peer: "ray job submit", peerValue: median(theirs) }];
}
raySubmitCase.cores = 2;

async function requireRay(): Promise<void> {
  if (!(await isInstalled(newestRay))) throw new Error(`Ray ${newestRay} is missing at ${venvPath(newestRay)}: run the tests of packages/ray-control once, they install it`);
}

/** Milliseconds from a client's submit to the moment that the job's first record is made. */
async function submits(head: RayHead): Promise<number[]> {
  const home = await mkdtemp(join(tmpdir(), "sage-bench-"));
  const flags = ["--port", "0", "--home", home, "--http-port", "off", "--ray-address", head.address, "--warm-workers", "1"];
  const daemon = spawn(process.execPath, [join(root, "packages/jobmanager-server/dist/daemon.mjs"), ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = (await once(createInterface({ input: daemon.stdout }), "line")) as [string];
    await using client = await connectJobManager({ port: (JSON.parse(line) as { port: number }).port });
    const dashboard = new RayDashboard(head.dashboard);
    const took: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      await until("a warm worker waits", async () => (await dashboard.actors()).some(({ name, state }) => name.includes("/warm/") && state === "ALIVE"));
      await sleep(pauseMs);
      const submittedAtMs = Date.now();
      const job = await client.submit({ entry: pathToFileURL(join(root, "bench/programs/first-record.ts")) });
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

/** Milliseconds from `ray job submit` to the moment that its driver runs. */
async function rayJob(head: RayHead): Promise<number> {
  const submittedAtMs = Date.now();
  const { stdout } = await promisify(execFile)(`${head.venv}/bin/ray`, ["job", "submit", "--address", head.dashboard, "--", "python", "-c", "import time; print('at', int(time.time() * 1000))"], {
    env: { ...process.env, PATH: `${head.venv}/bin:${process.env["PATH"] ?? ""}` },
  });
  const atMs = /^at (\d+)/m.exec(stdout)?.[1];
  if (atMs === undefined) throw new Error(`ray job submit said ${stdout}`);
  return Number(atMs) - submittedAtMs;
}
