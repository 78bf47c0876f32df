import { callServerStream, callUnary, type JobView } from "@sage/protocol";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleText, makeTempDir, planOf, submission, upload } from "./testing/test-daemon.ts";
import { daemonPrograms, startDaemonProcess, type DaemonProcess, type DaemonPrograms } from "./testing/daemon-process.ts";

const deadlineMs = 30_000;
let dir: Awaited<ReturnType<typeof makeTempDir>>;
let programs: DaemonPrograms;
beforeAll(async () => {
  dir = await makeTempDir();
  programs = await daemonPrograms("./ledger-worker.ts");
});
afterAll(async () => {
  await dir[Symbol.asyncDispose]();
  await programs[Symbol.asyncDispose]();
});

/** A home whose daemon dies and comes back. */
class Home implements AsyncDisposable {
  readonly path: string;
  daemon: DaemonProcess;

  private constructor(path: string, daemon: DaemonProcess) {
    this.path = path;
    this.daemon = daemon;
  }

  static async make(failpoints = ""): Promise<Home> {
    const path = await mkdtemp(join(dir.path, "home-"));
    return new Home(path, await startDaemonProcess({ ...programs, home: path, failpoints }));
  }

  async restart(failpoints = ""): Promise<void> {
    await this.daemon.kill();
    this.daemon = await startDaemonProcess({ ...programs, home: this.path, port: this.daemon.port, failpoints });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { jobId } of (await callUnary(this.daemon.client, "List", {}, { deadlineMs }).catch(() => ({ jobs: [] as JobView[] }))).jobs) {
      await callUnary(this.daemon.client, "Delete", { jobId, force: true }, { deadlineMs }).catch(() => {});
    }
    await this.daemon.kill();
  }
}

async function requestOf(limit: number, env: Readonly<Record<string, string>> = {}) {
  const ledger = await mkdtemp(join(dir.path, "ledger-"));
  const request = submission("ledger", planOf(), {
    checkpoints: { intervalMs: 40, keep: 2 }, restart: { exponential: { initialMs: 10 } }, env: { LEDGER: ledger, LIMIT: String(limit), PAUSE_MS: "2", ...env },
  });
  return { request, ledger, jobId: request.jobId ?? "" };
}

async function submitted(home: Home, limit: number, env: Readonly<Record<string, string>> = {}) {
  const job = await requestOf(limit, env);
  await upload(home.daemon.client, bundleText);
  await callUnary(home.daemon.client, "Submit", job.request, { deadlineMs });
  return job;
}

async function ledgerOf(path: string): Promise<number[][]> {
  const rows: number[][] = [[], []];
  for (const name of (await readdir(path)).sort()) {
    if (!name.endsWith(".part")) (rows[Number(name.split("-")[0])] ??= []).push(...(await readFile(join(path, name), "utf8")).trim().split("\n").map(Number));
  }
  return rows;
}

const complete = (limit: number) => [0, 1].map(() => Array.from({ length: limit }, (_, n) => n));

async function when({ daemon }: Home, jobId: string, holds: (job: JobView) => boolean): Promise<JobView> {
  let last: JobView | undefined;
  for await (const job of callServerStream(daemon.client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) {
    last = job;
    if (holds(job)) return job;
  }
  throw new Error(`the job ended as ${last?.phase}: ${last?.failure?.message}`);
}

const over = (home: Home, jobId: string) => when(home, jobId, (job) => job.resourcesReleased);
const completeOnes = (job: JobView) => job.checkpoints.filter(({ state }) => state === "complete");
const pidsOf = (job: JobView) => job.operators.flatMap(({ instances }) => instances.map(({ pid }) => pid));

test("after kill -9 of the daemon its workers come back to the next one, and the job goes on without a restart", async () => {
  await using home = await Home.make();
  const { jobId, ledger } = await submitted(home, 1_000);
  const before = await when(home, jobId, (job) => completeOnes(job).length > 1);
  await home.restart();
  const after = await when(home, jobId, (job) => job.operators.length > 0 && job.dispatcher!.workers === 2);
  expect(pidsOf(after)).toEqual(pidsOf(before));
  const job = await over(home, jobId);
  expect(job).toMatchObject({ phase: "COMPLETED", restartCount: 0, attempt: 1 });
  expect(job.history.map(({ phase }) => phase)).toEqual(["INITIALIZING", "RUNNING", "COMPLETED"]);
  expect(await ledgerOf(ledger)).toEqual(complete(1_000));
});

test("a Hello that a daemon has let in is refused by the next one, and its worker is not disturbed", async () => {
  await using home = await Home.make();
  const { jobId, ledger } = await submitted(home, 1_000, { REPEAT_HELLO: "yes" });
  await when(home, jobId, (job) => completeOnes(job).length > 1);
  await home.restart();
  expect(await over(home, jobId)).toMatchObject({ phase: "COMPLETED", restartCount: 0, attempt: 1 });
  const said: string[] = [];
  for await (const { text } of callServerStream(home.daemon.client, "Logs", { jobId }, { deadlineMs })) if (text.includes("Hello")) said.push(text);
  expect(said).toEqual(["a Hello of the daemon before: SAGE_WORKER_REFUSED", "a Hello of the daemon before: SAGE_WORKER_REFUSED"]);
  expect(await ledgerOf(ledger)).toEqual(complete(1_000));
});

test("daemon and a worker killed together: the job is recovered from its last checkpoint", async () => {
  await using home = await Home.make();
  const { jobId, ledger } = await submitted(home, 600);
  const before = await when(home, jobId, (job) => completeOnes(job).length > 1);
  process.kill(pidsOf(before)[0]!, "SIGKILL");
  await home.restart();
  expect(await over(home, jobId)).toMatchObject({ phase: "COMPLETED", attempt: 2 });
  expect(await ledgerOf(ledger)).toEqual(complete(600));
});

test("a daemon that is killed again and again never costs a record", async () => {
  await using home = await Home.make();
  const { jobId, ledger } = await submitted(home, 1_500);
  for (let kills = 0; kills < 4; kills++) {
    const known = completeOnes(await callUnary(home.daemon.client, "Get", { jobId }, { deadlineMs })).at(-1)?.id ?? 0;
    await when(home, jobId, (job) => (completeOnes(job).at(-1)?.id ?? 0) > known || job.resourcesReleased);
    await home.restart();
  }
  expect((await over(home, jobId)).phase).toBe("COMPLETED");
  expect(await ledgerOf(ledger)).toEqual(complete(1_500));
});

test("daemons killed one after another amid a checkpoint give no id out twice: what workers prepared for each is kept apart", async () => {
  await using home = await Home.make("checkpoint.acknowledged=kill@3");
  const { jobId, ledger } = await submitted(home, 400);
  for (let deaths = 0; deaths < 3; deaths++) {
    await home.daemon.exited;
    await home.restart(deaths < 2 ? "checkpoint.acknowledged=kill@1" : "");
  }
  expect((await over(home, jobId)).phase).toBe("COMPLETED");
  expect(await ledgerOf(ledger)).toEqual(complete(400));
});

test.each([
  "checkpoint.acknowledged", "checkpoint.before-rename", "checkpoint.after-rename", "checkpoint.stored", "checkpoint.recorded", "checkpoint.forgotten", "job.started",
])("a daemon killed at %s leaves the ledger as it should be", async (point) => {
  await using home = await Home.make(`${point}=kill@${point === "job.started" ? 1 : 2}`);
  const { jobId, ledger } = await submitted(home, 400);
  await home.daemon.exited;
  await home.restart();
  const job = await over(home, jobId);
  expect(job.phase).toBe("COMPLETED");
  expect(await ledgerOf(ledger)).toEqual(complete(400));
  const folders = async () => (await readdir(join(home.path, "jobmanager/checkpoints", jobId))).filter((name) => !name.startsWith("staging")).sort();
  await expect.poll(folders, { timeout: deadlineMs }).toEqual(completeOnes(job).map(({ path }) => path.split("/").at(-1)!).sort());
});

test.each(["the daemon alone", "the daemon and its workers"])("a drain that the death of %s interrupts is gone on with: the job completes", async (who) => {
  await using home = await Home.make("stop.noted=kill");
  const { jobId, ledger } = await submitted(home, 1_000_000);
  const before = await when(home, jobId, (job) => completeOnes(job).length > 1);
  await expect(callUnary(home.daemon.client, "Stop", { jobId, drain: true }, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_DAEMON_UNREACHABLE" });
  await home.daemon.exited;
  if (who !== "the daemon alone") for (const pid of pidsOf(before)) process.kill(pid, "SIGKILL");
  await home.restart();
  expect(await over(home, jobId)).toMatchObject({ phase: "COMPLETED", attempt: who === "the daemon alone" ? 1 : 2 });
  for (const row of await ledgerOf(ledger)) expect(row).toEqual(Array.from({ length: row.length }, (_, n) => n));
});

test.each(["submit.checked", "submit.accepted"])("a submit at %s of which the daemon dies happened or did not; repeated it is one job", async (point) => {
  await using home = await Home.make(`${point}=kill`);
  const { request, ledger, jobId } = await requestOf(50);
  await upload(home.daemon.client, bundleText);
  await expect(callUnary(home.daemon.client, "Submit", request, { deadlineMs })).rejects.toMatchObject({ code: "SAGE_DAEMON_UNREACHABLE" });
  await home.daemon.exited;
  await home.restart();
  await callUnary(home.daemon.client, "Submit", request, { deadlineMs });
  expect((await callUnary(home.daemon.client, "List", {}, { deadlineMs })).jobs).toHaveLength(1);
  expect((await over(home, jobId)).phase).toBe("COMPLETED");
  expect(await ledgerOf(ledger)).toEqual(complete(50));
});

test.each([
  ["stop", "stop.noted"], ["stop", "checkpoint.before-rename"], ["stop", "checkpoint.recorded"], ["continue", "continue.noted"], ["delete", "delete.noted"], ["rescale", "rescale.stopped"],
] as const)("a daemon killed in %s at %s: the step happened or did not, and can be repeated", async (step, point) => {
  await using home = await Home.make();
  const { jobId, ledger } = await submitted(home, 600);
  await when(home, jobId, (job) => completeOnes(job).length > 0);
  const client = () => home.daemon.client;
  if (step === "continue") await callUnary(client(), "Stop", { jobId }, { deadlineMs });
  await home.restart(`${point}=kill`);
  const act = () => {
    if (step === "stop") return callUnary(client(), "Stop", { jobId }, { deadlineMs });
    if (step === "continue") return callUnary(client(), "Continue", { jobId }, { deadlineMs });
    if (step === "delete") return callUnary(client(), "Delete", { jobId, force: true }, { deadlineMs });
    return callUnary(client(), "Rescale", { jobId, parallelism: 3 }, { deadlineMs });
  };
  await expect(act()).rejects.toMatchObject({ code: "SAGE_DAEMON_UNREACHABLE" });
  await home.daemon.exited;
  await home.restart();
  if (step !== "rescale") await act();
  if (step === "delete") {
    expect((await callUnary(client(), "Get", { jobId }, { deadlineMs })).phase).toBe("DELETED");
    await expect(readdir(join(home.path, "jobmanager/checkpoints", jobId))).rejects.toMatchObject({ code: "ENOENT" });
    return;
  }
  if (step === "stop") {
    expect((await callUnary(client(), "Get", { jobId }, { deadlineMs })).phase).toBe("STOPPED");
    await callUnary(client(), "Continue", { jobId }, { deadlineMs });
  }
  expect((await over(home, jobId)).phase).toBe("COMPLETED");
  expect((await ledgerOf(ledger)).slice(0, 2)).toEqual(complete(600)); // of the instances that were there before
});

