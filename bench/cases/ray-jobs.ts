// Jobs on Ray: how soon the first record of a job is made on a cluster that is warm, beside Ray's own smallest job.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { RayDashboard } from "../../packages/ray-control/src/index.ts";
import { startRayHead, type RayHead } from "../../packages/ray-control/src/testing/ray-head.ts";
import { isInstalled, newestRay, venvPath } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { firstRecords } from "./first-record.ts";
import { median, type CaseResult } from "./results.ts";

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
function submits(head: RayHead): Promise<number[]> {
  const dashboard = new RayDashboard(head.dashboard);
  return firstRecords({
    rounds, pauseMs, flags: ["--ray-address", head.address, "--warm-workers", "1"],
    ready: () => until("a warm worker waits", async () => (await dashboard.actors()).some(({ name, state }) => name.includes("/warm/") && state === "ALIVE")),
  });
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
