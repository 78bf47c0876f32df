// Jobs on a Ray cluster of four hosts lose workers, hosts, networks and Ray's head: each goes on from its checkpoint, says
// what was lost, writes the ledger of a run without faults, and leaves nothing. The head runs no workers, and remembers.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RestartView } from "../../packages/protocol/src/index.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { mute, numberOf, untilNothingIsLeft, type OutsideDaemon, type RayBed } from "./ray-bed.ts";
import { patienceMs, RayJobs } from "./ray-jobs.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);
const hostCount = 4;
const headMemory = "/home/sage/gcs";

/** From a host's loss to the word of it, and without output: what the table of faults allows. */
const noticedMs = 10_000;
const gapMs = 20_000;
/** The same for a head that remembers: until all hosts are back with it, and from then on until a new worker has its place. */
const rejoinMs = 60_000;
const placementMs = 10_000;

describe.skipIf(refusal !== undefined)("faults under jobs on Ray", { timeout: 300_000 }, () => {
  let bed: RayBed;
  let daemon: OutsideDaemon;
  let jobs: RayJobs;
  beforeAll(async () => {
    jobs = await RayJobs.open({ prefix: "rayf-", net: "10.231.64.0/24", hasWorker: true, headMemory });
    ({ bed, daemon } = jobs);
  }, 300_000);
  afterEach(() => jobs.deleteAll());
  afterAll(() => jobs?.[Symbol.asyncDispose](), 120_000);

  /** By the daemon's events. */
  function requireInTime({ atMs, recoveredMs }: RestartView, lostAtMs: number): void {
    expect(atMs - lostAtMs).toBeLessThanOrEqual(noticedMs);
    expect(atMs + recoveredMs - lostAtMs).toBeLessThanOrEqual(gapMs);
  }

  /** Of no job on the hosts that run. */
  const requireNothingLeft = (...hosts: readonly number[]): Promise<void> => untilNothingIsLeft(bed, { hosts, patienceMs });

  const all = Array.from({ length: hostCount }, (_, i) => i + 1);

  test("the Node child is killed, then an actor by ray.kill: the job names each, and goes on", async () => {
    const running = await jobs.start();
    const [, { host, pid }] = running.instances as [unknown, { host: string; pid: number }];
    await bed.hosts.exec(numberOf(host), `kill -9 ${pid}`);
    expect(await jobs.restarted(running)).toMatchObject({ code: "SAGE_WORKER_LOST", cause: `worker 1 on ${host} was ended by SIGKILL` });
    await bed.python(`import ray
ray.init("${bed.hosts.host(1).ip}:6379", namespace="sage", logging_level="ERROR")
ray.kill(ray.get_actor(next(name for name in (a["name"] for a in ray.util.list_named_actors(all_namespaces=True)) if "${running.jobId}/0/2" in name)))`);
    const second = await jobs.restarted(running, 2);
    expect([second.code, second.cause]).toEqual(["SAGE_WORKER_LOST", expect.stringMatching(/^worker 0 on rayf-\d was lost: .*killed by `ray.kill`/)]);
    await jobs.completes(running);
    await requireNothingLeft(...all);
  });

  test("a host's raylet is killed: the job names the host, goes on elsewhere, and the host comes back", async () => {
    const running = await jobs.start();
    const { host } = running.instances[0]!;
    const n = numberOf(host);
    const lostAtMs = Date.now();
    await bed.hosts.exec(n, "pkill -KILL -x raylet"); // of that host's processes
    const restart = await jobs.restarted(running);
    expect(restart.cause).toContain(host);
    requireInTime(restart, lostAtMs);
    await jobs.completes(running);
    await requireNothingLeft(...all);
    await bed.startRay(n);
    await bed.untilAlive(hostCount);
  });

  test("a host loses power: the job names the host, and goes on elsewhere before Ray has noticed", async () => {
    const running = await jobs.start();
    const { host } = running.instances[0]!;
    const n = numberOf(host);
    const lostAtMs = Date.now();
    await bed.hosts.kill(n);
    const restart = await jobs.restarted(running);
    requireInTime(restart, lostAtMs);
    expect(restart).toMatchObject({ code: "SAGE_HOST_LOST", cause: expect.stringMatching(`^worker \\d is lost: its host ${host} has not answered for \\d+ s$`), host });
    await jobs.completes(running);
    await requireNothingLeft(...all.filter((each) => each !== n));
    await bed.hosts.boot(n);
    await bed.startRay(n);
    await bed.untilAlive(hostCount);
  });

  test.each([["both ways", (n: number, isCut: boolean) => (isCut ? bed.hosts.cut(n) : bed.hosts.heal(n))], ["one way", (n: number, isCut: boolean) => mute(bed, n, isCut)]] as const)(
    "a host's network is cut %s: the job names the host and goes on elsewhere; when the host is back, what ran there ends", async (_, cut) => {
      const running = await jobs.start();
      const { host } = running.instances[0]!;
      const n = numberOf(host);
      const lostAtMs = Date.now();
      await cut(n, true);
      const restart = await jobs.restarted(running);
      requireInTime(restart, lostAtMs);
      expect(restart).toMatchObject({ code: "SAGE_HOST_LOST", host });
      await jobs.completes(running);
      await cut(n, false);
      await requireNothingLeft(...all);
      await bed.restartRay(n);
      await bed.untilAlive(hostCount);
    });

  test("Ray's head is killed: records flow on, and when it is back new workers find their place", async () => {
    const running = await jobs.start();
    await bed.hosts.exec(1, "pkill -KILL -u sage"); // whatever of Ray runs there
    const rows = jobs.rowsOf(running);
    await until("the job has committed more without a head", () => jobs.rowsOf(running) > rows + 100);
    const { phase, history, restartCount } = await jobs.get(running.jobId);
    expect([phase, history.at(-1)!.phase, restartCount]).toEqual(["RUNNING", "RUNNING", 0]);
    const rebuiltFromMs = Date.now();
    await bed.restartRay(1);
    await bed.untilAlive(hostCount);
    const backAtMs = Date.now();
    expect(backAtMs - rebuiltFromMs).toBeLessThanOrEqual(rejoinMs);
    const { host, pid } = running.instances[1]!;
    await bed.hosts.exec(numberOf(host), `kill -9 ${pid}`);
    const restart = await jobs.restarted(running);
    expect(restart.cause).toContain(`worker 1 on ${host}`);
    expect(restart.atMs + restart.recoveredMs - backAtMs).toBeLessThanOrEqual(placementMs);
    await jobs.completes(running);
    await requireNothingLeft(...all);
  });

  test("the daemon is cut off from Ray's head: records flow on, and `sage jobmanager status` names that hop until it is whole", async () => {
    const running = await jobs.start();
    const status = async () => (await jobs.sage("jobmanager", "status", "--host", "127.0.0.1", "--port", String(daemon.port))).stdout;
    await until("Ray is shown with what is free", async () => /Ray: +\S+ at ray:\S+:10001, 4 hosts, free: \S+ of 6 CPU/.test(await status()));
    await mute(bed, 1, true, [bed.hosts.facts.machine]);
    await until("the hop is named", async () => (await status()).includes(`Ray:       out of the daemon's reach at ${bed.address}: `));
    await jobs.goesOn(running);
    await mute(bed, 1, false, [bed.hosts.facts.machine]);
    await until("the hop is whole", async () => (await status()).includes("free: "));
    expect((await jobs.get(running.jobId)).restartCount).toBe(0);
    await jobs.completes(running);
    await requireNothingLeft(...all);
  });

  test("a host is cut off from Ray's head alone: the job goes on elsewhere, and what ran there ends", async () => {
    const running = await jobs.start();
    const { host } = running.instances[0]!;
    const n = numberOf(host);
    await mute(bed, n, true, [bed.hosts.host(1).ip]);
    try {
      expect((await jobs.restarted(running)).recoveredMs).toBeLessThanOrEqual(gapMs); // until Ray ended it, its records flowed
      await jobs.completes(running);
    } finally {
      await mute(bed, n, false, [bed.hosts.host(1).ip]); // a second try would find the host cut off
    }
    await requireNothingLeft(...all);
    await bed.restartRay(n);
    await bed.untilAlive(hostCount);
  });
});
