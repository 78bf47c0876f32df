// How many workers one daemon carries: 10,000 simulated ones, each on a connection of its own, in 40 jobs. Measured are the
// attaching, the processor time that their heartbeats take, and how soon one more job is deployed among them.
//
// The daemon is a process of its own (`played-daemon.ts`), with everything it has on disk; its workers are played by other
// processes (`played-workers.ts`).

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { callClientStream, callServerStream, callUnary, jobsClient, type JobsClient, type Plan } from "../../packages/protocol/src/index.ts";
import { newJobId } from "../../packages/core/src/index.ts";
import { createHash } from "node:crypto";
import { cpuMsOf } from "./processor-time.ts";
import type { CaseResult } from "./results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const jobs = 40;
const workersOfJob = 250;
const steadyMs = 20_000;
const deadlineMs = 240_000;
const bundle = Buffer.from("export default 1;\n");
const bundleHash = createHash("sha256").update(bundle).digest("hex");

export async function manyWorkersCase(): Promise<CaseResult[]> {
  const dir = await mkdtemp(join(root, "packages/jobmanager-server/dist/bench-")); // from where the daemon's packages are found
  const daemon = await startPlayed(dir);
  const client = jobsClient(`127.0.0.1:${daemon.port}`);
  const timed = (work: () => Promise<unknown>) => timedOf(daemon.pid, work);
  try {
    await callClientStream(client, "UploadArtifact", [{ hash: bundleHash, size: bundle.length }, { data: bundle }], { deadlineMs });
    const attached = await timed(async () => { for (let job = 0; job < jobs - 1; job++) await runs(client); });
    await sleep(3_000);
    const beatsBefore = await daemon.beats();
    const steady = await timed(() => sleep(steadyMs));
    const beats = (await daemon.beats()) - beatsBefore; // players that get too little of the machine send fewer
    const last = await timed(() => runs(client));
    const all = jobs * workersOfJob;
    return [
      { case: "daemon: 10,000 workers attached, its CPU", value: Math.round(steady.cpuMs / (steady.wallMs / 1_000)), unit: "ms", peer: "half a core, in a second", peerValue: 500 },
      { case: "daemon: a heartbeat, its CPU", value: Math.round((steady.cpuMs * 1_000) / beats), unit: "CPU us each", peer: "that came, in a second", peerValue: Math.round((beats * 1_000) / steady.wallMs) },
      { case: "daemon: a worker attaches and is deployed, CPU", value: Math.round((attached.cpuMs * 1_000) / (all - workersOfJob)), unit: "CPU us each", peer: "on the wall", peerValue: Math.round((attached.wallMs * 1_000) / (all - workersOfJob)) },
      { case: "daemon: deploy of 250 workers beside 9,750", value: Math.round(last.wallMs), unit: "ms", peer: "10 s", peerValue: 10_000 },
    ];
  } finally {
    client.close();
    daemon.kill();
    await rm(dir, { recursive: true, force: true });
  }
}
manyWorkersCase.cores = 2;
manyWorkersCase.minutes = 6;

async function timedOf(pid: number, work: () => Promise<unknown>): Promise<{ readonly wallMs: number; readonly cpuMs: number }> {
  const [startedMs, before] = [performance.now(), cpuMsOf(pid)];
  await work();
  return { wallMs: performance.now() - startedMs, cpuMs: cpuMsOf(pid) - before };
}

/** Submits a job of 250 workers; resolves when it runs. */
async function runs(client: JobsClient): Promise<void> {
  const jobId = newJobId();
  await callUnary(client, "Submit", { jobId, name: "many", planJson: JSON.stringify(plan), bundleHash, paramsJson: "{}" }, { deadlineMs });
  for await (const { phase, failure, restartCount, restarts } of callServerStream(client, "Watch", { jobId, minIntervalMs: 50 }, { deadlineMs })) {
    if (restartCount > 0) throw new Error(`a job was started again: ${restarts.at(-1)?.cause ?? ""}`); // else it would count as slow
    if (phase === "RUNNING") return;
    if (failure) throw new Error(failure.message);
  }
}

const node = { parallelism: workersOfJob, fingerprint: "f", concurrency: 1, ordered: true, onError: "fail" as const };
/** source → sink, in one chain: what a worker tells of in a heartbeat is of two operators. */
const plan: Plan = {
  version: 1, name: "many", parallelism: workersOfJob, maxParallelism: workersOfJob, slots: workersOfJob, fingerprint: "the plan",
  nodes: [{ ...node, id: "source", kind: "source", name: "Numbers" }, { ...node, id: "sink", kind: "sink", name: "End" }],
  edges: [{ from: "source", to: "sink", port: 0, partitioning: "forward", feedback: false, chained: true, keyed: false }],
  chains: [{ id: "source", name: "Numbers → End", parallelism: workersOfJob, nodes: ["source", "sink"] }],
  loops: [], services: [],
};

async function startPlayed(dir: string): Promise<{ readonly port: number; readonly pid: number; beats(): Promise<number>; kill(): void }> {
  for (const name of ["played-daemon", "played-workers"]) {
    await build({
      entryPoints: [join(root, `bench/cases/${name}.ts`)], outfile: join(dir, `${name}.mjs`), bundle: true, platform: "node", format: "esm", target: "node20", conditions: ["sage-source"], external: ["libsql"], logLevel: "error",
      banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
    });
  }
  const child = fork(join(dir, "played-daemon.mjs"), [join(dir, "home")], { execArgv: [] });
  const [{ port }] = (await Promise.race([once(child, "message"), once(child, "exit").then(([code]) => { throw new Error(`the daemon ended with ${String(code)}`); })])) as [{ port: number }];
  const beats = async () => {
    child.send({});
    return ((await once(child, "message")) as [{ beats: number }])[0].beats;
  };
  return { port, pid: child.pid!, beats, kill: () => child.kill("SIGKILL") };
}
