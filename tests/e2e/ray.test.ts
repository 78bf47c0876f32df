// Jobs on a Ray cluster of four hosts that was started by hand, without Sage on them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { flightsFile, hostsOf, newestJob, openRayBed, untilNothingIsLeft, type OutsideDaemon, type RayBed } from "./ray-bed.ts";
import { SageHome } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

describe.skipIf(refusal !== undefined)("jobs on a Ray cluster of four hosts", { timeout: 180_000 }, () => {
  let bed: RayBed;
  let daemon: OutsideDaemon;
  let home: SageHome;
  beforeAll(async () => {
    bed = await openRayBed({ prefix: "ray-", net: "10.231.61.0/24", hasWorker: false }); // the last host has no Node
    daemon = await bed.startDaemon(["--warm-workers", "0", "--data-ports", "21000-21099"]);
    home = await SageHome.make();
  }, 600_000);
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
    await bed?.[Symbol.asyncDispose]();
  });

  const here = () => ["--remote", "--host", "127.0.0.1", "--port", String(daemon.port)];

  test("hello-remote-batch: what its sink prints on a host comes back to the caller, and nothing is left", async () => {
    const ran = await home.sage("run", "examples/hello-remote-batch/main.ts", ...here());
    expect(ran.stderr).not.toContain("rror");
    expect(ran.stdout).toContain("[remote] 8\n");
    expect(ran.stdout).toContain("final status: completed");
    expect(hostsOf(await newestJob(daemon))[0]).toMatch(/^ray-\d$/);
    await untilNothingIsLeft(bed);
  });

  test("flights at parallelism 6 on at least three hosts, one of them without Node: the table is the embedded run's", async () => {
    const out = join(home.folder, "out");
    const program = ["run", "examples/flights/main.ts", "--parallelism", "6", "--param", `data=${flightsFile}`, "--param"];
    const [remote, embedded] = [await home.sage(...program, `out=${out}/remote`, ...here()), await home.sage(...program, `out=${out}/embedded`)];
    expect([remote.code, embedded.code, remote.stderr.includes("rror") ? remote.stderr : ""]).toEqual([0, 0, ""]);
    expect(await readFile(`${out}/remote/delays.csv`, "utf8")).toBe(await readFile(`${out}/embedded/delays.csv`, "utf8"));
    expect(hostsOf(await newestJob(daemon)).length).toBeGreaterThanOrEqual(3);
    await untilNothingIsLeft(bed);
  });
});
