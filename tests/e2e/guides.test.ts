// What the user guides say to type, line by line and in their order, on hosts with the guides' names and real Ray. Each
// line has to end with code 0; what it must have brought about is said behind it.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { contentOf, leftOn, names, openBed, sage, type Bed } from "./cluster-bed.ts";
import { root } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

describe.skipIf(refusal !== undefined)("the guides, typed word for word", { timeout: 240_000 }, () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await openBed();
  }, 600_000);
  afterAll(() => bed?.[Symbol.asyncDispose]());

  /** Types one line; gives what it wrote to stdout. */
  async function type(line: string): Promise<string> {
    const { code, stdout, stderr } = await sage(bed, line);
    if (code !== 0) throw new Error(`${line} ended with ${code}:\n${stdout}\n${stderr}`);
    return stdout;
  }
  const isUp = (hosts: number) => `up, ${hosts} of ${hosts} hosts up, Ray 2.60.0 at base-sage:6379`;

  test("scenario 1: a cluster is deployed for the first time", async () => {
    expect(await type("sage cluster info")).toContain("base-sage:6379");
    expect(await type("sage cluster deploy")).toMatch(/base-sage +head +done[\s\S]*sage2 +worker +done[\s\S]*sage4 +worker +done/);
    expect(await type("sage cluster start")).toMatch(/base-sage +head +done[\s\S]*sage2 +worker +done[\s\S]*sage4 +worker +done/);
    expect(await type("sage cluster status")).toContain(isUp(3));
  });

  test("scenario 2: daily start, status and stop", async () => {
    expect(await type("sage cluster start")).toMatch(/base-sage +head +ok/);
    expect(await type("sage cluster status")).toContain(isUp(3));
    // The guides' http://base-sage:8265 answers, to who has the token.
    expect((await fetch(`http://${bed.hosts.host(1).ip}:8265/api/version`, { headers: { "user-agent": "guide" } })).status).toBe(401);
    expect(await type("sage cluster stop")).toMatch(/base-sage +head +done +ray-head ended, \/tmp\/ray_head emptied/);
    for (const n of names.keys()) expect(await leftOn(bed, n + 1)).toBe("");
  });

  test("scenario 3: workers are added and removed while the cluster runs", async () => {
    await type("sage cluster start");
    expect(await type("sage cluster scale add new-worker:22")).toMatch(/new-worker +worker +done +started/);
    expect(await contentOf(bed.configPath)).toContain('workers_ssh_hosts: "sage2:22,sage4:22,new-worker:22"');
    expect(await type("sage cluster status")).toContain(isUp(4));
    expect(await type("sage cluster scale remove new-worker:22")).toMatch(/new-worker +worker +done +ray-worker ended/);
    expect(await contentOf(bed.configPath)).toContain('workers_ssh_hosts: "sage2:22,sage4:22"');
    expect(await leftOn(bed, 4)).toBe("");
  });

  test("scenario 4: faults are found, and what is ill is restarted", async () => {
    expect(await type("sage cluster status")).toContain(isUp(3));
    expect(await type("sage head status")).toContain("JobManager: down");
    expect(await type("sage worker status")).toMatch(/sage2 +worker +ok +up[\s\S]*sage4 +worker +ok +up/);
    expect(await type("sage head logs --lines 100")).toContain("gcs_server.out");
    expect(await type("sage head restart")).toMatch(/base-sage +head +done +started/);
    expect(await type("sage worker restart")).toMatch(/sage2 +worker +done +started[\s\S]*sage4 +worker +done +started/);
    expect(await type("sage cluster status")).toContain(isUp(3));
  });

  test("scenario 5: an update is deployed", async () => {
    await type("sage cluster stop");
    expect(await type("sage cluster deploy")).toContain("has everything");
    await type("sage cluster start");
    expect(await type("sage cluster status")).toContain(isUp(3));
  });

  test("the commands for workers and the head alone", async () => {
    expect(await type("sage worker config")).toMatch(/sage2 +worker +sage2:22/);
    expect(await type("sage worker deploy")).toMatch(/sage2 +worker +ok +has everything/);
    expect(await type("sage worker add sage5:22")).toMatch(/sage5 +worker +done +started/);
    expect(await type("sage worker remove sage5:22")).toMatch(/sage5 +worker +done +ray-worker ended/);
    expect(await type("sage worker stop")).toMatch(/sage2 +worker +done[\s\S]*sage4 +worker +done/);
    expect(await type("sage worker start")).toMatch(/sage2 +worker +done +started/);
    expect(await type("sage head logs --lines 50")).toContain("gcs_server.out");
    expect(await type("sage config")).toContain("base-sage");
    for (const words of ["", " cluster", " head", " worker"]) expect(await type(`sage${words} --help`)).toContain("Usage: sage");
  });

  test("the remote mode's guide: Ray and the JobManager together, a job, and the end of all", async () => {
    expect(await type("sage deploy start --with-workers")).toContain("the JobManager listens on 127.0.0.1:19001");
    expect(await type("sage deploy status")).toContain("JobManager: up");
    expect(await type("sage jobmanager status")).toContain("healthy");
    expect(await type("sage cluster status")).toContain(isUp(3));
    expect(await type(`sage run ${join(root, "examples/hello-remote-batch/main.ts")}`)).toContain("[remote] 8");
    expect(await type("sage job list")).toMatch(/remote_batch_demo +completed/);
    expect(await type("sage deploy stop --with-workers")).toContain("the JobManager ended");
    for (const n of names.keys()) expect(await leftOn(bed, n + 1)).toBe("");
  });
});
