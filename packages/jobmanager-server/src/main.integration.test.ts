import { callServerStream, callUnary, jobsClient, parseDaemonReady, runFileName, type DaemonReady, type JobsClient, type JobView, type SubmitRequestInit } from "@sage/protocol";
import { execFile, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundled, bundleText, deadlineMs, makeTempDir, planOf, submission, upload } from "./testing/test-daemon.ts";

const daemonFile = fileURLToPath(new URL("../dist/daemon.mjs", import.meta.url));
let dir: Awaited<ReturnType<typeof makeTempDir>>;
let worker = "";
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL("../scripts/bundle.mjs", import.meta.url))]);
  dir = await makeTempDir();
  worker = await bundled("./scripted-worker.ts", join(dir.path, "worker.mjs"));
});
afterAll(() => dir[Symbol.asyncDispose]());

interface Running extends AsyncDisposable {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ready: DaemonReady;
  readonly client: JobsClient;
  readonly exited: Promise<unknown[]>;
}

function launch(home: string, ...flags: string[]) {
  return spawn(process.execPath, [daemonFile, "--home", home, "--port", "0", "--worker-entry", worker, ...flags], { stdio: "pipe" });
}

async function start(home: string, ...flags: string[]): Promise<Running> {
  const process = launch(home, ...flags);
  const exited = once(process, "exit");
  const lines = createInterface({ input: process.stdout });
  const [line] = (await Promise.race([once(lines, "line"), exited.then(([code]) => { throw new Error(`the daemon ended with ${code}`); })])) as [string];
  const ready = parseDaemonReady(line);
  const client = jobsClient(`${ready.host}:${ready.port}`);
  return {
    process, ready, client, exited,
    async [Symbol.asyncDispose]() {
      client.close();
      process.kill("SIGKILL");
      await exited;
    },
  };
}

async function failsToStart(home: string, ...flags: string[]): Promise<{ code: number; text: string }> {
  const process = launch(home, ...flags);
  let text = "";
  process.stderr.on("data", (chunk: Buffer) => { text += chunk.toString(); });
  const [code] = (await once(process, "exit")) as [number];
  return { code, text };
}

async function runningJob({ client }: Running): Promise<JobView> {
  await upload(client, bundleText);
  const { jobId } = await callUnary(client, "Submit", submission("hang", planOf()), { deadlineMs });
  for await (const job of callServerStream(client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) if (job.phase === "RUNNING") return job;
  throw new Error("the job did not run");
}

/** Resolves when none of the processes is there any more. */
async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => { try { process.kill(pid, 0); return true; } catch { return false; } })) await new Promise((resolve) => setTimeout(resolve, 20));
}

const pidsOf = (job: JobView) => job.operators[0]!.instances.map((each) => each.pid);

test("it says where it listens, writes that down, and SIGTERM ends it and its workers in order", async () => {
  await using home = await makeTempDir();
  await using daemon = await start(home.path);
  expect(JSON.parse(await readFile(join(home.path, runFileName), "utf8"))).toEqual(daemon.ready);
  expect(daemon.ready).toMatchObject({ pid: daemon.process.pid, host: "127.0.0.1", home: home.path });
  const job = await runningJob(daemon);
  daemon.process.kill("SIGTERM");
  expect(await daemon.exited).toEqual([0, null]);
  await allGone(pidsOf(job));
  await expect(access(join(home.path, runFileName))).rejects.toMatchObject({ code: "ENOENT" });
});

test("a second daemon on one home ends with 1 and names the first", async () => {
  await using home = await makeTempDir();
  await using first = await start(home.path);
  const { code, text } = await failsToStart(home.path);
  expect(code).toBe(1);
  expect(text).toContain(`pid ${first.ready.pid} on`);
  expect(text).toContain("sage jobmanager stop");
});

test("after kill -9 the workers end by themselves, and the next daemon takes over at once and says what became of the job", async () => {
  await using home = await makeTempDir();
  const first = await start(home.path);
  const job = await runningJob(first);
  first.process.kill("SIGKILL");
  await first.exited;
  await allGone(pidsOf(job));
  await using second = await start(home.path);
  const now = await callUnary(second.client, "Get", { jobId: job.jobId }, { deadlineMs });
  expect(now).toMatchObject({ phase: "FAILED", resourcesReleased: true, failure: { message: "the JobManager was restarted while the job ran" } });
  await upload(second.client, bundleText);
  await first[Symbol.asyncDispose]();
});

test("with --parent-stdin the end of its parent is its end", async () => {
  await using home = await makeTempDir();
  await using daemon = await start(home.path, "--parent-stdin");
  const job = await runningJob(daemon);
  daemon.process.stdin.end();
  expect(await daemon.exited).toEqual([0, null]);
  await allGone(pidsOf(job));
});

test("kill -9 amid submissions: a repeated submission is one job, and no acknowledged one is lost", async () => {
  await using home = await makeTempDir();
  const acknowledged = new Map<string, number>();
  const sent: SubmitRequestInit[] = [];
  for (let round = 0; round < 6; round++) {
    const daemon = await start(home.path);
    await upload(daemon.client, bundleText);
    const submits = Array.from({ length: 6 }, async () => {
      const request = submission("exit-early", planOf({ parallelism: 1 }));
      sent.push(request);
      const job = await callUnary(daemon.client, "Submit", request, { deadlineMs });
      acknowledged.set(job.jobId, job.number);
      if (acknowledged.size % 5 === round % 5) daemon.process.kill("SIGKILL");
    });
    await Promise.allSettled(submits);
    await daemon[Symbol.asyncDispose]();
  }
  await using daemon = await start(home.path);
  for (const request of sent) await callUnary(daemon.client, "Submit", request, { deadlineMs });
  const { jobs } = await callUnary(daemon.client, "List", {}, { deadlineMs });
  expect(jobs.map((job) => job.jobId).toSorted()).toEqual(sent.map((request) => request.jobId ?? "").toSorted());
  expect(new Set(jobs.map((job) => job.jobId)).size).toBe(jobs.length);
  expect(jobs.map((job) => job.number)).toEqual(jobs.map((job) => job.number).toSorted((a, b) => a - b));
  for (const [jobId, number] of acknowledged) expect(jobs.find((job) => job.jobId === jobId)?.number).toBe(number);
});

test.each([
  [["--port", "70000"], "--port"],
  [["--host", "0.0.0.0"], "without a token"],
  [["--nonsense"], "--nonsense"],
])("it ends with 1 and says why for %j", async (flags, said) => {
  await using home = await makeTempDir();
  const { code, text } = await failsToStart(home.path, ...flags);
  expect(code).toBe(1);
  expect(text).toContain(said);
});
