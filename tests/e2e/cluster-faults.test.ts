// Commands that are killed in the middle, and hosts that are cut from the network in the middle: each ends with the right
// message, exit code and state, and the same command again does what is left. One cluster; each test goes on from where
// the one before it left the hosts.

import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClusterReport, ClusterStatus, HostReport, ScaleReport } from "@sage/cluster";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { contentOf, holdActor, leftOn, names, openBed, requireCode, sage, sageJson, says, spawnSage, type Bed } from "./cluster-bed.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

const [head, cut, spare] = [1, 3, 4];
const rays = ({ hosts }: ClusterStatus) => hosts.map(({ host, ray }) => `${host} ${ray}`);
const outcomes = ({ hosts }: ClusterReport) => hosts.map(({ host, state, code }) => [host, code ?? state].join(" "));

describe.skipIf(refusal !== undefined)("what is broken in the middle", { timeout: 240_000 }, () => {
  let bed: Bed;
  let config = "";
  beforeAll(async () => {
    bed = await openBed();
    config = await contentOf(bed.configPath);
  }, 600_000);
  afterAll(() => bed?.[Symbol.asyncDispose]());

  const isThere = (path: string) => `until [ -e ${path} ]; do sleep 0.05; done`;
  const runs = ([first, ...rest]: string) => `until pgrep -f '[${first}]${rest.join("")}' >/dev/null; do sleep 0.05; done`; // not the shell that looks

  /** Types a line, and kills it once a host (or the line itself) says so. */
  async function killed(line: string, when: { readonly n: number; readonly seen: string } | string): Promise<void> {
    const child = spawnSage(bed, line);
    const closed = once(child, "close");
    if (typeof when === "string") await says(child.stderr!, when);
    else {
      child.stderr!.resume();
      await Promise.race([bed.hosts.exec(when.n, when.seen), closed.then(() => { throw new Error(`${line} ended before ${when.seen}`); })]);
    }
    child.kill("SIGKILL");
    await closed;
  }

  /** Types a line, and cuts host `n` once that host (or the line itself) says so; heals it when the line has ended. */
  async function cutIn<T extends ClusterReport>(line: string, n: number, when: { readonly seen: string } | string): Promise<{ readonly code: number | null; readonly report: string; readonly hosts: T["hosts"]; readonly changed: boolean }> {
    const child = spawnSage(bed, typeof when === "string" ? line : `${line} --json`, "pipe");
    const closed = once(child, "close");
    let report = "";
    child.stdout!.setEncoding("utf8").on("data", (text: string) => { report += text; });
    if (typeof when === "string") await says(child.stderr!, when);
    else {
      child.stderr!.resume();
      await bed.hosts.exec(n, when.seen);
    }
    await bed.hosts.cut(n);
    try {
      const [code] = (await closed) as [number | null];
      const { hosts, configChanged = false } = report.startsWith("{") ? (JSON.parse(report) as ScaleReport) : { hosts: [] as readonly HostReport[] };
      return { code, report, hosts, changed: configChanged };
    } finally {
      await bed.hosts.heal(n);
    }
  }

  test.for([
    ["has just begun", "base-sage  starts Ray"], ["has started Ray's first process", "gcs_server"], ["has started Ray's dashboard", "dashboard.py"],
  ])("a start that is killed when it %s, and then a stop: nothing is left, neither process nor port nor file", async ([, moment]) => {
    await killed("sage head start", moment!.includes(" ") ? moment! : { n: head, seen: runs(moment!) });
    requireCode(await sage(bed, "sage head stop"), 0);
    expect(await leftOn(bed, head)).toBe("");
    expect(outcomes(await sageJson(bed, "sage head stop"))).toEqual(["base-sage same"]);
  });

  test("a start that is killed while workers join is gone on with; a host that is cut then is named, and the next start brings it in", async () => {
    await killed("sage cluster start", { n: 2, seen: isThere("/home/sage/run/ray-worker") });
    const partly = await cutIn("sage cluster start", cut, "sage4  waits for the Ray that is starting");
    expect(partly.code).toBe(5);
    expect(partly.report).toMatch(/base-sage +head +(ok|done)[^]*sage2 +worker +(ok|done)[^]*sage4 +worker +failed +the connection to .* was lost[^]*next: Run the command again/);
    requireCode(await sage(bed, "sage cluster start"), 0);
    expect(rays(await sageJson(bed, "sage cluster status"))).toEqual(["base-sage up", "sage2 up", "sage4 up"]);
  });

  test("status shows what of each host is free and in use: all of it at first, and less while an actor holds a processor", async () => {
    const free = async () => (await sageJson<ClusterStatus>(bed, "sage cluster status")).hosts.map(({ host, free: left, total }) => `${host} ${left?.["CPU"]} of ${total?.["CPU"]}`);
    await expect.poll(free, { timeout: 60_000 }).toEqual(["base-sage 1 of 1", "sage2 2 of 2", "sage4 2 of 2"]); // Ray counts every five seconds
    const { ended } = await holdActor(bed, "sage2");
    await expect.poll(free, { timeout: 60_000 }).toEqual(["base-sage 1 of 1", "sage2 1 of 2", "sage4 2 of 2"]);
    const shown = await sage(bed, "sage cluster status");
    expect(shown.stdout).toContain("in use: 1 of 5 CPUs");
    expect(shown.stdout).toMatch(/sage2 .* up +[0-9.]+ +2 +1 /);
    await bed.hosts.exec(head, "touch /tmp/asked /tmp/let-go");
    await ended;
    await bed.hosts.exec(head, "rm -f /tmp/hold.py /tmp/held /tmp/asked /tmp/worked /tmp/let-go");
  });

  test("scale add that is killed, or whose host is cut, leaves the configuration as it was; scale remove cleans up behind it, and the next one completes it", async () => {
    await killed("sage cluster scale add sage5", { n: spare, seen: isThere("/home/sage/run/ray-worker") });
    expect(await contentOf(bed.configPath)).toBe(config);
    // No file names it; scale remove takes away what is there all the same, and then there is no such host.
    requireCode(await sage(bed, "sage cluster scale remove sage5"), 0);
    expect(await leftOn(bed, spare)).toBe("");
    requireCode(await sage(bed, "sage cluster scale remove sage5"), 3);
    expect(await contentOf(bed.configPath)).toBe(config);
    const partly = await cutIn<ScaleReport>("sage cluster scale add sage5", spare, "sage5  ");
    expect([partly.code, partly.report]).toEqual([5, expect.stringMatching(/sage5 +worker +failed +the connection to .* was lost[^]*next: Run the command again[^]*the configuration was not changed/)]);
    expect(await contentOf(bed.configPath)).toBe(config);
    requireCode(await sage(bed, "sage cluster scale add sage5"), 0);
    expect(await contentOf(bed.configPath)).toContain('workers_ssh_hosts: "sage2:22,sage4:22,sage5:22"');
    expect(rays(await sageJson(bed, "sage cluster status"))).toEqual(["base-sage up", "sage2 up", "sage4 up", "sage5 up"]);
  });

  test("scale remove whose host is cut, or that is killed, keeps the host in the configuration; the next one takes it out and leaves nothing", async () => {
    const partly = await cutIn<ScaleReport>("sage cluster scale remove sage5", spare, "sage5  tells Ray");
    expect([4, 5]).toContain(partly.code); // 4 where the connection was found broken before the node was
    expect(partly.report).toMatch(/sage5 +worker +failed +.*(cannot be reached|was lost)[^]*next: .*--now[^]*the configuration was not changed/);
    expect(await contentOf(bed.configPath)).toContain("sage5");
    await killed("sage cluster scale remove sage5", "sage5  stops Ray");
    expect(await contentOf(bed.configPath)).toContain("sage5");
    requireCode(await sage(bed, "sage cluster scale remove sage5"), 0);
    expect(await contentOf(bed.configPath)).toContain('workers_ssh_hosts: "sage2:22,sage4:22"');
    expect(await leftOn(bed, spare)).toBe("");
  });

  test("a stop that is killed, one whose host is cut, and the one that completes them touch no other Ray of the same user", async () => {
    // On a loaded machine Ray's half a minute for a node to come up is short now and then.
    await bed.hosts.exec(head, `cat >/tmp/their-start <<'END'
echo $$ >/tmp/their-session
exec ${bed.python.replace(/python$/, "ray")} start --head --port=7379 --node-ip-address=127.0.0.1 --ray-client-server-port=7380 --temp-dir=/tmp/theirs --num-cpus=1 --object-store-memory=80000000 --include-dashboard=false --disable-usage-stats
END
for try in 1 2 3; do su sage -c 'setsid -w sh /tmp/their-start' && exit; pkill -KILL -s $(cat /tmp/their-session); done; exit 1`);
    const theirs = `${bed.python} -c \\"import ray; ray.init(address='127.0.0.1:7379', log_to_driver=False); print('answer', ray.get(ray.remote(lambda: 42).remote()))\\"`;
    await killed("sage cluster stop", "sage2  stops Ray");
    const partly = await cutIn("sage cluster stop", cut, "sage4  stops Ray");
    expect([partly.code, partly.report]).toEqual([5, expect.stringMatching(/sage4 +worker +failed +the connection to .* was lost[^]*next: Run the command again/)]);
    const last = await sageJson<ClusterReport>(bed, "sage cluster stop");
    expect(last.hosts.filter(({ state }) => state === "failed")).toEqual([]);
    expect(await bed.hosts.exec(head, `su sage -c "cd; ${theirs}" 2>&1`)).toContain("answer 42");
    await bed.hosts.exec(head, "pkill -KILL -s $(cat /tmp/their-session); while pgrep -s $(cat /tmp/their-session) >/dev/null; do sleep 0.1; done; rm -rf /tmp/their*");
    for (const n of names.keys()) expect(await leftOn(bed, n + 1)).toBe("");
    expect(outcomes(await sageJson(bed, "sage cluster stop"))).toEqual(["base-sage same", "sage2 same", "sage4 same"]);
  });
});
