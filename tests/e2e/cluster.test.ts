// A Ray cluster on four hosts with real sshd and real Ray, typed as the guides type it, and what happens when things
// break. One story: each test goes on from where the one before it left the hosts.

import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClusterReport, ClusterStatus } from "@sage/cluster";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { contentOf, leftOn, names, openBed, sage, sageJson, spawnSage, type Bed } from "./cluster-bed.ts";
import type { Ran } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

const states = ({ hosts }: ClusterReport) => hosts.map(({ host, state }) => `${host} ${state}`);
const rays = ({ hosts }: ClusterStatus) => hosts.map(({ host, ray }) => `${host} ${ray}`);

/** With what it said, if it ended otherwise. */
function requireCode(ran: Ran, code: number): void {
  if (ran.code !== code) throw new Error(`ended with ${ran.code}, not ${code}:\n${ran.stdout}\n${ran.stderr}`);
}

/** Resolves once a running command has written `text` to stderr. */
function says(stderr: NodeJS.ReadableStream, text: string): Promise<void> {
  let heard = "";
  return new Promise((resolve, reject) => {
    stderr.setEncoding("utf8").on("data", (chunk: string) => {
      heard += chunk;
      if (heard.includes(text)) resolve();
    }).once("end", () => reject(new Error(`it ended without saying ${text}: ${heard}`)));
  });
}

describe.skipIf(refusal !== undefined)("a cluster of four hosts", { timeout: 180_000 }, () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await openBed();
  }, 600_000);
  afterAll(() => bed?.[Symbol.asyncDispose]());

  test("before anything is started, status says down with exit code 4, and doctor finds nothing that fails", async () => {
    const status = await sage(bed, "sage cluster status");
    requireCode(status, 4);
    expect(status.stdout).toContain("cluster default: down, 0 of 3 hosts up");
    const doctor = await sage(bed, "sage doctor");
    requireCode(doctor, 0);
    expect(doctor.stdout).toContain("all 3 hosts reach one another");
  });

  test("scenario 1, first deploy: info, deploy; a second deploy finds everything there", async () => {
    expect((await sage(bed, "sage cluster info")).stdout).toContain("base-sage:6379");
    const first = await sageJson<ClusterReport>(bed, "sage cluster deploy");
    expect(states(first)).toEqual(["base-sage changed", "sage2 changed", "sage4 changed"]);
    expect(states(await sageJson(bed, "sage cluster deploy"))).toEqual(["base-sage same", "sage2 same", "sage4 same"]);
  });

  test("a port in use is named with the process that has it, and nothing is started", async () => {
    await bed.hosts.exec(1, "setsid su sage -c 'python3 -m http.server 6379' >/dev/null 2>&1 & until ss -Hltn | grep -q :6379; do :; done");
    const ran = await sage(bed, "sage head start");
    await bed.hosts.exec(1, "fuser -k 6379/tcp >/dev/null 2>&1 || kill $(ss -Hltnp | sed -n 's/.*:6379 .*pid=\\([0-9]*\\).*/\\1/p')");
    requireCode(ran, 5);
    expect(ran.stdout).toMatch(/6379.*python3/);
  });

  test("a start that was killed in the middle is completed by the next one; a second operator meanwhile is told who is at it", async () => {
    const killed = spawnSage(bed, "sage cluster start");
    await says(killed.stderr!, "base-sage  starts Ray");
    killed.kill("SIGKILL");
    await once(killed, "close");
    const next = spawnSage(bed, "sage cluster start");
    await says(next.stderr!, "base-sage  ");
    const other = await sage(bed, "sage cluster start");
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/being changed by .* who runs `sage cluster start`/);
    const [code] = (await once(next, "close")) as [number];
    expect(code).toBe(0);
  });

  test("scenario 2, daily: status shows every host with its configured CPUs; a repeated start changes nothing", async () => {
    const status = await sageJson<ClusterStatus>(bed, "sage cluster status");
    expect(status.hosts.map(({ host, ray, total }) => [host, ray, total?.["CPU"]])).toEqual([["base-sage", "up", 1], ["sage2", "up", 2], ["sage4", "up", 2]]);
    expect(states(await sageJson(bed, "sage cluster start"))).toEqual(["base-sage same", "sage2 same", "sage4 same"]);
  });

  test("scenario 3, scaling: a new worker is in the file once it is up; a removed one is out of it", async () => {
    const added = await sage(bed, "sage cluster scale add sage5:22");
    requireCode(added, 0);
    expect(await contentOf(bed.configPath)).toContain('workers_ssh_hosts: "sage2:22,sage4:22,sage5:22"');
    expect(rays(await sageJson(bed, "sage cluster status"))).toEqual(["base-sage up", "sage2 up", "sage4 up", "sage5 up"]);
    const removed = await sage(bed, "sage cluster scale remove sage5:22");
    requireCode(removed, 0);
    expect(await contentOf(bed.configPath)).toContain('workers_ssh_hosts: "sage2:22,sage4:22"');
    expect(await leftOn(bed, 4)).toBe("");
  });

  test("a worker that cannot be started leaves the configuration as it was", async () => {
    const before = await contentOf(bed.configPath);
    await bed.hosts.cut(4);
    const ran = await sage(bed, "sage cluster scale add sage5:22");
    await bed.hosts.heal(4);
    requireCode(ran, 4);
    expect(ran.stdout).toContain("the configuration was not changed");
    expect(await contentOf(bed.configPath)).toBe(before);
  });

  test("scenario 4, faults: a node whose Ray died is seen, and worker start brings it back", async () => {
    await bed.hosts.exec(2, "kill -KILL $(pgrep -x raylet)");
    let status = await sage(bed, "sage worker status");
    while (status.code === 0) status = await sage(bed, "sage worker status"); // until the head has noticed
    expect(status.code).toBe(5);
    expect(status.stdout).toContain("sage worker start --host sage2");
    expect((await sage(bed, "sage head status")).code).toBe(0);
    expect((await sage(bed, "sage head logs --lines 100")).stdout).toContain("gcs_server");
    const back = await sageJson<ClusterReport>(bed, "sage worker start");
    expect(states(back)).toEqual(["sage2 changed", "sage4 same"]);
    expect((await sage(bed, "sage worker status")).code).toBe(0);
  });

  test("a host without power is named with cause and fix, the others are shown, and a start after it boots brings it back", async () => {
    await bed.hosts.kill(3);
    const status = await sage(bed, "sage cluster status");
    expect(status.code).toBe(5);
    expect(status.stdout).toMatch(/sage4: .*cannot be reached/);
    await bed.hosts.boot(3);
    const back = await sage(bed, "sage cluster start");
    requireCode(back, 0);
    expect(rays(await sageJson(bed, "sage cluster status"))).toEqual(["base-sage up", "sage2 up", "sage4 up"]);
  });

  test("a wrong key is refused on every host with what to do, and changes nothing", async () => {
    const ran = await sage(bed, "sage worker stop", { SAGE_SSH_KEY_PATH: "/etc/ssh/ssh_host_ed25519_key" });
    expect(ran.code).not.toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/refused every login|cannot be read|there is no key/);
    expect((await sage(bed, "sage cluster status")).code).toBe(0);
  });

  test("scenario 5, update: after stop, no process, port or temporary file of the cluster is on any host", async () => {
    const stopped = await sage(bed, "sage cluster stop");
    requireCode(stopped, 0);
    for (const n of names.keys()) expect(await leftOn(bed, n + 1)).toBe("");
    expect(states(await sageJson(bed, "sage cluster stop"))).toEqual(["base-sage same", "sage2 same", "sage4 same"]);
  });

  test("the daemon runs on the head, answers through SSH, and ends without a trace", async () => {
    const started = await sage(bed, "sage deploy start --daemon-only");
    requireCode(started, 0);
    expect((await sage(bed, "sage jobmanager status --remote")).stdout).toContain("JobManager: up");
    expect((await sage(bed, "sage deploy start --daemon-only")).stdout).toContain("runs already");
    expect((await sage(bed, "sage deploy stop --daemon-only")).code).toBe(0);
    expect(await leftOn(bed, 1)).toBe("");
  });

  test("NoKube's file, users by password, the second entry counts: start, status, stop, nothing left", async () => {
    const started = await sage(bed, `sage ray start --config ${bed.nokubePath}`);
    requireCode(started, 0);
    expect(started.stderr).toContain("Ray's client server");
    const status = await sageJson<ClusterStatus>(bed, `sage ray status --config ${bed.nokubePath}`);
    expect(status.hosts.map(({ host, total }) => [host, total?.["CPU"]])).toEqual([["ray-head-prod", 1], ["ray-worker-1", 2]]);
    expect((await sage(bed, `sage ray stop --config ${bed.nokubePath}`)).code).toBe(0);
    for (const n of [1, 2]) expect(await leftOn(bed, n)).toBe("");
  });
});
