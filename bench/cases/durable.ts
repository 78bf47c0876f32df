// Jobs that outlive faults, on a daemon of their own: how long no record comes when a worker is killed, how many submits
// are committed in a minute, how long a daemon with many jobs takes to start, and a job with much state to stop and to continue.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildEntry } from "../../packages/jobmanager-client/src/entry.ts";
import { connectJobManager, type JobManagerClient } from "../../packages/jobmanager-client/src/index.ts";
import { newJobId, type JobId } from "../../packages/core/src/index.ts";
import type { JobRecord } from "../../packages/jobmanager-server/src/store/job-store.ts";
import type * as SqliteStore from "../../packages/jobmanager-server/src/store/sqlite-store.ts";
import { bytesIn, plainWriteSeconds } from "./disk.ts";
import { cpuMsOf } from "./processor-time.ts";
import { median, type CaseResult } from "./results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const entryOf = (name: string): URL => pathToFileURL(join(root, "bench/programs", name));
const limit = "the limit set for it";

interface Daemon extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly client: JobManagerClient;
}

async function startDaemon(home: string): Promise<Daemon> {
  const daemon = spawn(process.execPath, [join(root, "packages/jobmanager-server/dist/daemon.mjs"), "--port", "0", "--home", home, "--http-port", "off"], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(daemon, "exit");
  const [line] = (await once(createInterface({ input: daemon.stdout }), "line")) as [string];
  const client = await connectJobManager({ port: (JSON.parse(line) as { port: number }).port });
  return {
    process: daemon, client,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      daemon.kill();
      await exited;
    },
  };
}

async function inHome<T>(use: (home: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), "sage-bench-"));
  try {
    return await use(home);
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

const kills = 5;

/** The longest time without a record at any of the sink's instances, around a SIGKILL of one of two workers. */
export async function workerKilledCase(): Promise<CaseResult[]> {
  const gaps = await inHome(async (home) => {
    await using daemon = await startDaemon(home);
    const { client } = daemon;
    const out = join(home, "notes");
    const job = await client.submit({ entry: entryOf("steady.ts"), params: { out }, parallelism: 2, checkpoints: { intervalMs: 1_000 }, restart: { strategy: "fixed", attempts: 100, delayMs: 0 } });
    const found: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await noted(out, Date.now());
      await sleep(3_300); // some checkpoints, and warm workers
      const view = await client.get(job.id);
      const pid = view.operators.at(-1)!.instances[kill % 2]!.pid;
      const killedAtMs = Date.now();
      process.kill(pid, "SIGKILL");
      await noted(out, killedAtMs + 100);
      found.push(...(await Promise.all([0, 1].map(async (index) => gapAround(killedAtMs, await notesOf(out, index))))));
    }
    await client.delete(job.id, { force: true });
    return found;
  });
  return [
    { case: "a worker is killed: no record for, median", value: median(gaps), unit: "ms", peer: limit, peerValue: 1_500 },
    { case: "a worker is killed: no record for, longest", value: Math.max(...gaps), unit: "ms", peer: limit, peerValue: 1_500 },
  ];
}
workerKilledCase.cores = 2;

const notesOf = async (out: string, index: number): Promise<number[]> => (await readFile(`${out}-${index}`, "utf8").catch(() => "")).trim().split("\n").map(Number);

/** Until both instances have noted a record that came later. */
async function noted(out: string, behindMs: number): Promise<void> {
  while (!(await Promise.all([0, 1].map(async (index) => (await notesOf(out, index)).at(-1)! > behindMs))).every(Boolean)) await sleep(10);
}

function gapAround(atMs: number, notes: readonly number[]): number {
  const near = notes.filter((ms) => ms > atMs - 500);
  return Math.max(...near.slice(1).map((ms, i) => ms - near[i]!));
}

const submits = 120;
const clients = 10;

/** Submits of programs that differ in nothing but their jobs; what was said to be accepted is there when the daemon was killed. */
export async function committedSubmitsCase(): Promise<CaseResult[]> {
  return inHome(async (home) => {
    const ids: string[] = [];
    let seconds = 0;
    {
      await using daemon = await startDaemon(home);
      const { bundle, pipeline } = await buildEntry({ entry: entryOf("first-record.ts") }); // once: a service keeps it
      const graph = pipeline.graph();
      const started = performance.now();
      await Promise.all(Array.from({ length: clients }, async () => {
        for (let i = 0; i < submits / clients; i++) ids.push((await daemon.client.submitGraph({ graph, bundle, params: pipeline.params })).id);
      }));
      seconds = (performance.now() - started) / 1_000;
      daemon.process.kill("SIGKILL");
    }
    await using again = await startDaemon(home);
    const there = new Set((await again.client.list()).map(({ jobId }) => jobId));
    if (ids.length !== submits || ids.some((id) => !there.has(id))) throw new Error(`of ${ids.length} accepted jobs ${ids.filter((id) => there.has(id)).length} are there after a kill`);
    await Promise.all(ids.map((jobId) => again.client.delete(jobId, { force: true })));
    return [{ case: "submits committed in a minute", value: (submits * 60) / seconds, unit: "submits/min", peer: limit, peerValue: 1_000 }];
  });
}
committedSubmitsCase.cores = 2;

const known = 1_000;

/** A daemon that is started again with a thousand jobs: how long until it answers, and the processor time of that. */
export async function startWithJobsCase(): Promise<CaseResult[]> {
  return inHome(async (home) => {
    let jobId = "";
    {
      await using daemon = await startDaemon(home);
      const job = await daemon.client.submit({ entry: entryOf("first-record.ts"), checkpoints: { intervalMs: 1_000 } });
      await daemon.client.stop(job.id);
      jobId = job.id;
    }
    const empty = await startsOf(await mkdtemp(join(home, "empty-")), 0);
    await fill(join(home, "jobmanager/state.db"), jobId);
    const full = await startsOf(home, known);
    const name = `the daemon answers again with ${known} jobs`;
    return [
      { case: name, value: full.seconds, unit: "s", peer: limit, peerValue: 2 },
      { case: `${name}: processor time`, value: full.cpuSeconds, unit: "s", peer: "with none", peerValue: empty.cpuSeconds },
    ];
  });
}
startWithJobsCase.cores = 2;

/** What a job of a daemon that has ended left, again and again. */
async function fill(path: string, jobId: string): Promise<void> {
  const built = pathToFileURL(join(root, "packages/jobmanager-server/dist/store/sqlite-store.js")); // with its database
  const { openSqliteStore } = (await import(built.href)) as typeof SqliteStore;
  await using store = await openSqliteStore(path);
  const [{ number: _number, ...record }] = (await store.load()) as [JobRecord];
  const submission = (await store.submission(jobId as JobId))!;
  await Promise.all(Array.from({ length: known - 1 }, () => {
    const copy = newJobId();
    return store.insert({ ...record, jobId: copy }, { ...submission, jobId: copy });
  }));
}

/** Medians of five starts, until all jobs are listed. */
async function startsOf(home: string, jobs: number): Promise<{ readonly seconds: number; readonly cpuSeconds: number }> {
  const runs: { seconds: number; cpuSeconds: number }[] = [];
  for (let run = 0; run < 5; run++) {
    const started = performance.now();
    await using daemon = await startDaemon(home);
    if ((await daemon.client.list()).length !== jobs) throw new Error("not all jobs are there");
    runs.push({ seconds: (performance.now() - started) / 1_000, cpuSeconds: cpuMsOf(daemon.process.pid!) / 1_000 });
  }
  return { seconds: median(runs.map((run) => run.seconds)), cpuSeconds: median(runs.map((run) => run.cpuSeconds)) };
}

const stateKeys = Number(process.env["SAGE_BENCH_KEYS"] ?? 10_000_000);

/** A job with a gigabyte by key in two workers: `job stop` until the workers are gone, `job continue` until it runs. */
export async function stopAndContinueCase(): Promise<CaseResult[]> {
  return inHome(async (home) => {
    await using daemon = await startDaemon(home);
    const { client } = daemon;
    const job = await client.submit({ entry: entryOf("much-state.ts"), params: { keys: stateKeys }, parallelism: 2, checkpoints: { intervalMs: 0 } });
    for (;;) {
      const view = await client.get(job.id);
      if (view.phase === "FAILED") throw new Error(view.failure?.message);
      if (view.operators.find(({ name }) => name === "kept")?.instances.reduce((sum, { recordsIn }) => sum + recordsIn, 0) === stateKeys) break;
      await sleep(100);
    }
    const [stopSeconds] = await timed(() => client.stop(job.id));
    const bytes = await bytesIn(join(home, "jobmanager/checkpoints"));
    const [continueSeconds] = await timed(async () => {
      await client.continue(job.id);
      while ((await client.get(job.id)).phase !== "RUNNING") await sleep(20);
    });
    await client.delete(job.id, { force: true });
    const plain = await plainWriteSeconds(join(home, "plain"), bytes);
    const rate = (seconds: number) => bytes / 1e6 / seconds;
    const size = `job with ${(bytes / 1e9).toFixed(2)} GB by key`;
    return [
      { case: `${size}: stopped`, value: rate(stopSeconds), unit: "MB/s", peer: "a plain write, synced", peerValue: rate(plain) },
      { case: `${size}: continued`, value: rate(continueSeconds), unit: "MB/s", peer: limit, peerValue: 100 },
    ];
  });
}
stopAndContinueCase.cores = 2;

async function timed<T>(work: () => Promise<T>): Promise<readonly [seconds: number, result: T]> {
  const started = performance.now();
  const result = await work();
  return [(performance.now() - started) / 1_000, result];
}
