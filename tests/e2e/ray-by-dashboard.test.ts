// Jobs on a Ray cluster of which only the dashboard can be reached: its client server is closed.

import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../packages/ray-control/src/testing/until.ts";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { hostsOf, newestJob, openRayBed, untilNothingIsLeft, type OutsideDaemon, type RayBed } from "./ray-bed.ts";
import { SageHome } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

describe.skipIf(refusal !== undefined)("a Ray cluster of four hosts whose port 10001 is closed", { timeout: 180_000 }, () => {
  let bed: RayBed;
  let daemon: OutsideDaemon;
  let home: SageHome;
  const ip = () => bed.hosts.host(1).ip;
  const startDaemon = (...flags: string[]) => bed.startDaemon(["--ray-address", `http://${ip()}:8265`, "--warm-workers", "0", "--data-ports", "21000-21099", ...flags]);
  beforeAll(async () => {
    bed = await openRayBed({ prefix: "rayj-", net: "10.231.69.0/24", hasWorker: false });
    await bed.hosts.exec(1, "pkill -KILL -f '[r]ay.util.client.server'");
    await until("10001 is closed", async () => !(await answers(ip(), 10_001)));
    daemon = await startDaemon();
    home = await SageHome.make();
  }, 600_000);
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
    await bed?.[Symbol.asyncDispose]();
  });

  const here = () => ["--remote", "--host", "127.0.0.1", "--port", String(daemon.port)];
  const drivers = async () => (await bed.dashboard.jobs.list()).filter(({ submissionId, status }) => submissionId.startsWith("sage-driver-") && status === "RUNNING");

  test("hello-remote-batch runs on its hosts, by a driver that Ray lists as a job, and leaves nothing", async () => {
    const ran = await home.sage("run", "examples/hello-remote-batch/main.ts", ...here());
    expect(ran.stderr).not.toContain("rror");
    expect(ran.stdout).toContain("[remote] 8\n");
    expect(ran.stdout).toContain("final status: completed");
    expect(hostsOf(await newestJob(daemon))[0]).toMatch(/^rayj-\d$/);
    expect(await drivers()).toHaveLength(1);
    await untilNothingIsLeft(bed);
  });

  test("workers of a job go to several hosts, or with --ray-placement pack to one that has room for all", async () => {
    const run = async (port: number) => {
      const ran = await home.sage("run", "tests/e2e/programs/slow-instance.ts", "--remote", "--host", "127.0.0.1", "--port", String(port));
      expect([ran.code, ran.code === 0 ? "" : ran.stderr, ran.stdout.trim()]).toEqual([0, "", '{"count":400,"sum":79800,"instances":2}']);
    };
    await run(daemon.port);
    expect(hostsOf(await newestJob(daemon))).toHaveLength(2);
    await using packing = await startDaemon("--ray-placement", "pack");
    await run(packing.port);
    expect(hostsOf(await newestJob(packing))).toHaveLength(1);
  });

  test("a daemon that ends takes its driver with it; one that is killed loses it to the next, which works as well", async () => {
    await daemon.kill();
    await until("the driver has ended with its daemon", async () => (await drivers()).length === 0);
    daemon = await startDaemon();
    const ran = await home.sage("run", "examples/hello-remote-batch/main.ts", ...here());
    expect([ran.code, ran.code === 0 ? "" : ran.stderr]).toEqual([0, ""]);
    expect(ran.stdout).toContain("[remote] 8\n");
    await daemon[Symbol.asyncDispose]();
    expect(await drivers()).toEqual([]);
    await untilNothingIsLeft(bed);
    daemon = await startDaemon();
  });
});

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => { socket.destroy(); resolve(true); }).once("error", () => resolve(false));
  });
}
