// Jobs on a Ray of two hosts, which has room for one: however such a job ends, and whoever is killed beside it, Ray's list of
// actors and the process tables of the hosts show nothing of it behind that; one that loses its place waits for it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callUnary } from "../../packages/protocol/src/index.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { numberOf, sageOn, untilNothingIsLeft, type OutsideDaemon, type RayBed } from "./ray-bed.ts";
import { patienceMs, RayJobs } from "./ray-jobs.ts";
import { root } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);
const hostCount = 2;
const orphanLimitMs = 3_000;

describe.skipIf(refusal !== undefined)("jobs on a Ray of two hosts", { timeout: 300_000 }, () => {
  let bed: RayBed;
  let daemon: OutsideDaemon;
  let jobs: RayJobs;
  beforeAll(async () => {
    jobs = await RayJobs.open({ prefix: "rayl-", net: "10.231.67.0/24", hasWorker: true, hostCount });
    ({ bed, daemon } = jobs);
  }, 300_000);
  afterEach(() => jobs.deleteAll());
  afterAll(() => jobs?.[Symbol.asyncDispose](), 120_000);

  const onHosts = async () => (await Promise.all([1, 2].map((n) => sageOn(bed, n)))).flat();

  const requireNothingLeft = (): Promise<void> => untilNothingIsLeft(bed, { patienceMs });

  const ran = async (...args: string[]) => {
    const { code, stderr } = await jobs.sage("job", ...args, "--port", String(daemon.port));
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  };

  test("a job whose operator throws fails, and leaves nothing", async () => {
    const { code, stderr } = await jobs.sage("run", "tests/e2e/programs/throws.ts", "--remote", "--port", String(daemon.port));
    expect([code, stderr]).toEqual([1, expect.stringContaining("cannot take 30")]);
    await requireNothingLeft();
  });

  test("a job that is stopped leaves nothing, with a savepoint or at once, and goes on from there exactly", async () => {
    const running = await jobs.start();
    for (const how of [[], ["--now"]]) {
      await ran("stop", running.jobId, ...how);
      expect(await jobs.ended(running.jobId)).toMatchObject({ phase: "STOPPED" });
      await requireNothingLeft();
      await ran("continue", running.jobId);
      await jobs.goesOn(running);
    }
    await jobs.completes(running);
    await requireNothingLeft();
  });

  test("an operator that runs apart keeps its counts when its worker is killed, and when it is rescaled", async () => {
    const running = await jobs.start({ shape: "remote", parallelism: 1 });
    const { host, pid } = (await jobs.get(running.jobId)).operators.find(({ name }) => name === "aggregate")!.instances[0]!;
    await bed.hosts.exec(numberOf(host), `kill -9 ${pid}`);
    await jobs.restarted(running);
    await ran("rescale", running.jobId, "--parallelism", "2");
    await jobs.goesOn(running);
    expect((await jobs.get(running.jobId)).operators.find(({ name }) => name === "aggregate")!.instances).toHaveLength(2);
    await jobs.completes(running);
    await requireNothingLeft();
  });

  test("a running job that is deleted by force leaves nothing", async () => {
    const { jobId } = await jobs.start();
    await ran("delete", jobId, "--force");
    await requireNothingLeft();
  });

  test("the program that submitted a job is killed, and so is who watches it: the job goes on, completes, and leaves nothing", async () => {
    const { words, ledger } = jobs.words();
    const client = begun("run", ...words, "--remote");
    const jobId = await until("the job is there", async () => (await callUnary(daemon.client, "List", {}, { deadlineMs: 60_000 })).jobs.find(({ phase }) => phase === "RUNNING")?.jobId);
    const running = await jobs.committed(jobId, ledger);
    const watching = begun("job", "watch", jobId, "--port", String(daemon.port));
    await once(watching.lines, "line");
    await Promise.all([client.kill(), watching.kill()]);
    await jobs.goesOn(running);
    expect(await jobs.get(jobId)).toMatchObject({ phase: "RUNNING", restartCount: 0 });
    await jobs.completes(running);
    await requireNothingLeft();
  });

  test("a program whose service and operator run on Ray without a daemon of its own is killed in the middle of a call: nothing is left", async () => {
    const program = begun("run", "tests/e2e/programs/local-ray.ts", "--param", `ray=${bed.address}`, "--param", "hold=true");
    for await (const line of program.lines) if (line.endsWith("holds")) break;
    expect((await onHosts()).filter((line) => line.includes("worker.mjs"))).toHaveLength(2);
    await program.kill();
    await requireNothingLeft();
  });

  test("a daemon is killed, and nobody comes after it: when the orphan limit is over, nothing of its job is left", async () => {
    await using lonely = await bed.startDaemon(["--warm-workers", "0", "--grace-period-ms", String(orphanLimitMs)]);
    const { instances } = await jobs.start({ daemon: lonely });
    await lonely.kill();
    expect((await onHosts()).filter((line) => line.includes("worker.mjs"))).toHaveLength(instances.length);
    await requireNothingLeft();
  });

  test("a host is lost, and without it there is too little room: the job waits, says what for, and goes on when the host is back", async () => {
    const running = await jobs.start();
    await bed.hosts.kill(2);
    await until("the job says what it waits for", async () => /^Status: +recovering.*\nWaiting: +waits/m.test(await jobs.shown(running)), patienceMs);
    await bed.hosts.boot(2);
    await bed.startRay(2);
    await jobs.restarted(running);
    expect(await jobs.shown(running)).not.toContain("Waiting");
    await jobs.completes(running);
    await requireNothingLeft();
  });

  test("the cluster is lost with its head, which remembers nothing, and built anew: the job goes on there within 30 s of that", async () => {
    const running = await jobs.start();
    await bed.hosts.kill(1);
    await bed.hosts.boot(1);
    await bed.restartRay(1);
    await bed.restartRay(2);
    await bed.untilAlive(hostCount);
    const rebuiltAtMs = Date.now();
    const { atMs, recoveredMs } = await jobs.restarted(running);
    expect(atMs + recoveredMs - rebuiltAtMs).toBeLessThan(30_000);
    await jobs.completes(running);
    await requireNothingLeft();
  });
});

/** A command of the CLI that goes on. */
function begun(...args: string[]) {
  const child = spawn(process.execPath, [join(root, "scripts/sage.mjs"), ...args], { cwd: root, env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  return { lines: createInterface({ input: child.stdout }), kill };
}
