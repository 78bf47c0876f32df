// Jobs on a Ray cluster of four hosts lose workers, hosts, networks and Ray's head: each goes on from its checkpoint, says
// what was lost, writes the ledger of a run without faults, and leaves nothing. The head runs no workers, and remembers.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callUnary, type JobView, type RestartView } from "../../packages/protocol/src/index.ts";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { LedgerServer } from "./ledger-server.ts";
import { mistakesIn } from "./ledger-shapes.ts";
import { mute, openRayBed, untilNothingIsLeft, type OutsideDaemon, type RayBed } from "./ray-bed.ts";
import { lastJson, SageHome } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);
const deadlineMs = 60_000;
const hostCount = 4;
/** Of a machine that is busy with other things. */
const patienceMs = 150_000;
const limit = 20_000;
const shape = "keyed";
const headMemory = "/home/sage/gcs";

interface Running {
  readonly jobId: string;
  readonly ledger: string;
  /** Of the operator with most instances. */
  readonly instances: readonly { readonly host: string; readonly pid: number }[];
}

describe.skipIf(refusal !== undefined)("faults under jobs on Ray", { timeout: 300_000 }, () => {
  let bed: RayBed;
  let daemon: OutsideDaemon;
  let home: SageHome;
  let ledgers: LedgerServer;
  beforeAll(async () => {
    bed = await openRayBed({ prefix: "rayf-", net: "10.231.64.0/24", hasWorker: true, headMemory });
    daemon = await bed.startDaemon(["--warm-workers", "0"]);
    home = await SageHome.make();
    ledgers = await LedgerServer.open(bed.hosts.facts.machine);
  }, 300_000);
  afterAll(async () => {
    await ledgers?.[Symbol.asyncDispose]();
    await daemon?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
    await bed?.[Symbol.asyncDispose]();
  }, 120_000);

  const get = (jobId: string): Promise<JobView> => callUnary(daemon.client, "Get", { jobId }, { deadlineMs });
  const numberOf = (host: string): number => Number(/\d+$/.exec(host)![0]);
  const rowsOf = ({ ledger }: Running): number => ledgers.written(ledger, "all").rows.length;

  /** A job that has committed something, and does not end by itself. */
  async function start(): Promise<Running> {
    const ledger = `ledger-${Math.random().toString(36).slice(2)}`;
    const params = { out: ledgers.urlOf(ledger), shape, limit, slow: 300 };
    const ran = await home.sage("job", "submit", "tests/e2e/programs/ledger.ts", "--json", "--port", String(daemon.port), "--parallelism", "3", ...Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]));
    const { jobId } = lastJson(ran) as { jobId: string };
    const job = await until("the job has committed something", async () => (ledgers.written(ledger, "all").rows.length > 0 ? get(jobId) : undefined), patienceMs);
    return { jobId, ledger, instances: instancesOf(job) };
  }

  const instancesOf = ({ operators }: JobView) => operators.toSorted((a, b) => b.instances.length - a.instances.length)[0]!.instances;

  /** Why the job was restarted, when it has committed again. */
  async function restarted(running: Running, restarts = 1): Promise<RestartView> {
    const job = await until("the job runs again", async () => {
      const job = await get(running.jobId);
      if (job.phase === "FAILED") throw new Error(job.failure?.message);
      return job.phase === "RUNNING" && job.restartCount >= restarts ? job : undefined;
    }, patienceMs);
    const rows = rowsOf(running);
    await until("it has committed more", () => rowsOf(running) > rows);
    expect(job.restartCount).toBe(restarts);
    return job.restarts.at(-1)!;
  }

  /** The job's end: all records are there once, and nothing of it is. */
  async function completes(running: Running): Promise<void> {
    ledgers.hurry(running.ledger);
    const job = await until("the job has ended and let go", async () => {
      const job = await get(running.jobId);
      return job.resourcesReleased ? job : undefined;
    }, patienceMs);
    expect([job.phase, job.failure?.message ?? ""]).toEqual(["COMPLETED", ""]);
    expect(await mistakesIn(shape, limit, (folder) => ledgers.written(running.ledger, folder))).toEqual([]);
  }

  /** Of no job on the hosts that run. */
  const requireNothingLeft = (...hosts: readonly number[]): Promise<void> => untilNothingIsLeft(bed, { hosts, patienceMs });

  const all = Array.from({ length: hostCount }, (_, i) => i + 1);

  test("the Node child is killed, then an actor by ray.kill: the job names each, and goes on", async () => {
    const running = await start();
    const [, { host, pid }] = running.instances as [unknown, { host: string; pid: number }];
    await bed.hosts.exec(numberOf(host), `kill -9 ${pid}`);
    expect(await restarted(running)).toMatchObject({ code: "SAGE_WORKER_LOST", cause: `worker 1 on ${host} was ended by SIGKILL` });
    await bed.python(`import ray
ray.init("${bed.hosts.host(1).ip}:6379", namespace="sage", logging_level="ERROR")
ray.kill(ray.get_actor(next(name for name in (a["name"] for a in ray.util.list_named_actors(all_namespaces=True)) if "${running.jobId}/0/2" in name)))`);
    const second = await restarted(running, 2);
    expect([second.code, second.cause]).toEqual(["SAGE_WORKER_LOST", expect.stringMatching(/^worker 0 on rayf-\d was lost: .*killed by `ray.kill`/)]);
    await completes(running);
    await requireNothingLeft(...all);
  });

  test("a host's raylet is killed: the job names the host, goes on elsewhere, and the host comes back", async () => {
    const running = await start();
    const { host } = running.instances[0]!;
    const n = numberOf(host);
    await bed.hosts.exec(n, "pkill -KILL -x raylet"); // of that host's processes
    const { cause } = await restarted(running);
    expect(cause).toContain(host);
    await completes(running);
    await requireNothingLeft(...all);
    await bed.startRay(n);
    await bed.untilAlive(hostCount);
  });

  test("a host loses power: the job names the host, and goes on elsewhere within the time that Ray needs to notice", async () => {
    const running = await start();
    const { host } = running.instances[0]!;
    const n = numberOf(host);
    await bed.hosts.kill(n);
    expect(await restarted(running)).toMatchObject({ code: "SAGE_HOST_LOST", cause: expect.stringMatching(`^worker \\d is lost: its host ${host} has not answered for \\d+ s$`), host });
    await completes(running);
    await requireNothingLeft(...all.filter((each) => each !== n));
    await bed.hosts.boot(n);
    await bed.startRay(n);
    await bed.untilAlive(hostCount);
  });

  test.each([["both ways", (n: number, isCut: boolean) => (isCut ? bed.hosts.cut(n) : bed.hosts.heal(n))], ["one way", (n: number, isCut: boolean) => mute(bed, n, isCut)]] as const)(
    "a host's network is cut %s: the job names the host and goes on elsewhere; when the host is back, what ran there ends", async (_, cut) => {
      const running = await start();
      const { host } = running.instances[0]!;
      const n = numberOf(host);
      await cut(n, true);
      expect(await restarted(running)).toMatchObject({ code: "SAGE_HOST_LOST", host });
      await completes(running);
      await cut(n, false);
      await requireNothingLeft(...all);
      await bed.restartRay(n);
      await bed.untilAlive(hostCount);
    });

  test("Ray's head is killed: records flow on, and when it is back new workers find their place", async () => {
    const running = await start();
    await bed.hosts.exec(1, "pkill -KILL -u sage"); // whatever of Ray runs there
    const rows = rowsOf(running);
    await until("the job has committed more without a head", () => rowsOf(running) > rows + 100);
    expect((await get(running.jobId)).restartCount).toBe(0);
    await bed.restartRay(1);
    await bed.untilAlive(hostCount);
    const { host, pid } = running.instances[1]!;
    await bed.hosts.exec(numberOf(host), `kill -9 ${pid}`);
    expect((await restarted(running)).cause).toContain(`worker 1 on ${host}`);
    await completes(running);
    await requireNothingLeft(...all);
  });
});
