// A Ray cluster on four hosts with real sshd and real Ray, typed as the guides type it, and what happens when things
// break. One story: each test goes on from where the one before it left the hosts.

import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClusterReport, ClusterStatus } from "@sage/cluster";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { contentOf, holdActor, leftOn, names, openBed, requireCode, sage, sageJson, says, spawnSage, tokenOf, type Bed } from "./cluster-bed.ts";
import { root } from "./sage.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

const states = ({ hosts }: ClusterReport) => hosts.map(({ host, state }) => `${host} ${state}`);
const rays = ({ hosts }: ClusterStatus) => hosts.map(({ host, ray }) => `${host} ${ray}`);

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
    expect((await sage(bed, "sage ssh sage2 -- hostname")).stdout).toBe(`${bed.hosts.host(2).name}\n`); // by the configuration's own ssh config
    const nothing = await sage(bed, "sage head logs");
    expect([nothing.code, nothing.stdout]).toEqual([3, ""]);
    expect(nothing.stderr).toContain("Ray has written no log on base-sage yet");
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

  test("a worker that has work is not stopped: it gets no new work, and is removed when what it had has ended", async () => {
    requireCode(await sage(bed, "sage cluster scale add sage5:22"), 0);
    const { ended } = await holdActor(bed, "sage5");
    const busy = await sage(bed, "sage cluster scale remove sage5:22 --timeout 1s");
    requireCode(busy, 5);
    expect(busy.stdout).toMatch(/still has work.*actor Keeper \(keeper\)/);
    expect(await contentOf(bed.configPath)).toContain("sage5:22");
    const removing = spawnSage(bed, "sage cluster scale remove sage5:22");
    await says(removing.stderr!, "waits for actor Keeper");
    await bed.hosts.exec(1, "touch /tmp/asked; until [ -e /tmp/worked ]; do sleep 0.1; done");
    expect(removing.exitCode).toBe(null);
    await bed.hosts.exec(1, "touch /tmp/let-go");
    expect(await ended).toContain("no new work there");
    const [code] = (await once(removing, "close")) as [number];
    expect(code).toBe(0);
    expect(await contentOf(bed.configPath)).not.toContain("sage5:22");
    expect(await leftOn(bed, 4)).toBe("");
  });

  test("--now does not wait for work", async () => {
    requireCode(await sage(bed, "sage cluster scale add sage5:22"), 0);
    const { ended } = await holdActor(bed, "sage5");
    requireCode(await sage(bed, "sage cluster scale remove sage5:22 --now"), 0);
    expect(await contentOf(bed.configPath)).not.toContain("sage5:22");
    await bed.hosts.exec(1, "touch /tmp/asked /tmp/let-go");
    await ended.catch(() => {}); // its actor was taken from it
    await bed.hosts.exec(1, "rm -f /tmp/hold.py /tmp/held /tmp/asked /tmp/worked /tmp/let-go");
  });

  test("a job whose worker sits on the host that is removed is moved and goes on elsewhere, its count complete; its workers and callers come over TLS", async () => {
    const open = { SAGE_DAEMON_BIND_HOST: "0.0.0.0", SAGE_DAEMON_HOST: bed.hosts.host(1).ip };
    const onOther = bed.hosts.host(4).name;
    requireCode(await sage(bed, "sage cluster scale add sage5:22"), 0);
    requireCode(await sage(bed, "sage deploy start --daemon-only", open), 0);
    expect((await sage(bed, "sage jobmanager status --remote", open)).stdout).toMatch(/JobManager: up.*, TLS,/);
    expect((await sage(bed, "sage job list", { ...open, SAGE_DAEMON_TLS_MODE: "off" })).stderr).toContain("speaks TLS, and was called in clear text");
    const jobId = (await sage(bed, `sage job submit ${root}/tests/e2e/programs/moved.ts`, open)).stdout.trim();
    const shown = async () => (await sage(bed, `sage job show ${jobId} -v`, open)).stdout;
    await expect.poll(async () => (await shown()).includes(onOther), { timeout: 60_000, interval: 500 }).toBe(true);
    const removed = await sage(bed, "sage cluster scale remove sage5:22 --move", open);
    requireCode(removed, 0);
    expect(removed.stderr).toContain(`moves job ${jobId.slice(0, 8)}`);
    expect(await contentOf(bed.configPath)).not.toContain("sage5:22");
    expect(await leftOn(bed, 4)).toBe("");
    requireCode(await sage(bed, `sage job watch ${jobId}`, open), 0);
    const said = await shown();
    expect(said).toMatch(/completed/);
    expect(said).not.toMatch(new RegExp(`${onOther}:\\d+`)); // none of its tasks; the savepoint names it
    const counts = (await sage(bed, `sage job logs ${jobId}`, open)).stdout.match(/"?key"?: ?\d+.*"?count"?: ?\d+.*"?sum"?: ?\d+/g) ?? [];
    const expected = Array.from({ length: 10 }, (_, key) => `${key} 2000 ${2_000 * key + 10 * (1_999 * 2_000) / 2}`);
    expect(counts.map((line) => line.match(/\d+/g)!.join(" ")).sort()).toEqual(expected.sort());
    requireCode(await sage(bed, "sage deploy stop --daemon-only", open), 0);
  });

  test("Ray's ports want the token, which lies in a file of its user alone and in no command line", async () => {
    const token = await tokenOf(bed, 1);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(await tokenOf(bed, 2)).toBe(token);
    expect((await bed.hosts.exec(2, "stat -c '%a %U' /home/sage/ray-token")).trim()).toBe("600 sage");
    const asked = "import sys,urllib.request as u,urllib.error as e\ntry: print(u.urlopen(u.Request('http://127.0.0.1:8265/api/version',headers={'User-Agent':'t'})).status)\nexcept e.HTTPError as x: print(x.code)";
    expect((await bed.hosts.exec(1, `python3 -c "${asked}"`)).trim()).toBe("401");
    for (const n of [1, 2]) expect(await bed.hosts.exec(n, `t=$(cat /home/sage/ray-token); for dir in /proc/[0-9]*; do [ $dir = /proc/$$ ] || tr '\\0' ' ' <$dir/cmdline 2>/dev/null | { read -r line; case $line in *"$t"*) echo "$line" ;; esac; }; done`)).toBe("");
    expect((await sage(bed, "sage cluster status", { SAGE_DEBUG: "1" })).stderr).not.toContain(token);
  });

  test("status --watch looks again over the same connections, a line of JSON each time", async () => {
    const watching = spawnSage(bed, "sage cluster status --watch --interval 100ms --json", "pipe");
    let lines = "";
    for await (const chunk of watching.stdout!.setEncoding("utf8")) {
      lines += chunk as string;
      if (lines.split("\n").length > 3) break;
    }
    watching.kill("SIGINT");
    if (watching.exitCode === null) await once(watching, "close");
    expect(lines.split("\n").slice(0, 3).map((line) => (JSON.parse(line) as ClusterStatus).hosts.length)).toEqual([3, 3, 3]);
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
    // From here, where the daemon cannot be dialled: through SSH by itself.
    expect((await sage(bed, "sage jobmanager status")).stdout).toContain("healthy: JobManager at base-sage:19001, through SSH");
    requireCode(await sage(bed, "sage job list"), 0);
    expect((await sage(bed, "sage job list", { SAGE_DAEMON_TUNNEL: "never" })).code).toBe(4);
    expect((await sage(bed, "sage deploy stop --daemon-only")).code).toBe(0);
    const nobody = await sage(bed, "sage job list");
    requireCode(nobody, 4);
    expect(nobody.stderr).toMatch(/no JobManager listens on base-sage at port 19001[\s\S]*sage deploy start --daemon-only/);
    expect(await leftOn(bed, 1)).toBe("");
  });

  test("NoKube's file, users by password, the second entry counts: start, status, stop, nothing left", async () => {
    const started = await sage(bed, `sage ray start --config ${bed.nokubePath}`);
    requireCode(started, 0);
    expect(started.stderr).toContain("Ray's client server");
    const status = await sageJson<ClusterStatus>(bed, `sage ray status --config ${bed.nokubePath}`);
    expect(status.hosts.map(({ host, total }) => [host, total?.["CPU"]])).toEqual([["ray-head-prod", 1], ["ray-worker-1", 2]]);
    const following = spawnSage(bed, `sage head logs -f --config ${bed.nokubePath}`, "pipe");
    for await (const chunk of following.stdout!.setEncoding("utf8")) if ((chunk as string).includes("ray-head.log")) break;
    following.kill("SIGINT");
    expect((await sage(bed, `sage ray stop --config ${bed.nokubePath}`)).code).toBe(0);
    expect((await sage(bed, `sage ray status --config ${bed.nokubePath}`)).stdout).toContain(`sage cluster start --config ${bed.nokubePath}`);
    for (const n of [1, 2]) expect(await leftOn(bed, n)).toBe("");
  });
});
