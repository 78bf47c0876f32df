// The daemon's workers on a real Ray head, by either way to it: they run, are told of, and leave nothing, whoever ends first.

import { callUnary, dashboardKeyFileName, type JobView } from "@sage/protocol";
import type { ServerJson } from "@sage/protocol/json";
import { RayDashboard } from "@sage/ray-control";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRayHead, type RayHead } from "../../../../ray-control/src/testing/ray-head.ts";
import { newestRay } from "../../../../ray-control/src/testing/ray-venv.ts";
import { isRunning, until } from "../../../../ray-control/src/testing/until.ts";
import { daemonPrograms, startDaemonProcess } from "../../testing/daemon-process.ts";
import { bundled, bundleText, deadlineMs, packageTempDir, planOf, startTestDaemon, submission, upload, type TestDaemon } from "../../testing/test-daemon.ts";

let head: RayHead;
let dir: Awaited<ReturnType<typeof packageTempDir>>;
let workerEntry = "";
beforeAll(async () => {
  head = await startRayHead(newestRay);
  dir = await packageTempDir();
  workerEntry = await bundled("./scripted-worker.ts", join(dir.path, "scripted-worker.mjs"));
}, 300_000);
afterAll(async () => {
  await dir?.[Symbol.asyncDispose]();
  await head?.[Symbol.asyncDispose]();
});

type Asked = Pick<TestDaemon, "client">;
const jobOf = (daemon: Asked, jobId: string): Promise<JobView> => callUnary(daemon.client, "Get", { jobId }, { deadlineMs });

async function ends(daemon: Asked, jobId: string): Promise<JobView> {
  return until("the job has ended and let go", async () => {
    const job = await jobOf(daemon, jobId);
    return job.resourcesReleased ? job : undefined;
  });
}

async function runs(daemon: Asked, jobId: string): Promise<JobView> {
  return until("the job runs", async () => {
    const job = await jobOf(daemon, jobId);
    if (job.phase === "FAILED") throw new Error(job.failure?.message);
    return job.phase === "RUNNING" ? job : undefined;
  });
}

const pidsOf = (job: JobView): number[] => job.operators[0]!.instances.map(({ pid }) => pid);

/** What Ray's own list says of a job's actors. */
async function actorStates(jobId: string): Promise<string[]> {
  const actors = await new RayDashboard(head.dashboard).actors();
  return actors.filter(({ name }) => name.includes(`/${jobId}/`)).map(({ state }) => state);
}

async function requireNothingLeft(jobId: string, pids: readonly number[], actors: number): Promise<void> {
  await until("Ray lists every actor of the job as dead", async () => {
    const states = await actorStates(jobId);
    return states.length >= actors && states.every((state) => state === "DEAD");
  });
  for (const pid of pids) await until(`process ${pid} is gone`, async () => !(await isRunning(pid)));
}

async function logOf(daemon: TestDaemon, jobId: string): Promise<string> {
  const jobs = join(daemon.home, "logs/jobmanager");
  const files = (await readdir(jobs, { recursive: true })).filter((path) => path.includes(jobId) && path.endsWith(".log"));
  return (await Promise.all(files.map((path) => readFile(join(jobs, path), "utf8")))).join("");
}

describe.each([
  { way: "by Ray's client server", addressOf: () => head.address },
  { way: "by a driver that runs as a Ray Job", addressOf: () => head.dashboard },
])("a daemon that reaches Ray $way", ({ addressOf }) => {
  let shared: TestDaemon;
  beforeAll(async () => {
    shared = await startTestDaemon(workerEntry, { ray: { address: addressOf() }, timing: { cancelGraceMs: 500, closeGraceMs: 500 } });
  });
  afterAll(async () => {
    await shared?.[Symbol.asyncDispose]();
  });

  test("a job runs on Ray, its instances are shown with host and pid, what workers print is in its log, and nothing is left", async () => {
    const { jobId } = await shared.submit("complete");
    const job = await ends(shared, jobId);
    expect([job.phase, job.failure?.message ?? ""]).toEqual(["COMPLETED", ""]);
    expect(job.operators[0]!.instances.map(({ host, pid }) => host !== "" && pid > 0)).toEqual([true, true]);
    expect(await logOf(shared, jobId)).toContain("raw output of 1");
    await requireNothingLeft(jobId, pidsOf(job), 2);
  });

  test("a job that asks for more than any host has fails with what is missing and which host comes nearest", async () => {
    const plan = planOf();
    const nodes = plan.nodes.map((node) => ({ ...node, resources: { cpus: 64, gpus: 1, custom: { fpga: 2 } } }));
    const { jobId } = await shared.submit("complete", { ...plan, nodes });
    const { failure } = await ends(shared, jobId);
    expect(failure?.code).toBe("SAGE_RESOURCES_INFEASIBLE");
    expect(failure?.message).toMatch(/needs 64 CPU, 1 GPU and 2 fpga.* comes nearest, with only 4 CPU and no GPU and no fpga/);
  });

  test("a job of more workers than all hosts could run at once fails at once, with how many that are", async () => {
    const { jobId } = await shared.submit("complete", planOf({ parallelism: 5 }));
    const { failure } = await ends(shared, jobId);
    expect(failure?.code).toBe("SAGE_RESOURCES_INFEASIBLE");
    expect(failure?.message).toContain("the job needs 5 workers of 1 CPU at once, and all hosts of the Ray cluster together have room for 4");
    expect(await actorStates(jobId)).toEqual([]);
  });

  test("a job that must wait for free resources says so, and runs when they are free", async () => {
    const plan = { ...planOf({ parallelism: 1 }) };
    const large = { ...plan, nodes: plan.nodes.map((node) => ({ ...node, resources: { cpus: 3 } })) };
    const first = await shared.submit("deaf", large);
    await runs(shared, first.jobId);
    const second = await shared.submit("complete", large);
    await until("the log says that it waits", async () => (await logOf(shared, second.jobId)).includes("waits for free resources: it needs 3 CPU; free in the whole cluster: 1 CPU of 4 CPU"));
    expect((await jobOf(shared, second.jobId)).waitsFor).toContain("waits for free resources: it needs 3 CPU");
    await callUnary(shared.client, "Delete", { jobId: first.jobId, force: true }, { deadlineMs });
    expect(await ends(shared, second.jobId)).toMatchObject({ phase: "COMPLETED", waitsFor: "" });
  });

  test("a worker that ends before its time tells its exit code and its last output", async () => {
    const { jobId } = await shared.submit("exit-early");
    const { failure } = await ends(shared, jobId);
    expect(failure?.message).toMatch(/ended with exit code 3 before it was ready; its last output was:\ncannot load the frobnicator/);
    await requireNothingLeft(jobId, [], 2);
  });

  test("a worker that is killed, and one whose actor is killed by ray.kill, fail the job with that cause; nothing is left", async () => {
    const crashed = await shared.submit("crash");
    const job = await ends(shared, crashed.jobId);
    expect(job.failure?.message).toMatch(/worker 0 on .* was ended by SIGKILL/);
    await requireNothingLeft(crashed.jobId, pidsOf(job), 2);

    const { jobId } = await shared.submit("deaf");
    const pids = pidsOf(await runs(shared, jobId));
    await head.python(`import ray; ray.init("${head.gcsAddress}", namespace="sage", logging_level="ERROR")
name = next(a["name"] for a in ray.util.list_named_actors(all_namespaces=True) if "${jobId}/0/" in a["name"])
ray.kill(ray.get_actor(name))`);
    expect((await ends(shared, jobId)).failure?.message).toMatch(/worker 0 on .* was lost: .*killed by `ray.kill`/);
    await requireNothingLeft(jobId, pids, 2);
  });

  test("a job that is deleted by force leaves nothing, even when its workers do not listen", async () => {
    const { jobId } = await shared.submit("deaf");
    const pids = pidsOf(await runs(shared, jobId));
    await callUnary(shared.client, "Delete", { jobId, force: true }, { deadlineMs });
    await requireNothingLeft(jobId, pids, 2);
  });

  test("after kill -9 of the daemon the next one finds its workers by name, goes on with them, and ends what nobody knows", async () => {
    await using programs = await daemonPrograms("./ledger-worker.ts");
    const home = await mkdtemp(join(dir.path, "home-"));
    const ledger = await mkdtemp(join(dir.path, "ledger-"));
    const start = (port = 0) => startDaemonProcess({ ...programs, home, port, flags: ["--ray-address", addressOf(), "--warm-workers", "0", "--http-port", "off"] });
    let daemon = await start();
    try {
      await upload(daemon.client, bundleText);
      const request = submission("ledger", planOf(), { checkpoints: { intervalMs: 100, keep: 2 }, restart: { exponential: { initialMs: 10 } }, env: { LEDGER: ledger, LIMIT: "100000", PAUSE_MS: "5" } });
      const jobId = request.jobId!;
      await callUnary(daemon.client, "Submit", request, { deadlineMs });
      const before = pidsOf(await runs(daemon, jobId));
      const [ours] = (await new RayDashboard(head.dashboard).actors()).filter(({ name, state }) => name.includes(jobId) && state === "ALIVE");
      const stray = `${ours!.name.split("/").slice(0, 2).join("/")}/stray/0/1`;
      await head.python(`import ray; ray.init("${head.gcsAddress}", namespace="sage", logging_level="ERROR")
class Stray:
    def ready(self): pass
actor = ray.remote(Stray).options(name="${stray}", lifetime="detached", num_cpus=0).remote()
ray.get(actor.ready.remote())`);
      const { port } = daemon;
      await daemon.kill();
      daemon = await start(port);
      const after = await until("the workers are back", async () => {
        const job = await jobOf(daemon, jobId);
        return job.dispatcher?.workers === 2 ? job : undefined;
      });
      expect(pidsOf(after)).toEqual(before);
      expect(after).toMatchObject({ phase: "RUNNING", attempt: 1, restartCount: 0 });
      await requireNothingLeft("stray", [], 1);
      await callUnary(daemon.client, "Delete", { jobId, force: true }, { deadlineMs });
      await requireNothingLeft(jobId, before, 2);
    } finally {
      await daemon.kill();
    }
  }, 180_000);

  test("a daemon that was given Ray's address alone finds Ray's dashboard, and shows what it says", async () => {
    await using own = await startTestDaemon(workerEntry, { ray: { address: addressOf() }, http: { port: 0 } });
    const key = (await readFile(join(own.home, dashboardKeyFileName), "utf8")).trim();
    const ray = await until("Ray has told of itself", async () => {
      const answer = await fetch(`http://127.0.0.1:${own.daemon.httpPort}/api/v1/server`, { headers: { authorization: `Bearer ${key}` } });
      const { ray: shown } = (await answer.json()) as ServerJson;
      return shown?.state === "up" ? shown : undefined;
    });
    expect(ray).toMatchObject({ version: newestRay, dashboardUrl: head.dashboard, why: "", nodes: [{ isHead: true, isAlive: true }] });
  });

  test("warm workers serve one job each, end with the daemon, and give their resources up to a job that needs them", async () => {
    await using warm = await startTestDaemon(workerEntry, { ray: { address: addressOf(), warmWorkers: 1 } });
    const warmOnes = async () => (await new RayDashboard(head.dashboard).actors()).filter(({ name, state }) => name.includes("/warm/") && state === "ALIVE");
    const first = await until("a job has taken a warm worker, and needed no actor of its own", async () => {
      const ones = await warmOnes();
      const { jobId } = await warm.submit("complete", planOf({ parallelism: 1 }));
      expect((await ends(warm, jobId)).phase).toBe("COMPLETED");
      return (await actorStates(jobId)).length === 0 ? ones : undefined;
    });
    await until("the warm worker has ended with its job", async () => {
      const now = (await warmOnes()).map(({ name }) => name);
      return first.some(({ name }) => !now.includes(name)) || first.length === 0;
    });
    await until("there is another one", async () => (await warmOnes()).length > 0);
    const plan = planOf({ parallelism: 1 });
    const all = await warm.submit("complete", { ...plan, nodes: plan.nodes.map((node) => ({ ...node, resources: { cpus: 4 } })) });
    expect((await ends(warm, all.jobId)).phase).toBe("COMPLETED");
    await warm.daemon[Symbol.asyncDispose]();
    expect(await warmOnes()).toEqual([]);
  });
});

test("a job that finds room for a part of its workers only gives that back, waits without it, and runs when there is room for all", async () => {
  await using own = await startTestDaemon(workerEntry, { ray: { address: head.address }, timing: { cancelGraceMs: 500, closeGraceMs: 500 } });
  const plan = planOf({ parallelism: 1 });
  const first = await own.submit("deaf", { ...plan, nodes: plan.nodes.map((node) => ({ ...node, resources: { cpus: 2 } })) });
  await runs(own, first.jobId);
  const { jobId } = await own.submit("complete", planOf({ parallelism: 3 }));
  await until("the job says that it waits for all", async () => /waits, and holds nothing, until all 3 workers of the job find room together: 3 CPU; free in the whole cluster: \d CPU of 4 CPU/.test(await logOf(own, jobId)));
  await until("none of its actors lives", async () => (await actorStates(jobId)).every((state) => state === "DEAD"));
  await callUnary(own.client, "Delete", { jobId: first.jobId, force: true }, { deadlineMs });
  expect((await ends(own, jobId)).phase).toBe("COMPLETED");
});
