// A cluster that Sage made, with its daemon on the head, and jobs from a place outside: they run on the hosts' own disks.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClusterReport } from "@sage/cluster";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { openBed, sage, sageJson, type Bed } from "./cluster-bed.ts";
import { flightsFile } from "./ray-bed.ts";
import { root } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

describe.skipIf(refusal !== undefined)("jobs on a cluster that Sage made", { timeout: 170_000 }, () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await openBed("rayc-", "10.231.63.0/24", [join(flightsFile, "..")]);
  }, 300_000);
  afterAll(() => bed?.[Symbol.asyncDispose]());

  test("Ray and the daemon come up, with the worker on every host's disk", async () => {
    const started = await sageJson<ClusterReport>(bed, "sage cluster start");
    expect(started.hosts.map(({ host, state }) => `${host} ${state}`)).toEqual(["base-sage changed", "sage2 changed", "sage4 changed"]);
    const daemon = await sage(bed, "sage deploy start --daemon-only");
    expect([daemon.code, daemon.stderr.includes("failed")]).toEqual([0, false]);
    for (const n of [1, 2, 3]) expect(await bed.hosts.exec(n, "ls /home/sage/worker/releases/*/worker.mjs")).toContain("worker.mjs");
    const [words] = (await bed.hosts.exec(1, "for dir in /proc/[0-9]*; do tr '\\0' ' ' <$dir/cmdline | grep '[d]aemon.mjs' || :; done")).split("\n");
    expect(words).toMatch(/--ray-address ray:\/\/127\.0\.0\.1:10001 --advertise-host 10\.231\.63\.11 --workers-port 19003/);
  });

  test("a job through the tunnel: lines of its sink come back, and flights counts on three hosts what one process counts", async () => {
    const tunnel = spawn(process.execPath, [join(root, "packages/cli/bin/sage.mjs"), "tunnel"], { cwd: bed.project, env: bed.env, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const target = await jobManagerPort(tunnel.stdout);
      const hello = await sage(bed, `sage run ${root}/examples/hello-remote-batch/main.ts --remote --host 127.0.0.1 --port ${target}`);
      expect([hello.code, hello.stdout.includes("[remote] 8\n")]).toEqual([0, true]);
      const flights = `sage run ${root}/examples/flights/main.ts --parallelism 5 --param data=${flightsFile} --param`;
      const remote = await sage(bed, `${flights} out=${bed.project}/remote --remote --host 127.0.0.1 --port ${target}`);
      expect([remote.code, remote.stderr.includes("rror") ? remote.stderr : ""]).toEqual([0, ""]);
      expect((await sage(bed, `${flights} out=${bed.project}/embedded`)).code).toBe(0);
      expect(await readFile(`${bed.project}/remote/delays.csv`, "utf8")).toBe(await readFile(`${bed.project}/embedded/delays.csv`, "utf8"));
      const shown = await sage(bed, `sage job show 2 -v --host 127.0.0.1 --port ${target}`);
      expect(new Set(shown.stdout.match(/rayc-\d/g)).size).toBe(3);
    } finally {
      tunnel.kill("SIGINT");
      await once(tunnel, "close");
    }
  });
});

/** What the tunnel says of its door to the daemon. */
async function jobManagerPort(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: output });
  for await (const line of lines) {
    const port = /^JobManager +127\.0\.0\.1:(\d+) /.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error("the tunnel ended without a door to the JobManager");
}
