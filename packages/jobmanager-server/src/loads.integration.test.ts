// Many jobs, many readers, large plans: the daemon carries them or says which limit they exceed, and keeps nothing.

import { withRetries } from "@sage/core";
import { callServerStream, callUnary, jobsClient, type JobView, type Plan } from "@sage/protocol";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { daemonPrograms, startDaemonProcess, type DaemonProcess, type DaemonPrograms } from "./testing/daemon-process.ts";
import { bundleText, makeTempDir, planOf, startTestDaemon, submission, upload } from "./testing/test-daemon.ts";

const deadlineMs = 240_000;

let programs: DaemonPrograms;
let home: Awaited<ReturnType<typeof makeTempDir>>;
let daemon: DaemonProcess;
beforeAll(async () => {
  [programs, home] = await Promise.all([daemonPrograms("./scripted-worker.ts"), makeTempDir()]);
  daemon = await startDaemonProcess({ ...programs, home: home.path, flags: ["--warm-workers", "0"] });
  await upload(daemon.client, bundleText);
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
  await programs[Symbol.asyncDispose]();
});

const one = planOf({ parallelism: 1 });
const submit = (script: string, client = daemon.client, plan: Plan = one) => callUnary(client, "Submit", submission(script, plan), { deadlineMs });

/** A job that says hundreds of lines. */
const talk = (hundreds: number) => submission("talk", one, { env: { SCRIPT: "talk", HUNDREDS: String(hundreds) } });

/** The job when it is over. */
async function over(jobId: string, client = daemon.client): Promise<JobView> {
  let last: JobView | undefined;
  for await (const job of callServerStream(client, "Watch", { jobId, minIntervalMs: 100 }, { deadlineMs })) last = job;
  return last!;
}

async function reaches(jobId: string, phase: JobView["phase"]): Promise<void> {
  for await (const job of callServerStream(daemon.client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) if (job.phase === phase) return;
  throw new Error(`the job never was ${phase}`);
}

/** What the daemon holds. */
async function held(): Promise<{ readonly openFiles: number; readonly processes: number; readonly tempDirs: readonly string[] }> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=", "--ppid", String(daemon.pid)]).catch(() => ({ stdout: "" })); // ps fails where there is none
  return {
    openFiles: (await readdir(`/proc/${daemon.pid}/fd`)).length,
    processes: stdout.trim() === "" ? 0 : stdout.trim().split("\n").length,
    tempDirs: await readdir(join(home.path, "tmp")).catch(() => []),
  };
}

const eventually = (check: () => Promise<void>) => withRetries(check, { attempts: 200, baseMs: 200, maxMs: 200 });

test("two hundred jobs that twenty clients submit at once all complete", async () => {
  const clients = Array.from({ length: 20 }, () => jobsClient(`127.0.0.1:${daemon.port}`));
  try {
    const jobs = (await Promise.all(clients.map((client) => Promise.all(Array.from({ length: 10 }, () => submit("complete", client)))))).flat();
    expect(new Set(jobs.map(({ number }) => number)).size).toBe(200);
    const ended = await Promise.all(jobs.map(({ jobId }, index) => over(jobId, clients[index % clients.length])));
    expect(ended.filter(({ phase, resourcesReleased }) => phase !== "COMPLETED" || !resourcesReleased)).toEqual([]);
  } finally {
    for (const client of clients) client.close();
  }
}, deadlineMs);

test("jobs that are submitted and stopped, again and again, leave no open file, no process and no directory", async () => {
  const cycle = async () => {
    const { jobId } = await submit("idle");
    await reaches(jobId, "RUNNING");
    expect((await callUnary(daemon.client, "Stop", { jobId, now: true }, { deadlineMs })).phase).toBe("STOPPED");
  };
  await cycle();
  const before = await held();
  for (let round = 0; round < 10; round++) await Promise.all([cycle(), cycle(), cycle()]);
  await eventually(async () => expect(await held()).toEqual(before));
}, deadlineMs);

test("a hundred followers of a log get every line while other clients poll", async () => {
  const { jobId } = await callUnary(daemon.client, "Submit", talk(10), { deadlineMs });
  let isOver = false;
  const polls = Array.from({ length: 10 }, async () => {
    for (let answers = 0; !isOver || answers === 0; answers++) expect((await callUnary(daemon.client, "Get", { jobId }, { deadlineMs })).jobId).toBe(jobId);
  });
  const followers = Array.from({ length: 100 }, async () => {
    let lines = 0;
    for await (const _ of callServerStream(daemon.client, "Logs", { jobId, follow: true, operator: "talker" }, { deadlineMs })) lines++;
    return lines;
  });
  expect((await over(jobId)).phase).toBe("COMPLETED");
  isOver = true;
  await Promise.all(polls);
  expect(new Set(await Promise.all(followers))).toEqual(new Set([1_000]));
}, deadlineMs);

test("a follower that does not read while the log's files roll is cut, with the reason, and holds nobody up", async () => {
  await using server = await startTestDaemon(programs.workerEntry, { logs: { jobLogBytes: 20_000 } });
  const { jobId } = await callUnary(server.client, "Submit", talk(400), { deadlineMs });
  const slow = callServerStream(server.client, "Logs", { jobId, follow: true }, { deadlineMs })[Symbol.asyncIterator]();
  await slow.next();
  expect((await over(jobId, server.client)).phase).toBe("COMPLETED");
  const readOn = async () => { for (let next = await slow.next(); !next.done; next = await slow.next()); };
  await expect(readOn()).rejects.toMatchObject({ code: "SAGE_FOLLOWER_BEHIND", hint: expect.stringContaining("--level") });
}, deadlineMs);

test("a plan that no worker could carry out is refused with its operator, and leaves no job and no file", async () => {
  const traces = async () => [(await callUnary(daemon.client, "List", { withDeleted: true }, { deadlineMs })).jobs.length, (await readdir(home.path, { recursive: true })).filter((name) => /job_/.test(name)).length];
  const before = await traces();
  const [source, sink] = one.nodes as [Plan["nodes"][0], Plan["nodes"][0]];
  const [edge] = one.edges as [Plan["edges"][0]];
  const wrong: [Plan, string][] = [
    [{ ...one, nodes: [source, { ...sink, kind: "evil" as "sink" }] }, '"sink"'],
    [{ ...one, nodes: [source, source] }, '"source"'],
    [{ ...one, edges: [{ ...edge, to: "nobody" }] }, '"nobody"'],
    [{ ...one, edges: [edge, { ...edge, from: "sink", to: "source" }] }, "cycle"],
    ...[0, Number.NaN].map((parallelism): [Plan, string] => [{ ...one, nodes: [{ ...source, parallelism }, sink] }, '"source"']),
    [planOf({ parallelism: 1e9 }), '"source"'],
  ];
  for (const [plan, place] of wrong) {
    await expect(submit("complete", daemon.client, plan)).rejects.toMatchObject({ code: "SAGE_JOB_INVALID", message: expect.stringContaining(place) });
  }
  expect(await traces()).toEqual(before);
});
