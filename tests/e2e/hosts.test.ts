// What happens when hosts, folders, disks, networks or the file itself are not as they should be: the right message, exit
// code and state each time, and the same command again does what is left. No Ray runs here; see cluster.test.ts.

import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClusterReport, ClusterStatus, DeployReport } from "@sage/cluster";
import { testbedRefusal } from "../testbed/start-testbed.ts";
import { contentOf, sage, sageJson, spawnSage } from "./cluster-bed.ts";
import { openSshBed, textsBelow, type SshBed } from "./ssh-bed.ts";

const refusal = testbedRefusal();
if (refusal !== undefined) console.log(`skipped: ${refusal}`);

const hostCount = 50;
const states = ({ hosts }: ClusterReport) => hosts.map(({ host, state }) => `${host} ${state}`);

describe.skipIf(refusal !== undefined)("hosts that are not as they should be", { timeout: 170_000 }, () => {
  let bed: SshBed;
  const nameOf = (n: number) => bed.hosts.host(n).name;
  const told = (text: string) => text.replaceAll(/fault-(\d+)/g, "host $1");
  beforeAll(async () => {
    bed = await openSshBed(hostCount);
  }, 300_000);
  afterAll(() => bed?.[Symbol.asyncDispose](), 120_000);

  test("of 50 hosts, 5 refuse and 5 are silent: the table names exactly those, each with its cause, all others are done, and what is silent costs one deadline", async () => {
    const refuses = (n: number) => n % 10 === 4;
    const hangs = (n: number) => n % 10 === 7;
    const workers = Array.from({ length: hostCount - 1 }, (_, i) => i + 2);
    const path = await bed.configure("fifty.yaml", `
head: { host: "${nameOf(1)}" }
workers_ssh_hosts: "${workers.map((n) => `${nameOf(n)}:${refuses(n) ? 2222 : 22}`).join(",")}"
`);
    const silent = workers.filter(hangs);
    const [stopped, ...cut] = silent; // one whose sshd takes connections and says nothing, and four that are off the network
    await Promise.all([bed.hosts.exec(stopped!, "pkill -STOP -o -x sshd"), ...cut.map((n) => bed.hosts.cut(n))]);
    const deploying = spawnSage({ ...bed, env: { ...bed.env, SAGE_DEBUG: "1" } }, `sage cluster deploy --config ${path} --json`, "pipe");
    const asked: number[] = []; // when each host had told how it is
    let slowestMs = 0; // and how long the slowest took to
    const worked: number[] = []; // when it had done something since
    createInterface(deploying.stderr!).on("line", (line) => {
      const isProbe = line.includes('"command":"sage-probe');
      if (isProbe) slowestMs = Math.max(slowestMs, Number(/"tookMs":(\d+)/.exec(line)?.[1]));
      if (line.includes('"command":"')) (isProbe ? asked : worked).push(performance.now());
    });
    const [stdout, [code]] = await Promise.all([text(deploying.stdout!), once(deploying, "close") as Promise<[number]>]);
    const endedMs = performance.now();
    await Promise.all([bed.hosts.exec(stopped!, "pkill -CONT -o -x sshd"), ...cut.map((n) => bed.hosts.heal(n))]);
    const deployed = { code, stdout };
    expect(deployed.code).toBe(5);
    // The good ones waited for one connect_timeout, not for one each. On a machine that is busy each answer takes its time.
    const deadlineMs = 4_000;
    const slackMs = 3_000 + slowestMs;
    expect(asked).toHaveLength(hostCount - 10);
    expect(Math.min(...worked) - Math.max(...asked)).toBeLessThan(deadlineMs + slackMs);
    expect(endedMs - Math.max(...worked)).toBeLessThan(deadlineMs + slackMs);
    const { hosts } = JSON.parse(deployed.stdout) as DeployReport;
    const expected = [1, ...workers].map((n) => [nameOf(n), refuses(n) || hangs(n) ? "failed SAGE_SSH_UNREACHABLE" : "changed"]);
    expect(hosts.map(({ host, state, code }) => [host, code === undefined ? state : `${state} ${code}`])).toEqual(expected);
    for (const { text: why, host, fix } of hosts.filter(({ state }) => state === "failed")) {
      const n = Number(/\d+$/.exec(host)?.[0]);
      expect(why).toMatch(refuses(n) ? /connection was refused/ : /no answer|no way to it|handshake/);
      expect(fix).toMatch(refuses(n) ? /No SSH server listens on port 2222/ : /down|firewall|route|hangs/);
    }
    // The network is whole again: what was missed is done, and nothing else.
    const again = await sage(bed, `sage cluster deploy --config ${path} --json`);
    const second = (JSON.parse(again.stdout) as DeployReport).hosts;
    expect(second.map(({ host, state }) => [host, state])).toEqual([1, ...workers].map((n) => [nameOf(n), refuses(n) ? "failed" : hangs(n) ? "changed" : "same"]));
  });

  test("a worker that cannot be reached is not added: exit code 4, and the configuration as it was", async () => {
    const path = await bed.configure("adding.yaml", `head: { host: "${nameOf(1)}" }\nworkers_ssh_hosts: "${nameOf(2)}:22"\n`);
    const before = await contentOf(path);
    const added = await sage(bed, `sage cluster scale add ${nameOf(3)}:2222 --config ${path}`);
    expect([added.code, added.stdout]).toEqual([4, expect.stringMatching(/connection was refused[^]*the configuration was not changed/)]);
    expect(await contentOf(path)).toBe(before);
  });

  test("scale remove of a host that no file names cleans what this cluster's unfinished scale add left, and nothing of another cluster", async () => {
    const path = await bed.configure("unnamed.yaml", `head: { host: "${nameOf(1)}" }\n`);
    const remove = async () => (await sage(bed, `sage cluster scale remove ${nameOf(5)} --config ${path}`)).code;
    const leave = (mark: string, headAddress: string) => bed.hosts.exec(5, `
mkdir -p /tmp/ray_worker /home/sage/sage/run; echo ${mark} >/tmp/ray_worker/.sage-cluster
printf '%s\n' 99999 1 no-boot abc 1700000000 'ray start --address ${headAddress}:6379 --block' >/home/sage/sage/run/ray-worker; chown -R sage /tmp/ray_worker /home/sage/sage`);
    expect(await remove()).toBe(3);
    for (const [mark, headAddress] of [["another", bed.hosts.host(1).ip], ["default", bed.hosts.host(2).ip]] as const) {
      await leave(mark, headAddress);
      expect(await remove()).toBe(3);
      expect(await bed.hosts.exec(5, "cat /tmp/ray_worker/.sage-cluster; ls /home/sage/sage/run")).toBe(`${mark}\nray-worker\n`);
    }
    await leave("default", bed.hosts.host(1).ip);
    expect(await remove()).toBe(0);
    expect(await bed.hosts.exec(5, "ls -d /tmp/ray_worker /home/sage/sage/run/ray-worker 2>/dev/null || echo nothing")).toBe("nothing\n");
    expect(await remove()).toBe(3);
  });

  test("where no host can be reached, that is the exit code", async () => {
    const path = await bed.configure("nowhere.yaml", `head: { host: "${nameOf(1)}", ssh_port: 2222 }\nworkers_ssh_hosts: "${nameOf(2)}:2222"\n`);
    const ran = await sage(bed, `sage worker status --config ${path}`);
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain("connection was refused");
  });

  test.for([
    ["/", "it is the root folder"], ["/srv", "it lies right below the root folder"], ["/home/sage", "the home folder lies in it"], ["/home", "right below"],
  ])("temp_dir %s is refused before anything is done, with a folder to take instead", async ([dir, why]) => {
    const path = await bed.configure("temp.yaml", `head: { host: "${nameOf(1)}", temp_dir: "${dir}" }\n`);
    const before = await bed.hosts.exec(1, "ls -A / /srv /home/sage");
    const started = await sage(bed, `sage cluster start --config ${path}`);
    expect(started.code).toBe(5);
    expect(started.stdout).toContain(`${dir} cannot be a temp_dir: `);
    expect(started.stdout).toContain(why);
    expect(started.stdout).toContain("/var/tmp/ray");
    expect(started.stdout).not.toContain("sudo");
    const stopped = await sageJson<ClusterReport>(bed, `sage cluster stop --config ${path}`);
    expect(states(stopped)).toEqual([`${nameOf(1)} same`]);
    expect(await bed.hosts.exec(1, "ls -A / /srv /home/sage")).toBe(before);
  });

  test("a temp_dir that is a link is refused, and what it leads to is left alone by start and by stop", async () => {
    await bed.hosts.exec(1, "mkdir -p /home/sage/precious; echo kept >/home/sage/precious/file; ln -sfn /home/sage/precious /tmp/linked; chown -h sage /tmp/linked");
    const path = await bed.configure("link.yaml", `head: { host: "${nameOf(1)}", temp_dir: /tmp/linked }\n`);
    const started = await sage(bed, `sage cluster start --config ${path}`);
    expect(started.code).toBe(5);
    expect(started.stdout).toContain("/tmp/linked is a symbolic link");
    expect((await sage(bed, `sage cluster stop --config ${path}`)).code).toBe(0);
    // Not even a mark in it makes the link's target Sage's.
    await bed.hosts.exec(1, "echo default >/home/sage/precious/.sage-cluster; chown -R sage /home/sage/precious");
    expect((await sage(bed, `sage cluster stop --config ${path}`)).code).toBe(0);
    expect(await bed.hosts.exec(1, "cat /home/sage/precious/file; test -L /tmp/linked && echo link")).toBe("kept\nlink\n");
  });

  test("stop touches no folder without its mark, no folder of another cluster, no foreign process and no foreign Ray", async () => {
    await bed.hosts.exec(1, `
mkdir -p /tmp/ray_head /tmp/ray; echo foreign >/tmp/ray_head/file; echo foreign >/tmp/ray/file; chown -R sage /tmp/ray_head
su sage -c 'cp /bin/sleep /tmp/raylet; cp /bin/sleep /tmp/gcs_server; setsid /tmp/raylet 600 >/dev/null 2>&1 & setsid /tmp/gcs_server 600 >/dev/null 2>&1 &'
until [ $(pgrep -c -x "raylet|gcs_server") = 2 ]; do sleep 0.1; done`);
    expect(states(await sageJson(bed, "sage cluster stop"))).toEqual([1, 2, 3].map((n) => `${nameOf(n)} same`));
    await bed.hosts.exec(1, "echo another >/tmp/ray_head/.sage-cluster; chown sage /tmp/ray_head/.sage-cluster");
    expect(states(await sageJson(bed, "sage cluster stop"))).toEqual([1, 2, 3].map((n) => `${nameOf(n)} same`));
    expect(await bed.hosts.exec(1, "cat /tmp/ray_head/file /tmp/ray/file; pgrep -c -x 'raylet|gcs_server'")).toBe("foreign\nforeign\n2\n");
    const started = await sage(bed, "sage head start");
    expect(started.code).toBe(5);
    expect(started.stdout).toContain("/tmp/ray_head belongs to the cluster another");
    await bed.hosts.exec(1, "pkill -x 'raylet|gcs_server'; rm -rf /tmp/ray_head /tmp/ray /tmp/raylet /tmp/gcs_server");
  });

  test("a folder that may not be written, and a full disk, are named with what to do", async () => {
    const path = await bed.configure("folders.yaml", `head: { host: "${nameOf(1)}", log_dir: /etc/sage/logs }\nworkers_ssh_hosts: [{ host: "${nameOf(2)}", sage_home: /mnt/small }]\n`);
    await bed.hosts.exec(2, "mkdir -p /mnt/small; mount -t tmpfs -o size=2m,mode=777 tmpfs /mnt/small");
    const ran = await sage(bed, `sage cluster deploy --config ${path}`);
    expect(ran.code).toBe(5);
    expect(ran.stdout).toMatch(/sage may not write \/etc\/sage\/logs[\s\S]*install -d -o sage/);
    expect(ran.stdout).toMatch(/\/mnt\/small has \d MiB free, 64 MiB are needed[\s\S]*Make room/);
    const doctor = await sage(bed, `sage doctor --config ${path}`);
    expect(doctor.stdout).toMatch(/failed +fault-1 +folder.*\/etc\/sage\/logs/);
    expect(doctor.stdout).toMatch(/failed +fault-2 +disk.*\/mnt\/small/);
  });

  test("a disk that fills up while files arrive fails that host alone, and a deploy after room was made sends the rest", async () => {
    const path = await bed.configure("filling.yaml", `head: { host: "${nameOf(1)}" }\nworkers_ssh_hosts: [{ host: "${nameOf(3)}", sage_home: /mnt/filling }]\n`);
    await bed.hosts.exec(3, "mkdir -p /mnt/filling; mount -t tmpfs -o size=80m,mode=777 tmpfs /mnt/filling");
    const big = join(bed.project, "big");
    await mkdir(big);
    for (let i = 0; i < 30; i++) await writeFile(join(big, `part${i}`), randomBytes(4 * 1024 * 1024));
    const full = await sage(bed, `sage cluster deploy --config ${path} --json`);
    expect(full.code).toBe(5);
    const { hosts } = JSON.parse(full.stdout) as DeployReport;
    expect(hosts.map(({ state, code }) => [state, code])).toEqual([["changed", undefined], ["failed", "SAGE_NO_SPACE"]]);
    await bed.hosts.exec(3, "mount -o remount,size=600m /mnt/filling");
    expect(states(await sageJson(bed, `sage cluster deploy --config ${path}`))).toEqual([`${nameOf(1)} same`, `${nameOf(3)} changed`]);
    await rm(big, { recursive: true });
    await bed.hosts.exec(3, "umount /mnt/filling");
  });

  test("a host that is cut while files arrive is named, the others are done; after the cut the same command does what is left", async () => {
    const part = join(bed.project, "large");
    await writeFile(part, randomBytes(96 * 1024 * 1024));
    await bed.hosts.slow(2, 60);
    const deploying = spawnSage(bed, "sage cluster deploy --json", "pipe");
    let out = "";
    deploying.stdout!.setEncoding("utf8").on("data", (text: string) => { out += text; });
    await bed.hosts.exec(2, "until ls /home/sage/sage/app/blobs/*.part* >/dev/null 2>&1; do sleep 0.01; done");
    await bed.hosts.cut(2);
    const [code] = (await once(deploying, "close")) as [number];
    await bed.hosts.heal(2);
    await bed.hosts.slow(2, 0);
    expect(code).toBe(5);
    const { hosts } = JSON.parse(out) as DeployReport;
    expect(hosts.map(({ state, code: why }) => [state, why])).toEqual([["changed", undefined], ["failed", "SAGE_SSH_LOST"], ["changed", undefined]]);
    expect(hosts[1]!.fix).toContain("Run the command again");
    expect(states(await sageJson(bed, "sage cluster deploy"))).toEqual([`${nameOf(1)} same`, `${nameOf(2)} changed`, `${nameOf(3)} same`]);
    expect(await bed.hosts.exec(2, "cmp /home/sage/sage/app/current/large - </dev/null 2>&1 | head -c 3; ls /home/sage/sage/app/incoming 2>/dev/null | wc -l")).toContain("0\n");
    await rm(part);
  });

  test("a deploy that is killed at any of its steps is completed by the next one, which then finds everything there", async () => {
    const path = await bed.configure("killed.yaml", `head: { host: "${nameOf(7)}" }\nworkers_ssh_hosts: "${nameOf(8)}"\n`);
    const line = `sage cluster deploy --config ${path}`;
    for (const n of [7, 8]) await bed.hosts.exec(n, "rm -rf /home/sage/sage; rm -f /usr/bin/node /usr/local/bin/node");
    let kills = 0;
    for (let isDone = false; !isDone; kills++) { // at its first line, at its second, … until it is quicker than we are
      const deploying = spawnSage(bed, line);
      let lines = 0;
      deploying.stderr!.setEncoding("utf8").on("data", (text: string) => {
        lines += text.split("\n").length - 1;
        if (lines > kills) deploying.kill("SIGKILL");
      });
      isDone = ((await once(deploying, "close")) as [number | null])[0] === 0;
      if (!isDone) for (const n of [7, 8]) await bed.hosts.exec(n, "cd /home/sage/sage/app 2>/dev/null || exit 0; [ ! -e current ] || [ -f current/pipeline.ts ]"); // never half a release
    }
    expect(kills).toBeGreaterThan(2);
    expect(states(await sageJson(bed, line))).toEqual([7, 8].map((n) => `${nameOf(n)} same`));
    for (const n of [7, 8]) expect(await bed.hosts.exec(n, "cat /home/sage/sage/app/current/pipeline.ts; ls /home/sage/sage/app/incoming 2>/dev/null; ls /home/sage/sage/runtimes/*/bin/node | wc -l")).toBe("export const answer = 42;\n1\n");
  });

  test("a deploy, its next, and a rollback: the former release is current again on every host", async () => {
    const first = await sageJson<DeployReport>(bed, "sage cluster deploy");
    await writeFile(join(bed.project, "pipeline.ts"), "export const answer = 43;\n");
    const second = await sageJson<DeployReport>(bed, "sage cluster deploy");
    expect(second.release).not.toBe(first.release);
    const back = await sageJson<ClusterReport>(bed, "sage cluster rollback");
    expect(back.hosts.map(({ text }) => text)).toEqual([1, 2, 3].map(() => `switched from ${second.release.slice(0, 8)} to ${first.release.slice(0, 8)}`));
    for (const n of [1, 2, 3]) expect(await bed.hosts.exec(n, "cat /home/sage/sage/app/current/pipeline.ts")).toContain("42");
  });

  test("a Ray in a conda environment is found by the environment's name", async () => {
    await bed.hosts.exec(3, `su sage -c 'mkdir -p ~/miniconda3/envs; ln -sfn ${dirname(dirname(bed.python))} ~/miniconda3/envs/flow'`);
    const path = await bed.configure("conda.yaml", `head: { host: "${nameOf(3)}", conda_env: flow }\n`, "");
    expect((await sage(bed, `sage doctor --config ${path}`)).stdout).toContain("Ray 2.60.0 at /home/sage/miniconda3/envs/flow/bin/ray");
  });

  test("a host with neither Ray nor Node, behind a jump host, gets both: Ray by pip into Sage's own venv", async () => {
    // A wheel that is called ray: the hosts reach no package index, and the real one is 70 MB.
    await bed.hosts.exec(4, `
rm -f /usr/bin/node /usr/local/bin/node
mkdir -p /home/sage/wheels /home/sage/.config/pip
cat >/tmp/wheel.py <<'END'
import zipfile
with zipfile.ZipFile("/home/sage/wheels/ray-2.60.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("ray/__init__.py", "def main(): print('ray, version 2.60.0')\\n")
    wheel.writestr("ray-2.60.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: ray\\nVersion: 2.60.0\\nProvides-Extra: default\\n")
    wheel.writestr("ray-2.60.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("ray-2.60.0.dist-info/entry_points.txt", "[console_scripts]\\nray = ray:main\\n")
    wheel.writestr("ray-2.60.0.dist-info/RECORD", "")
END
python3 /tmp/wheel.py
printf '[global]\nno-index = true\nfind-links = /home/sage/wheels\n' >/home/sage/.config/pip/pip.conf
chown -R sage /home/sage/wheels /home/sage/.config`);
    const path = await bed.configure("nothing.yaml", `head: { host: "${nameOf(4)}", jump_host: "${nameOf(3)}:22" }\n`, "");
    const { hosts } = await sageJson<DeployReport>(bed, `sage cluster deploy --config ${path}`);
    expect(hosts.map(({ state, text }) => `${state}: ${text}`)).toEqual([expect.stringMatching(/^changed: .*send a Node binary, install Ray 2.60.0 into \/home\/sage\/sage\/ray-2.60.0/)]);
    expect(await bed.hosts.exec(4, "/home/sage/sage/ray-2.60.0/bin/ray; /home/sage/sage/runtimes/*/bin/node --version")).toBe(`ray, version 2.60.0\n${process.version}\n`);
    expect(states(await sageJson(bed, `sage cluster deploy --config ${path}`))).toEqual([`${nameOf(4)} same`]);
  });

  test("doctor names a firewall between two hosts, an open dashboard, leftovers, a key that others may read, and a Ray of another version", async () => {
    const key = join(bed.env["SAGE_HOME"]!, "open-key");
    await copyFile(bed.hosts.facts.keyLogin.privateKey, key);
    await chmod(key, 0o644);
    const path = await bed.configure("ill.yaml", `
head: { host: "${nameOf(1)}", dashboard_host: 0.0.0.0, temp_dir: /tmp/left }
ray: { auth: off }
workers_ssh_hosts: [{ host: "${nameOf(2)}" }, { host: "${nameOf(3)}" }, { host: "${nameOf(5)}", key_path: "${key}" }, { host: "${nameOf(6)}", ray_command: /home/sage/no/ray }]
`);
    await bed.hosts.exec(1, "mkdir -p /tmp/left; echo default >/tmp/left/.sage-cluster; chown -R sage /tmp/left");
    await bed.hosts.call("cut", nameOf(2), nameOf(3));
    const doctor = await sage(bed, `sage doctor --config ${path}`);
    await bed.hosts.call("heal", nameOf(2), nameOf(3));
    expect(doctor.code).toBe(5);
    for (const line of [
      new RegExp(`failed +${nameOf(2)} +network +${nameOf(2)} gets no answer from ${nameOf(3)} at port \\d+`), new RegExp(`failed +${nameOf(1)} +dashboard.*asks nobody for a password`),
      new RegExp(`warning +${nameOf(1)} +leftovers +/tmp/left is left`), new RegExp(`failed +${nameOf(5)} +key.*can be read by others`), new RegExp(`failed +${nameOf(6)} +ray +ray_command /home/sage/no/ray is not there`),
      new RegExp(`warning +${nameOf(1)} +daemon +no JobManager runs`), new RegExp(`warning +${nameOf(1)} +ports.*ask nobody for a token`),
    ]) expect(doctor.stdout).toMatch(line);
    // Each with its fix, which names the file that was asked about.
    expect(doctor.stdout).toContain(`sage head stop --config ${path}`);
    expect(doctor.stdout).toContain(`chmod 600 ${key}`);
    const started = await sage(bed, `sage head start --config ${path}`);
    expect(started.stdout).toContain("Ray's dashboard would run programs for everyone who reaches 0.0.0.0:8265: ray.auth is off");
    await bed.hosts.exec(1, "rm -rf /tmp/left");
  });

  test("doctor names a clock that is off, another Python behind Ray, a port in use and by whom, a changed host key, a refused login, an SSH that is not there, and a Ray that is another", async () => {
    const [head, late, python, changed, stranger, refuses, ray] = [9, 10, 11, 12, 13, 15, 16];
    await bed.hosts.exec(late, "mv /usr/bin/date /usr/bin/date.real; printf '#!/bin/sh\\nexec /usr/bin/date.real -d \"+90 seconds\" \"$@\"\\n' >/usr/bin/date; chmod 755 /usr/bin/date");
    // A Python that says that it is another one, and a Ray of another version, each behind a command called ray.
    for (const [n, version, rayVersion] of [[python, "3.9.1", "2.60.0"], [ray, "3.11.2", "2.44.1"]] as const) {
      await bed.hosts.exec(n, `mkdir -p /opt/other; printf '#!/bin/sh\\necho "${version}\\t/opt/other/python\\t${rayVersion}"\\n' >/opt/other/python; printf '#!/opt/other/python\\n' >/opt/other/ray; chmod 755 /opt/other/*`);
    }
    await bed.hosts.exec(head, "setsid su sage -c 'python3 -m http.server 6379' >/dev/null 2>&1 & until ss -Hltn | grep -q :6379; do sleep 0.1; done");
    await bed.hosts.exec(changed, "rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key; pkill -o -x sshd; until ss -Hltn | grep -q ':22 '; do sleep 0.1; done");
    const path = await bed.configure("guides.yaml", `
head: { host: "${nameOf(head)}" }
workers_ssh_hosts: ["${nameOf(late)}", { host: "${nameOf(python)}", ray_command: /opt/other/ray }, "${nameOf(changed)}", { host: "${nameOf(stranger)}", user: nobody-here }, "${nameOf(refuses)}:2222", { host: "${nameOf(ray)}", ray_command: /opt/other/ray }]
`);
    const doctor = await sage(bed, `sage doctor --config ${path}`);
    expect(doctor.code).toBe(5);
    const fixes: Record<string, readonly [RegExp, RegExp]> = {
      [`warning +${nameOf(late)} +clock`]: [/its clock is \d+\.\d s ahead/, /time service/],
      [`failed +${nameOf(python)} +python`]: [/its Ray runs on Python 3\.9\.1, the head's on 3\.\d+\.\d+/, /python_path/],
      [`failed +${nameOf(head)} +port`]: [/6379.*python3/, /./],
      [`failed +${nameOf(changed)} +ssh`]: [/the key of .* has changed/, /Somebody may be listening.*ssh-keygen -R/],
      [`failed +${nameOf(stranger)} +ssh`]: [/refused every login/, /ssh-copy-id/],
      [`failed +${nameOf(refuses)} +ssh`]: [/connection was refused/, /No SSH server listens on port 2222/],
      [`(warning|failed) +${nameOf(ray)} +ray`]: [/2\.44\.1/, /./],
    };
    for (const [finding, [what, fix]] of Object.entries(fixes)) {
      const found = new RegExp(`${finding}[^\n]*\n?[^\n]*`).exec(doctor.stdout)?.[0] ?? `no finding ${finding} in\n${doctor.stdout}`;
      expect(found).toMatch(what);
      expect(found).toMatch(fix);
    }
    await bed.hosts.exec(head, "kill $(ss -Hltnp | sed -n 's/.*:6379 .*pid=\\([0-9]*\\).*/\\1/p')");
  });

  test("doctor names a JobManager whose process runs and does not answer", async () => {
    const path = await bed.configure("silent.yaml", `head: { host: "${nameOf(9)}" }\n`);
    expect((await sage(bed, `sage deploy start --daemon-only --config ${path}`)).code).toBe(0);
    await bed.hosts.exec(9, "pkill -STOP -f '[d]aemon.mjs'");
    const doctor = await sage(bed, `sage doctor --config ${path}`);
    await bed.hosts.exec(9, "pkill -CONT -f '[d]aemon.mjs'");
    expect(doctor.stdout).toMatch(/failed +\S+ +daemon +the JobManager's process runs, but it does not answer at port 19001\n +next: .*sage jobmanager restart .*--remote/);
    expect((await sage(bed, `sage deploy stop --daemon-only --config ${path}`)).code).toBe(0);
  });

  test("a secret is nowhere: not in output, debug log, records, logs and command lines of the hosts, nor in files here", async () => {
    const canary = "cAnArY-7f3d9a";
    const { passwordLogin } = bed.hosts.facts;
    await bed.hosts.exec(1, `echo '${passwordLogin.user}:${canary}' | chpasswd`);
    const path = await bed.configure("secret.yaml", `
head: { host: "${nameOf(1)}", user: "${passwordLogin.user}", password: { env: CANARY }, sage_home: "/home/${passwordLogin.user}/sage", proxy: { http_proxy: "http://me:${canary}@proxy:3128" } }
checkpoints: { store: "s3://bucket/sage", endpoint: "http://127.0.0.1:9" }
`);
    await bed.hosts.exec(1, `mkdir -p /home/${passwordLogin.user}/sage; chown ${passwordLogin.user} /home/${passwordLogin.user}/sage`);
    const outputs: string[] = [];
    for (const words of ["cluster info --json", "cluster status", "cluster deploy", "cluster start --dry-run", "deploy start --daemon-only", "cluster status", "jobmanager status", "doctor", "deploy stop --daemon-only", "config show --json"]) {
      const ran = await sage(bed, `sage ${words}${words.startsWith("config") || words.startsWith("jobmanager status") ? "" : ` --config ${path}`}`, { CANARY: canary, AWS_ACCESS_KEY_ID: "id7", AWS_SECRET_ACCESS_KEY: canary, SAGE_CONFIG: path, SAGE_DEBUG: "1" });
      outputs.push(`${words}:\n${ran.stdout}${ran.stderr}`);
      outputs.push(await bed.hosts.exec(1, `for dir in /proc/[0-9]*; do tr '\\0' ' ' <$dir/cmdline 2>/dev/null; echo; done | grep -v ' grep '`));
    }
    expect(outputs.join("\n")).toContain("the JobManager listens");
    expect(outputs.join("\n")).toMatch(/SAGE_CHECKPOINTS_STORE=s3:\/\/bucket\/sage .*AWS_SHARED_CREDENTIALS_FILE=/);
    expect(await bed.hosts.exec(1, `stat -c '%a %U' /home/${passwordLogin.user}/.sage/s3-credentials; cat /home/${passwordLogin.user}/.sage/s3-credentials`)).toContain(`600 ${passwordLogin.user}\n[default]\naws_access_key_id = id7\naws_secret_access_key = ${canary}`);
    const nokube = await bed.configure("nokube.yaml", "", "");
    await writeFile(nokube, `nodes:\n  - { ssh_url: "${nameOf(1)}:22", name: prod, role: head, users: [{ userid: nobody, password: "wrong-${canary}" }, { userid: "${passwordLogin.user}", password: "${canary}" }] }\n`);
    for (const words of ["ray status", "ray start --dry-run"]) {
      const ran = await sage(bed, `sage ${words} --config ${nokube}`, { NOKUBE_DEBUG: "1", SAGE_SSH_KNOWN_HOSTS: bed.hosts.facts.knownHosts });
      expect(ran.stderr).toMatch(/debug: .*"host":"prod".*"command":".*"stdout":/);
      outputs.push(ran.stdout, ran.stderr);
    }
    expect((await sage(bed, `sage ray status --config ${nokube}`, { SAGE_SSH_KNOWN_HOSTS: bed.hosts.facts.knownHosts })).stderr).not.toContain("debug:");
    await rm(nokube);
    outputs.push(await bed.hosts.exec(1, `cat /home/${passwordLogin.user}/sage/run/* /home/${passwordLogin.user}/.sage/logs/jobmanager/* /tmp/sage_head_logs/* /var/log/auth.log 2>/dev/null; echo`));
    const lines = outputs.join("\n").split("\n").filter((line) => line.includes(canary));
    expect(lines).toEqual([]);
    await rm(path); // the only file that may hold it
    expect(await textsBelow(bed.env["SAGE_HOME"]!)).not.toContain(canary);
  });

  test("cluster trust shows the keys of hosts that were never seen; --dry-run writes nothing, --yes does, and then they are known", async () => {
    const knownHosts = join(bed.env["SAGE_HOME"]!, "empty_known_hosts");
    const env = { SAGE_SSH_KNOWN_HOSTS: knownHosts };
    const unknown = await sage(bed, "sage worker status", env);
    expect(unknown.stdout).toMatch(/is not known[^]*sage cluster trust/);
    const { fingerprint } = bed.hosts.host(2);
    const planned = await sage(bed, `sage cluster trust ${nameOf(2)} --dry-run`, env);
    expect([planned.code, planned.stdout]).toEqual([0, `${nameOf(2)}  ${fingerprint}  would be asked about, and written down\n`]);
    expect(existsSync(knownHosts)).toBe(false);
    expect((await sage(bed, `sage cluster trust ${nameOf(2)}`, env)).code).toBe(2); // nobody is there to say yes
    expect(existsSync(knownHosts)).toBe(false);
    expect((await sage(bed, `sage cluster trust ${nameOf(2)} --yes`, env)).stdout).toContain("is trusted now");
    expect((await sage(bed, `sage cluster trust ${nameOf(2)} --dry-run`, env)).stdout).toContain(`${fingerprint}  was known`);
  });

  test("status of a worker whose login is refused names what was tried, and does not try it again and again", async () => {
    const path = await bed.configure("login.yaml", `head: { host: "${nameOf(1)}" }\nworkers_ssh_hosts: [{ host: "${nameOf(2)}", user: nobody-here }]\n`);
    const status = await sageJson<ClusterStatus>(bed, `sage worker status --config ${path}`);
    expect(status.hosts[0]).toMatchObject({ ssh: "failed", code: "SAGE_SSH_LOGIN_REFUSED", fix: expect.stringContaining("ssh-copy-id") as unknown });
    expect(told(status.hosts[0]!.why!)).toContain("host 2:22 refused every login: nobody-here: key");
  });
});
